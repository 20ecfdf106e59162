import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { AmountError } from '../../shared/units/errors.ts';
import { parsePercent } from '../../shared/units/percent.ts';

test.each([
  ['80%', 0.8],
  ['12.5%', 0.125],
  ['100%', 1],
  ['0.0001%', 0.000001],
  ['20 %', 0.2],
])('%s is %d of one', (text, part) => {
  expect(parsePercent(text)).toBeCloseTo(part, 12);
});

test.each([
  ['', 'is no percentage', undefined],
  ['most', 'is no percentage', undefined],
  ['80', 'is no percentage: the % is missing', '80%'],
  ['0.8', 'is no percentage: the % is missing', '80%'],
  ['800', 'is no percentage: the % is missing', undefined],
  ['0%', 'is zero', undefined],
  ['-5%', 'is negative', undefined],
  ['101%', 'is more than all', undefined],
])('%j %s', (text, problem, nearest) => {
  expect(faultOf(text)).toBeInstanceOf(AmountError);
  expect(faultOf(text)).toMatchObject({ value: text, problem, nearest });
});

it('reads any text, or refuses it as no amount', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect([undefined, AmountError]).toContain(faultOf(text)?.constructor);
    }),
  );
});

function faultOf(text: string): object | undefined {
  try {
    parsePercent(text);
    return undefined;
  } catch (error) {
    return Object(error);
  }
}
