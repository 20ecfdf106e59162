import cardValidator from 'card-validator';
import type { Detector } from '../detector.ts';
import { charactersOf, runsOf } from '../runs.ts';

/** What the digits of a card stand in, as they are printed. */
const PRINTED = charactersOf(/[\d \u00a0._-]/);
const SHORTEST = 14;

/** In one piece; in fours; as American Express (4-6-5) and Diners (4-6-4) print theirs. */
const CANDIDATE =
  /(?<![A-Za-z0-9]|\d\.)(?:\d{14,19}|\d{4}([ \u00a0._-])\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|\d{4}([ \u00a0._-])\d{6}\2\d{4,5})(?![A-Za-z0-9]|\.\d)/g;

/** A number below zero is no card's. */
const NEGATIVE = /(?:^|[\s(,=<>])-$/;

/** Of a card, in words, a little before the number. */
const SPOKEN_OF = /card|kreditkart|carte|tarjeta|\bpan\b|\bcc|visa|maestro|amex|jcb|unionpay/i;

/** From here on digits in one piece are ids more often than cards: 64 bits make up to nineteen. */
const LONG_DIGITS = 17;
const SPOKEN_WITHIN = 64;

/**
 * Numbers that a card may have: an issuer's range and length, and Luhn's check digit. Numbers of seventeen to nineteen
 * digits in one piece count only where the text speaks of cards, and no shorter one than fourteen does.
 */
export const creditCard: Detector = {
  name: 'creditCard',
  finds({ text, name }) {
    if (!hasManyDigits(text)) return false;
    for (const { 0: candidate, index } of text.matchAll(CANDIDATE)) {
      const before = text.slice(Math.max(0, index - SPOKEN_WITHIN), index);
      if (!NEGATIVE.test(before) && isCard(candidate, `${name ?? ''} ${before}`)) return true;
    }
    return false;
  },
};

/** Cheaper to look for than the numbers themselves, and in few texts. */
function hasManyDigits(text: string): boolean {
  for (const [start, end] of runsOf(text, PRINTED, SHORTEST)) {
    if (text.slice(start, end).replaceAll(/\D/g, '').length >= SHORTEST) return true;
  }
  return false;
}

function isCard(candidate: string, before: string): boolean {
  const digits = candidate.replaceAll(/\D/g, '');
  if (!hasCheckDigit(digits)) return false;
  const type = cardValidator.number(digits, { luhnValidateUnionPay: true });
  if (!type.isValid || type.card === null || !isInUse(type.card.type, digits.length)) return false;
  return digits !== candidate || digits.length < LONG_DIGITS || SPOKEN_OF.test(before);
}

/** Luhn's, asked before the library, which looks through all issuers first: of a list of ids it leaves a tenth. */
function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let place = 1; place <= digits.length; place += 1) {
    const value = Number(digits.charAt(digits.length - place)) * (place % 2 === 0 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

/** Maestro and UnionPay are given more lengths than they issue; those are the lengths of barcodes and devices' ids. */
function isInUse(type: string, length: number): boolean {
  return length >= 16 || (type !== 'maestro' && type !== 'unionpay');
}
