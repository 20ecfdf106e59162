import { closest, distance } from 'fastest-levenshtein';

/** The longest value for which a word is sought: the work grows with the square of it. */
const MAX_LENGTH = 60;

/** The allowed word that was probably meant, if one is near: at most two letters, or a third, off. */
export function nearestWord(value: string, words: readonly string[]): string | undefined {
  if (words.length === 0 || value.length > MAX_LENGTH) return undefined;
  const lower = value.toLowerCase();
  const sameLetters = words.find((word) => word.toLowerCase() === lower);
  if (sameLetters !== undefined) return sameLetters;
  const byLower = new Map(words.map((word) => [word.toLowerCase(), word]));
  const near = closest(lower, [...byLower.keys()]);
  const off = distance(lower, near);
  return off <= Math.max(2, Math.floor(near.length / 3)) && off < near.length ? byLower.get(near) : undefined;
}
