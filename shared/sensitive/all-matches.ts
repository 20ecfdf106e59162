/**
 * All matches of a global pattern. `matchAll` makes a copy of the pattern first, which in short texts costs more than
 * looking; most have no match.
 */
export function allMatches(text: string, pattern: RegExp): Iterable<RegExpExecArray> {
  return text.search(pattern) === -1 ? [] : text.matchAll(pattern);
}
