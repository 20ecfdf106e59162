/** [doc: reference/standard-sql/lexical.md, Escape sequences], those that JavaScript and JSON have too. */
const ESCAPE = /\\(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\\abfnrtv/]))/g;

/**
 * A text with its escapes carried out, but those of quotes: what is in quotes stays in quotes. A card's number after
 * `\n` would otherwise seem to be a part of a word.
 */
export function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(ESCAPE, (_, hex?: string, unicode?: string, letter?: string) => {
    const code = hex ?? unicode;
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return letter === '\\' || letter === '/' ? letter : '\n';
  });
}
