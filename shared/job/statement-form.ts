import { commentEnd, literalEnd } from './sql-lexis.ts';

/**
 * What the text of one statement tells of repeating it, and BigQuery's word for its type does not. Flags only:
 * nothing of the text itself leaves.
 */
export interface StatementForm {
  /** One query and nothing else: it writes nothing but its result. */
  readonly plainSelect: boolean;
  /** `CREATE OR REPLACE …` or `CREATE … IF NOT EXISTS`: done twice, it is as if it was done once. */
  readonly guardedCreate: boolean;
  /**
   * `MERGE …`, and not `ON FALSE` without deleting all by source, which inserts whatever it reads, each time. What does
   * not begin with that word, as behind a hint or a `;`, is not known to be one.
   */
  readonly repeatableMerge: boolean;
}

/** Comments, literals and quoted names are passed over, so that what stands in them decides nothing. */
export function statementForm(sql: string): StatementForm {
  const tokens = [...tokensOf(sql)];
  const end = tokens.indexOf(';');
  const statement = end === -1 ? tokens : tokens.slice(0, end);
  const single = tokens.slice(statement.length).every((token) => token === ';');
  return {
    plainSelect: single && isPlainSelect(statement),
    guardedCreate: single && isGuardedCreate(statement),
    repeatableMerge: single && isRepeatableMerge(statement),
  };
}

/** No other statement begins with these words [doc: reference/standard-sql/query-syntax.md]. */
const QUERY_WORDS: readonly (string | undefined)[] = ['SELECT', 'WITH', 'FROM'];

/** After a pipe (`|>`) stands more than can be told from the first word. */
function isPlainSelect(tokens: readonly string[]): boolean {
  const first = tokens.find((token) => token !== '(');
  return QUERY_WORDS.includes(first) && !isInRow(tokens, ['|', '>']);
}

/** What stands between CREATE and IF NOT EXISTS [doc: reference/standard-sql/data-definition-language.md]. */
const OBJECT_WORDS: ReadonlySet<string> = new Set(
  `TEMP TEMPORARY AGGREGATE EXTERNAL SNAPSHOT MATERIALIZED TABLE VIEW FUNCTION PROCEDURE MODEL SCHEMA ROW ACCESS
   POLICY SEARCH VECTOR INDEX CONNECTION DATA_POLICY CAPACITY RESERVATION ASSIGNMENT PROPERTY GRAPH`.split(
    /\s+/,
  ),
);

function isGuardedCreate([first, ...rest]: readonly string[]): boolean {
  if (first !== 'CREATE') return false;
  if (startsWith(rest, ['OR', 'REPLACE'])) return true;
  const after = rest.findIndex((token) => !OBJECT_WORDS.has(token));
  return startsWith(rest.slice(Math.max(after, 0)), ['IF', 'NOT', 'EXISTS']);
}

function isRepeatableMerge(tokens: readonly string[]): boolean {
  if (tokens[0] !== 'MERGE') return false;
  const bare = tokens.filter((token) => token !== '(');
  return !isInRow(bare, ['ON', 'FALSE']) || deletesBySource(clausesOf(tokens));
}

const BY_SOURCE = ['NOT', 'MATCHED', 'BY', 'SOURCE'];

/**
 * Whether nothing is left of what an earlier run inserted. A row is given to the first clause whose condition it
 * meets, so that one before a DELETE of all may keep it [doc: reference/standard-sql/dml-syntax.md, MERGE].
 */
function deletesBySource(clauses: readonly (readonly string[])[]): boolean {
  const first = clauses.find((clause) => startsWith(clause, BY_SOURCE)) ?? [];
  return startsWith(first.slice(BY_SOURCE.length), ['THEN', 'DELETE']);
}

/**
 * What follows each WHEN. Words in parentheses belong to expressions, where `source` may be a column; so do those after
 * the WHEN of a CASE, which begin no clause of a MERGE.
 */
function clausesOf(tokens: readonly string[]): readonly (readonly string[])[] {
  const clauses: string[][] = [];
  let depth = 0;
  for (const token of tokens) {
    if (token === ')') depth -= 1;
    if (depth === 0 && token === 'WHEN') clauses.push([]);
    else if (depth === 0) clauses.at(-1)?.push(token);
    if (token === '(') depth += 1;
  }
  return clauses;
}

function startsWith(tokens: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((word, index) => tokens[index] === word);
}

function isInRow(tokens: readonly string[], wanted: readonly string[]): boolean {
  return tokens.some((_, at) => wanted.every((word, index) => tokens[at + index] === word));
}

const LITERAL = "'";
const WORD = /[A-Za-z_]\w*/y;

/** Words in capitals, other characters one by one, and a `'` for a literal or a quoted name. */
function* tokensOf(sql: string): Generator<string> {
  let at = 0;
  while (at < sql.length) {
    const comment = commentEnd(sql, at);
    if (comment !== undefined) {
      at = comment;
      continue;
    }
    const literal = literalEnd(sql, at);
    if (literal !== undefined) {
      yield LITERAL;
      at = literal;
      continue;
    }
    WORD.lastIndex = at;
    const token = WORD.exec(sql)?.[0] ?? sql.charAt(at);
    if (token.trim() !== '') yield token.toUpperCase();
    at += token.length;
  }
}
