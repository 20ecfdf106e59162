/**
 * Where the comment ends that begins here; undefined: none does [doc: reference/standard-sql/lexical.md, Comments]. That
 * a carriage return ends a line, too, only GoogleSQL's open lexer tells [google/zetasql: flex_tokenizer.l].
 */
export function commentEnd(sql: string, at: number): number | undefined {
  if (sql.startsWith('/*', at)) return endOf(sql, '*/', at + 2);
  return sql.startsWith('--', at) || sql.charAt(at) === '#' ? endOfLine(sql, at) : undefined;
}

/** Longest first: three quotes begin another literal than one. */
const QUOTES = ['"""', "'''", '"', "'", '`'] as const;

/**
 * Where the literal or quoted name ends that begins here; undefined: none does. A backslash keeps a quote from ending
 * it, in raw ones too [doc: reference/standard-sql/lexical.md].
 */
export function literalEnd(sql: string, at: number): number | undefined {
  const quote = QUOTES.find((candidate) => sql.startsWith(candidate, at));
  if (quote === undefined) return undefined;
  let end = at + quote.length;
  while (end < sql.length && !sql.startsWith(quote, end)) end += sql.charAt(end) === '\\' ? 2 : 1;
  return Math.min(end + quote.length, sql.length);
}

function endOf(sql: string, mark: string, from: number): number {
  const at = sql.indexOf(mark, from);
  return at === -1 ? sql.length : at + mark.length;
}

const LINE_END = /[\r\n]/g;

function endOfLine(sql: string, from: number): number {
  LINE_END.lastIndex = from;
  return LINE_END.test(sql) ? LINE_END.lastIndex : sql.length;
}
