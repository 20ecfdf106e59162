import { charactersOf, runsOf } from '../runs.ts';

/** What the random part of a token is made of, and the least of it that anybody issues in one piece. */
const RANDOM = charactersOf(/[A-Za-z0-9_+-]/);
const LEAST_RANDOM = 16;
const DIGIT_OR_CAPITAL = /[0-9A-Z]/;

/** What tokens and addresses are made of. */
const WORD = charactersOf(/[A-Za-z0-9_.~+/=:%?&@;-]/);

/**
 * The words of a text that have a part as long and wild as a token's, one a line. Of a usual query they are a small
 * part, and most patterns need not look at the rest.
 */
export function longWords(text: string): string {
  const words: string[] = [];
  let end = 0;
  for (const [partStart, partEnd] of runsOf(text, RANDOM, LEAST_RANDOM)) {
    if (partStart < end || !DIGIT_OR_CAPITAL.test(text.slice(partStart, partEnd))) continue;
    let start = partStart;
    while (start > end && WORD[text.charCodeAt(start - 1)] === 1) start -= 1;
    end = partEnd;
    while (end < text.length && WORD[text.charCodeAt(end)] === 1) end += 1;
    words.push(text.slice(start, end));
  }
  return words.join('\n');
}
