import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseBytes, printBytes } from '../../shared/units/bytes.ts';
import { AmountError } from '../../shared/units/errors.ts';

describe('a size is read as people write it', () => {
  test.each([
    ['10 TiB', 10 * 1024 ** 4],
    ['10TiB', 10 * 1024 ** 4],
    ['1.5 TiB', 1.5 * 1024 ** 4],
    ['500 GB', 500_000_000_000],
    ['500 GiB', 500 * 1024 ** 3],
    ['1 KB', 1_000],
    ['1 KiB', 1_024],
    ['1 B', 1],
    ['1.1 TiB', 1_209_462_790_553],
    ['7.999 PiB', 9_006_073_354_834_149],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });
});

describe('what is no size is refused, with what is wrong and what is meant', () => {
  test.each([
    ['', 'is no size', undefined],
    ['all', 'is no size', undefined],
    ['10', 'is no size: its unit is missing', undefined],
    ['0 TiB', 'is zero; a size must be above zero', undefined],
    ['-1 TiB', 'is negative; a size must be above zero', undefined],
    ['10 tib', 'has the unit "tib", which is none', '10 TiB'],
    ['10 T', 'has the unit "T", which is none', '10 TB'],
    ['10 Ti', 'has the unit "Ti", which is none', '10 TiB'],
    ['10 rows', 'has the unit "rows", which is none', undefined],
    ['0.5 B', 'is finer than a byte', undefined],
    ['8 PiB', 'is too large; the most is 8 PiB less a byte', undefined],
    ['1 TiB 5 GiB', 'is no size', undefined],
  ])('%j %s', (text, problem, nearest) => {
    let fault: unknown;
    try {
      parseBytes(text);
    } catch (error) {
      fault = error;
    }
    expect(fault).toBeInstanceOf(AmountError);
    expect(fault).toMatchObject({ value: text, problem, nearest });
  });
});

describe('a size is printed exactly, as short as that goes', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [10 * 1024 ** 4, '10 TiB'],
    [10 * 1024 ** 4 + 1, '10995116277761 B'],
    [1.5 * 1024 ** 3, '1.5 GiB'],
    [500_000_000_000, '500 GB'],
    [1_024, '1 KiB'],
  ])('%d is %s', (bytes, text) => {
    expect(printBytes(bytes)).toBe(text);
  });

  it('reads back as the same number of bytes', () => {
    const round = fc
      .tuple(
        fc.integer({ min: 1, max: 8_000 }),
        fc.constantFrom(1, 1e3, 1e6, 1e9, 1e12, 1024, 1024 ** 2, 1024 ** 4),
      )
      .map(([number, unit]) => number * unit);
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), round), (bytes) => {
        expect(parseBytes(printBytes(bytes))).toBe(bytes);
      }),
    );
  });
});

it('reads any text, or refuses it as no amount', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[0-9.]{0,18} ?[KMGTPi]{0,2}B?$/));
  fc.assert(
    fc.property(text, (value) => {
      try {
        expect(parseBytes(value)).toSatisfy((bytes) => Number.isSafeInteger(bytes) && Number(bytes) > 0);
      } catch (error) {
        expect(error).toBeInstanceOf(AmountError);
      }
    }),
  );
});
