import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type AmountUnit, parseAmount, printAmount, printMeasured } from '../../shared/units/amount.ts';
import { parseDuration } from '../../shared/units/duration.ts';

const MIN = 60_000;
const TIB = 1024 ** 4;

describe('what was measured is told as far as people want it', () => {
  test.each<[AmountUnit, number, number, string]>([
    ['duration', 42 * MIN + 13_482, 30 * MIN, '42 min'],
    ['duration', 101 * 60 * MIN + 12 * MIN + 5, 100 * 60 * MIN, '101 h 12 min'],
    ['duration', 12_345, 10_000, '12 s'],
    ['duration', 24 * MIN + 1, 30 * MIN, '24 min'],
    ['bytes', Math.ceil(12.34 * TIB), 10 * TIB, '12.3 TiB'],
    ['bytes', 12 * TIB, 10 * TIB, '12 TiB'],
    ['bytes', 12 * TIB, 500e6, '13.1 TB'],
    ['bytes', 1_500, 10 * TIB, '1.46 KiB'],
    ['bytes', 12, 10, '12 B'],
  ])('%s: %d beside %d reads %s', (unit, value, allowed, text) => {
    expect(printMeasured(unit, value, allowed)).toBe(text);
  });
});

describe('a limit that was crossed never reads as kept', () => {
  test.each<[AmountUnit, number, number, string]>([
    ['duration', 30 * MIN, 30 * MIN, '30 min'],
    ['duration', 30 * MIN + 1, 30 * MIN, '30 min 0.001 s'],
    ['duration', 30 * MIN + 999, 30 * MIN, '30 min 0.999 s'],
    ['duration', 30 * MIN + 1_000, 30 * MIN, '30 min 1 s'],
    ['duration', 31 * MIN, 30 * MIN, '31 min'],
    ['bytes', 10 * TIB + 1, 10 * TIB, '10995116277761 B'],
    ['bytes', Math.ceil(10.004 * TIB), 10 * TIB, '10.004 TiB'],
  ])('%s: %d beside %d reads %s', (unit, value, allowed, text) => {
    expect(printMeasured(unit, value, allowed)).toBe(text);
  });

  it('holds for any two durations', () => {
    const ms = fc.integer({ min: 1, max: 1e11 });
    const near = fc
      .tuple(ms, fc.integer({ min: -70_000, max: 70_000 }))
      .map(([a, off]) => [a, Math.max(1, a + off)]);
    fc.assert(
      fc.property(fc.oneof(fc.tuple(ms, ms), near), ([value = 1, allowed = 1]) => {
        const shown = parseDuration(printMeasured('duration', value, allowed));
        expect(shown > allowed).toBe(value > allowed);
        expect(shown).toBeLessThanOrEqual(value);
      }),
    );
  });

  it('holds for any two sizes', () => {
    const bytes = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(bytes, bytes, (value, allowed) => {
        expect(parseAmount('bytes', printMeasured('bytes', value, allowed)) > allowed).toBe(value > allowed);
      }),
    );
  });
});

it('prints an amount exactly in its unit', () => {
  expect(printAmount('duration', 1_800_000)).toBe('30 min');
  expect(printAmount('bytes', 500e9)).toBe('500 GB');
});
