import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { printMeasured } from '../../shared/units/amount.ts';
import { AmountError } from '../../shared/units/errors.ts';
import { parseUsd, printUsd } from '../../shared/units/usd.ts';

describe('an amount of money is read as people write it', () => {
  test.each([
    ['50 USD', 50],
    ['50USD', 50],
    ['0.5 USD', 0.5],
    ['0.000001 USD', 0.000001],
    ['1000000000 USD', 1e9],
  ])('%s', (text, usd) => {
    expect(parseUsd(text)).toBe(usd);
  });
});

describe('what is no amount of money is refused, with what is wrong and what is meant', () => {
  test.each([
    ['', 'is no amount of USD', undefined],
    ['fifty', 'is no amount of USD', undefined],
    ['50', 'is no amount of USD: its unit is missing', '50 USD'],
    ['$50', 'is no amount of USD', '50 USD'],
    ['$ 0.5', 'is no amount of USD', '0.5 USD'],
    ['50 usd', 'has the unit "usd", and prices are in USD', '50 USD'],
    ['50 EUR', 'has the unit "EUR", and prices are in USD', undefined],
    ['-5 USD', 'is negative; an amount must be above zero', undefined],
    ['0 USD', 'is zero; an amount must be above zero', undefined],
    ['0.00 USD', 'is zero; an amount must be above zero', undefined],
    ['0.0000001 USD', 'is finer than a millionth of a dollar', undefined],
    ['1000000001 USD', 'is more than a billion dollars', undefined],
    ['5 USD ', 'is no amount of USD', undefined],
    ['1e3 USD', 'is no amount of USD', undefined],
  ])('%j %s', (text, problem, nearest) => {
    expect(faultOf(text)).toBeInstanceOf(AmountError);
    expect(faultOf(text)).toMatchObject({ value: text, problem, nearest });
  });

  it('does not repeat a text of any length', () => {
    expect(String(faultOf('9'.repeat(1_000_000))).length).toBeLessThan(200);
  });
});

describe('an amount of money is printed exactly', () => {
  test.each([
    [0, '0 USD'],
    [50, '50 USD'],
    [0.5, '0.50 USD'],
    [62.25, '62.25 USD'],
    [0.000125, '0.000125 USD'],
    [1e-9, '0.000000001 USD'],
    [123456.789, '123456.789 USD'],
  ])('%d is %s', (usd, text) => {
    expect(printUsd(usd)).toBe(text);
  });

  it('reads back as the same amount', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000_000 }),
        fc.integer({ min: 0, max: 6 }),
        (digits, scale) => {
          const usd = digits / 10 ** scale;
          expect(parseUsd(printUsd(usd))).toBe(usd);
        },
      ),
    );
  });
});

describe('what was measured is told in cents, cut and never rounded up', () => {
  test.each([
    [62.999, 50, '62.99 USD'],
    [62.5, 50, '62.50 USD'],
    [0.29, 0.2, '0.29 USD'],
    [0.0123, 50, '0.0123 USD'],
    [50, 50, '50 USD'],
    [50.001, 50, '50.001 USD'],
    [50.000000001, 50, '50.000000001 USD'],
  ])('%d beside %d is %s', (usd, allowed, text) => {
    expect(printMeasured('usd', usd, allowed)).toBe(text);
  });

  it('never reads as kept when it was crossed, nor as crossed when it was kept', () => {
    const nano = fc.integer({ min: 1, max: 1e15 }).map((digits) => digits / 1e9);
    const near = nano.chain((usd) => fc.tuple(fc.constant(usd), fc.integer({ min: -5, max: 5 })));
    fc.assert(
      fc.property(near, ([allowed, off]) => {
        const usd = Math.max(0, Math.round(allowed * 1e9) + off) / 1e9;
        const shown = Number(printMeasured('usd', usd, allowed).split(' ')[0]);
        expect(shown > allowed).toBe(usd > allowed);
        expect(shown).toBeLessThanOrEqual(usd);
      }),
    );
  });
});

it('reads any text, or refuses it as no amount', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[$0-9.]{0,9} ?U?SD?$/));
  fc.assert(
    fc.property(text, (value) => {
      expect([undefined, AmountError]).toContain(faultOf(value)?.constructor);
    }),
  );
});

function faultOf(text: string): object | undefined {
  try {
    parseUsd(text);
    return undefined;
  } catch (error) {
    return Object(error);
  }
}
