import { countrySpecs, isValidIBAN } from 'ibantools';
import { allMatches } from '../all-matches.ts';
import type { Detector } from '../detector.ts';

/** A country and two check digits, then at least as much as the shortest has (Norway, fifteen). */
const START = /[A-Za-z]{2}\d\d(?=[ \u00a0-]?[A-Za-z0-9]{2,4}[ \u00a0-]?[A-Za-z0-9])/g;

/** The longest has 34 characters; printed in fours, a separator each. */
const LONGEST = 34 + 9;

const ALPHANUMERIC = /[A-Za-z0-9]/;
const SEPARATOR = /[ \u00a0-]/;

/** Account numbers by ISO 13616: a country that has them, its length and form, and the check digits. */
export const iban: Detector = {
  name: 'iban',
  finds({ text }) {
    for (const { 0: start, index } of allMatches(text, START)) {
      const length = countrySpecs[start.slice(0, 2).toUpperCase()]?.chars;
      const isWithinWord = index > 0 && ALPHANUMERIC.test(text.charAt(index - 1));
      if (isWithinWord || length === undefined || length === null) continue;
      const written = numberAt(text.slice(index, index + LONGEST + 1), length);
      if (written !== undefined && isValidIBAN(written.toUpperCase())) return true;
    }
    return false;
  },
};

/** So many letters and digits, separated or not; undefined when there are fewer, or more follow at once. */
function numberAt(text: string, length: number): string | undefined {
  let number = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const isPart = ALPHANUMERIC.test(character);
    if (number.length === length) return isPart ? undefined : number;
    if (isPart) number += character;
    else if (!SEPARATOR.test(character) || !ALPHANUMERIC.test(text.charAt(at - 1))) return undefined;
  }
  return number.length === length ? number : undefined;
}
