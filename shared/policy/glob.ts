/** A pattern of the policy file, where `*` stands for any run of characters. It covers the whole string. */
export interface Glob {
  readonly text: string;
  matches(value: string): boolean;
}

export interface GlobOptions {
  /** For e-mail addresses, in which case means nothing. */
  readonly ignoreCase?: boolean;
}

/**
 * Only `*` is special. What stands between the stars is looked for from left to right, each at its first
 * place after the one before: that is right for stars, and nothing is ever tried again, so that no pattern
 * makes matching slow.
 */
export function compileGlob(text: string, { ignoreCase = false }: GlobOptions = {}): Glob {
  const fold = (value: string) => (ignoreCase ? value.toLowerCase() : value);
  const [first = '', ...rest] = fold(text).split('*');
  const last = rest.pop();
  const matches =
    last === undefined
      ? (value: string) => fold(value) === first
      : (value: string) => matchParts(fold(value), first, rest, last);
  return { text, matches };
}

function matchParts(value: string, first: string, middle: readonly string[], last: string): boolean {
  if (value.length < first.length + last.length) return false;
  if (!value.startsWith(first) || !value.endsWith(last)) return false;
  const end = value.length - last.length;
  let from = first.length;
  for (const part of middle) {
    const at = value.indexOf(part, from);
    if (at === -1 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}
