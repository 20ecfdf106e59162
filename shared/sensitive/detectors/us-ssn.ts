import type { Detector } from '../detector.ts';
import { charactersOf, runsOf } from '../runs.ts';

/** What the Social Security Administration has never given: an area of 000, 666 or 9xx, a zero group or serial. */
const ISSUED = '(?!000|666|9)\\d{3}SEP(?!00)\\d{2}SEP(?!0000)\\d{4}';

const DASHED = new RegExp(`(?<![\\w.-])${ISSUED.replaceAll('SEP', '-')}(?![\\w-]|\\.\\d)`, 'g');

/** Without dashes only where the text says what the number is: `ssn = 123456789`, `"ssn": "123 45 6789"`. */
const SPOKEN_OF = '(?:ssn|social[ _-]?security(?:[ _-]?(?:number|no|num|nr))?)';
const SPOKEN = new RegExp(
  `${SPOKEN_OF}(?:[^\\w\\n]{0,4}(?:in|is|eq)\\b)?[^\\w\\n]{1,8}(${ISSUED.replaceAll('SEP', '[ .-]?')})(?![\\w-])`,
  'gi',
);
/** Cheaper to look for, and in few texts: a date is shorter. */
const DIGITS = charactersOf(/[\d-]/);
const LENGTH = 'NNN-NN-NNNN'.length;
const WORDS = /ss[n]|[s]ocial/i;
const BARE = new RegExp(`^\\s*${ISSUED.replaceAll('SEP', '[ .-]?')}\\s*$`);
const NAMED = new RegExp(SPOKEN_OF, 'i');

/** Both were printed in advertisements, and belong to nobody. */
const PRINTED = new Set(['078051120', '219099999']);

/** Social security numbers of the United States: NNN-NN-NNNN, and others where they are called so. */
export const usSsn: Detector = {
  name: 'usSsn',
  finds({ text, name }) {
    if (name !== undefined && NAMED.test(name) && BARE.test(text) && isAnybodys(text)) return true;
    if (runsOf(text, DIGITS, LENGTH).length > 0 && text.matchAll(DASHED).some(([found]) => isAnybodys(found)))
      return true;
    return WORDS.test(text) && text.matchAll(SPOKEN).some(([, found = '']) => isAnybodys(found));
  },
};

function isAnybodys(found: string): boolean {
  return !PRINTED.has(found.replaceAll(/\D/g, ''));
}
