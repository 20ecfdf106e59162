import type { LabelledText } from './credential-texts.ts';
import type { MadeUp } from './made-up.ts';

/** The numbers that issuers give out for tests. */
const CARDS: readonly (readonly [issuer: string, prefix: string, length: number])[] = [
  ['Visa', '4539', 16],
  ['Visa', '4916', 16],
  ['Mastercard', '5412', 16],
  ['Mastercard of the second range', '2321', 16],
  ['American Express', '371', 15],
  ['Discover', '6011', 16],
  ['JCB', '3530', 16],
  ['Diners', '3056', 14],
  ['UnionPay', '6212', 16],
  ['Maestro', '6759', 16],
];

export function cards(made: MadeUp): readonly LabelledText[] {
  return CARDS.flatMap(([issuer, prefix, length]) => {
    const digits = made.luhn(prefix, length);
    return [
      { what: `${issuer}, in one piece`, text: digits },
      { what: `${issuer}, as printed`, text: grouped(digits, ' ') },
      { what: `${issuer}, with dashes`, text: grouped(digits, '-') },
    ];
  });
}

function grouped(digits: string, separator: string): string {
  if (digits.length === 16) return (digits.match(/.{4}/g) ?? []).join(separator);
  return [digits.slice(0, 4), digits.slice(4, 10), digits.slice(10)].join(separator);
}

/** Of banks' own documentation, or made: the check digits are right. */
const IBANS = [
  'DE89370400440532013000',
  'GB82WEST12345698765432',
  'FR1420041010050500013M02606',
  'ES9121000418450200051332',
  'IT60X0542811101000000123456',
  'NL91ABNA0417164300',
  'BE68539007547034',
  'CH9300762011623852957',
  'AT611904300234573201',
  'PL61109010140000071219812874',
  'NO9386011117947',
  'MT84MALT011000012345MTLCAST001S',
];

export function ibans(): readonly LabelledText[] {
  return IBANS.flatMap((number) => [
    { what: `${number.slice(0, 2)}, in one piece`, text: number },
    { what: `${number.slice(0, 2)}, as printed`, text: (number.match(/.{1,4}/g) ?? []).join(' ') },
    { what: `${number.slice(0, 2)}, in small letters`, text: number.toLowerCase() },
  ]);
}

export function ssns(made: MadeUp): readonly LabelledText[] {
  return ['212', '530', '001', '665', '899'].map((area) => ({
    what: `of area ${area}`,
    text: `${area}-${10 + Number(made.digits(1))}-${1000 + Number(made.digits(3))}`,
  }));
}

export function emails(): readonly LabelledText[] {
  return [
    'jane.doe@example.com',
    'Max_Muster+news@mail.shop.de',
    'o.brien@sub.domain.co.uk',
    'anna.müller@post.ch',
  ].map((text) => ({ what: text, text }));
}
