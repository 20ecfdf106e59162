import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { documentKey, newestFirst } from '../../shared/ledger/document-key.ts';

const part = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme', minLength: 300, maxLength: 2_000 }),
  fc.constantFrom('__proto__', ':', '%3A', '/', '.', '..', ''),
);
const parts = fc.array(part, { minLength: 2, maxLength: 4 });

it('a key fits any storage, whatever it is made of', () => {
  fc.assert(
    fc.property(parts, (some) => {
      const key = documentKey(...some);
      expect(key.length).toBeLessThanOrEqual(1_024);
      expect(key).toMatch(/^[A-Za-z0-9_.!~*'()%-]*(:[A-Za-z0-9_.!~*'()%-]*)+$/);
    }),
  );
});

it('different parts make different keys', () => {
  fc.assert(
    fc.property(parts, parts, (some, others) => {
      fc.pre(JSON.stringify(some) !== JSON.stringify(others));
      expect(documentKey(...some)).not.toBe(documentKey(...others));
    }),
  );
});

it('long parts that differ only at their end make different keys', () => {
  const long = 'x'.repeat(5_000);
  expect(documentKey('a', `${long}1`)).not.toBe(documentKey('a', `${long}2`));
});

it('a part with half a character makes a key all the same', () => {
  expect(documentKey('a', '\ud800')).toBe(documentKey('a', '\ufffd'));
});

it('a later moment sorts before an earlier one', () => {
  const moments = [0, 1, 999, 1_000, Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1) + 1, 8.64e15];
  expect(moments.map(newestFirst).toSorted()).toStrictEqual(moments.toReversed().map(newestFirst));
});
