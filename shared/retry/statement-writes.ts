import type { StatementForm } from '../job/statement-form.ts';
import type { Objection } from './objection.ts';

/** What becomes of a statement that is run twice. */
type Effect = 'none' | 'create' | 'merge' | 'append' | 'dml' | 'ddl' | 'script' | 'export' | 'transaction';

/**
 * BigQuery's words [D26: JobStatistics2.statementType]; a word that is not here is not run again. The first that fits
 * counts: to say anew who may see rows, or what capacity is paid for, undoes what others have said since.
 */
const EFFECTS: readonly (readonly [Effect, RegExp])[] = [
  ['none', /^(?:SELECT|ASSERT)$/],
  ['merge', /^MERGE$/],
  ['append', /^(?:INSERT|LOAD_DATA)$/],
  ['dml', /^(?:UPDATE|DELETE|TRUNCATE_TABLE)$/],
  ['ddl', /^CREATE_(?:ROW_ACCESS_POLICY|DATA_POLICY|CAPACITY|RESERVATION|ASSIGNMENT)$/],
  ['create', /^CREATE_[A-Z_]+$/],
  ['ddl', /^(?:DROP|UNDROP|ALTER|GRANT|REVOKE)_[A-Z_]+$/],
  ['script', /^(?:SCRIPT|CALL)$/],
  ['export', /^EXPORT_[A-Z_]+$/],
  ['transaction', /^(?:BEGIN|COMMIT|ROLLBACK)_TRANSACTION$/],
];

/** One for each effect but none; those that an owner may allow by `allowRepeatedWrites` say so. */
const OBJECTIONS: Readonly<Record<Exclude<Effect, 'none'>, Objection>> = {
  // "CREATE TABLE" fails when the table is there, and whether it is there is not known.
  create: {
    why: 'unguarded-create',
    sentence:
      'it creates something without OR REPLACE or IF NOT EXISTS, and would fail if that is there by now; write one of the two',
  },
  // A MERGE that matches rows changes nothing the second time; one that matches none inserts them again.
  merge: {
    why: 'append',
    sentence:
      'its MERGE is ON FALSE and inserts whatever it reads, or does not begin with that word, so that rows could be there twice',
    allowable: true,
  },
  append: { why: 'append', sentence: 'it appends, so that rows could be there twice', allowable: true },
  // What others wrote after the failure would be changed too.
  dml: {
    why: 'dml',
    sentence: 'it changes rows, and may do more when it is run later',
    allowable: true,
  },
  ddl: {
    why: 'ddl',
    sentence:
      'it changes what there is, who may use it or what is paid for, and may undo what was done since',
    allowable: true,
  },
  // Each statement commits by itself [doc: multi-statement-queries.md; data-manipulation-language.md].
  script: {
    why: 'script',
    sentence: 'it is a script or calls a procedure: what it did before it failed stays done',
    allowable: true,
  },
  // Nothing is documented of what an export that failed leaves behind.
  export: {
    why: 'export',
    sentence: 'it writes files, and what it wrote before it failed may still be there',
    allowable: true,
  },
  transaction: { why: 'transaction', sentence: 'it is a part of a transaction, which has ended' },
};

/**
 * What speaks against running a statement again.
 *
 * @param type BigQuery's word; undefined where a job failed before BigQuery knew: then only a text that cannot be
 *   anything but a query is run again
 */
export function statementObjection(type: string | undefined, form: StatementForm): Objection | undefined {
  if (type === undefined && form.plainSelect) return undefined;
  const effect = EFFECTS.find(([, words]) => type !== undefined && words.test(type))?.[0];
  if (effect === undefined) {
    const sentence = 'nothing tells what kind of statement it is, and it may write';
    return { why: 'statement-type-unknown', sentence };
  }
  if (effect === 'none') return undefined;
  if (effect === 'create' && form.guardedCreate) return undefined;
  if (effect === 'merge' && form.repeatableMerge) return undefined;
  return OBJECTIONS[effect];
}

/** Whether the statement writes nothing but its result. */
export function isQuery(type: string | undefined): boolean {
  return type === undefined || type === 'SELECT';
}
