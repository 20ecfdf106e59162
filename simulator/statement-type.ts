/**
 * Guesses `statistics.query.statementType` from a query's first words. It is no parser: a statement that hides
 * behind a construct that is not listed here comes out as SELECT. Names as in
 * [doc: information-schema-jobs.md, statement_type].
 */
export function statementTypeOf(query: string): string {
  const text = withoutCommentsAndLiterals(query).trim();
  const statements = text
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
  const [first] = statements;
  if (first === undefined) return 'SELECT';
  if (statements.length > 1 || SCRIPT_OPENING.test(first)) return 'SCRIPT';
  return STATEMENTS.find(([pattern]) => pattern.test(first))?.[1] ?? 'SELECT';
}

const SCRIPT_OPENING =
  /^(DECLARE|BEGIN(?!\s+TRANSACTION)|IF|LOOP|WHILE|REPEAT|FOR|SET|EXECUTE\s+IMMEDIATE)\b/i;

/** In this order; the first that fits is it. */
const STATEMENTS: readonly (readonly [RegExp, string])[] = [
  [/^INSERT\b/i, 'INSERT'],
  [/^UPDATE\b/i, 'UPDATE'],
  [/^DELETE\b/i, 'DELETE'],
  [/^MERGE\b/i, 'MERGE'],
  [/^TRUNCATE\b/i, 'TRUNCATE_TABLE'],
  [/^CALL\b/i, 'CALL'],
  [/^EXPORT\s+DATA\b/i, 'EXPORT_DATA'],
  [/^LOAD\s+DATA\b/i, 'LOAD_DATA'],
  [/^ASSERT\b/i, 'ASSERT'],
  [/^BEGIN\s+TRANSACTION\b/i, 'BEGIN_TRANSACTION'],
  [/^COMMIT\b/i, 'COMMIT_TRANSACTION'],
  [/^ROLLBACK\b/i, 'ROLLBACK_TRANSACTION'],
  [
    /^CREATE\s+(OR\s+REPLACE\s+)?(TEMP(ORARY)?\s+)?TABLE\b.*\bAS\s*\(?\s*(SELECT|WITH)\b/is,
    'CREATE_TABLE_AS_SELECT',
  ],
  [/^CREATE\s+(OR\s+REPLACE\s+)?(TEMP(ORARY)?\s+)?TABLE\b/i, 'CREATE_TABLE'],
  [/^CREATE\s+(OR\s+REPLACE\s+)?EXTERNAL\s+TABLE\b/i, 'CREATE_EXTERNAL_TABLE'],
  [/^CREATE\s+(OR\s+REPLACE\s+)?MATERIALIZED\s+VIEW\b/i, 'CREATE_MATERIALIZED_VIEW'],
  [/^CREATE\s+(OR\s+REPLACE\s+)?VIEW\b/i, 'CREATE_VIEW'],
  [/^CREATE\s+(OR\s+REPLACE\s+)?MODEL\b/i, 'CREATE_MODEL'],
  [/^CREATE\s+(OR\s+REPLACE\s+)?(TEMP(ORARY)?\s+)?(TABLE\s+)?FUNCTION\b/i, 'CREATE_FUNCTION'],
  [/^CREATE\s+(OR\s+REPLACE\s+)?PROCEDURE\b/i, 'CREATE_PROCEDURE'],
  [/^CREATE\s+SCHEMA\b/i, 'CREATE_SCHEMA'],
  [/^DROP\s+(EXTERNAL\s+)?TABLE\b/i, 'DROP_TABLE'],
  [/^DROP\s+VIEW\b/i, 'DROP_VIEW'],
  [/^DROP\s+SCHEMA\b/i, 'DROP_SCHEMA'],
  [/^ALTER\s+TABLE\b/i, 'ALTER_TABLE'],
  [/^ALTER\s+VIEW\b/i, 'ALTER_VIEW'],
];

const DML = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'TRUNCATE_TABLE']);

export type StatementKind = 'SELECT' | 'DML' | 'DDL' | 'SCRIPT' | 'OTHER';

/** The kinds that `jobs.insert` treats differently. */
export function statementKindOf(statementType: string): StatementKind {
  if (statementType === 'SELECT') return 'SELECT';
  if (statementType === 'SCRIPT') return 'SCRIPT';
  if (DML.has(statementType)) return 'DML';
  return /^(CREATE|DROP|ALTER)_/.test(statementType) ? 'DDL' : 'OTHER';
}

/** The statements of a script, as far as semicolons tell them; blocks are not looked into. */
export function statementsOf(script: string): string[] {
  const blank = withoutCommentsAndLiterals(script);
  const statements: string[] = [];
  let start = 0;
  for (let index = 0; index <= blank.length; index++) {
    if (index < blank.length && blank[index] !== ';') continue;
    const statement = script.slice(start, index).trim();
    if (blank.slice(start, index).trim() !== '') statements.push(statement);
    start = index + 1;
  }
  return statements;
}

/** Comments, strings and quoted names become blanks of the same length, so that places stay what they are. */
export function withoutCommentsAndLiterals(query: string): string {
  const pattern =
    /--[^\n]*|#[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'''[\s\S]*?(?:'''|$)|"""[\s\S]*?(?:"""|$)|'(?:\\.|[^'\\\n])*'?|"(?:\\.|[^"\\\n])*"?|`[^`]*`?/g;
  return query.replace(pattern, (found) =>
    found.startsWith('`') ? 'q'.repeat(found.length) : ' '.repeat(found.length),
  );
}
