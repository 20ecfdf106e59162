import { ApiError, required } from './api-error.ts';
import { type JsonRecord, textAt } from './json.ts';
import { statementKindOf, statementTypeOf } from './statement-type.ts';

/** What may not stand beside each kind of statement, in the order in which it is found. */
const FORBIDDEN = {
  SELECT: [],
  // EXPORT DATA, ASSERT and their like give no rows. Google's text for these is not known.
  OTHER: ['destinationTable', 'createDisposition', 'writeDisposition'],
  DDL: ['destinationTable', 'createDisposition', 'writeDisposition'],
  DML: ['createDisposition', 'writeDisposition', 'destinationTable'],
  SCRIPT: [
    'destinationTable',
    'createDisposition',
    'writeDisposition',
    'clustering',
    'timePartitioning',
    'rangePartitioning',
    'schemaUpdateOptions',
    'userDefinedFunctionResources',
    'destinationEncryptionConfiguration',
  ],
} as const;

const WORDS: ReadonlyMap<string, string> = new Map([
  ['destinationTable', 'destination table'],
  ['createDisposition', 'create disposition'],
  ['writeDisposition', 'write disposition'],
]);

/** What BigQuery refuses of a query by its statement type alone. */
export function checkQuery(query: JsonRecord): void {
  const text = textAt(query, 'query');
  if (text === undefined || text.trim() === '') throw required('query');
  const statementType = statementTypeOf(text);
  // A procedure's statements are children, as a script's are.
  const kind = statementType === 'CALL' ? 'SCRIPT' : statementKindOf(statementType);
  const found = FORBIDDEN[kind].find((field) => query[field] !== undefined);
  if (found === undefined) return;
  const word = WORDS.get(found) ?? found;
  const jobs =
    kind === 'SCRIPT'
      ? 'jobs with scripts'
      : `jobs with ${kind === 'OTHER' ? statementType.replace('_', ' ') : kind} statements`;
  throw new ApiError({ code: 400, reason: 'invalidQuery', message: `Cannot set ${word} in ${jobs}` });
}
