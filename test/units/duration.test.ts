import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { MAX_DURATION_MS, parseDuration, printDuration } from '../../shared/units/duration.ts';
import { AmountError } from '../../shared/units/errors.ts';

describe('a duration is read as people write it', () => {
  test.each([
    ['30m', 1_800_000],
    ['1h30m', 5_400_000],
    ['90s', 90_000],
    ['500ms', 500],
    ['2d', 172_800_000],
    ['1.5h', 5_400_000],
    ['0.001s', 1],
    ['1 h 30 min', 5_400_000],
    ['30 min 0.5 s', 1_800_500],
    ['1d2h3m4s5ms', 93_784_005],
    ['1000000d', MAX_DURATION_MS],
    ['0h5m', 300_000],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });
});

describe('what is no duration is refused, with what is wrong and what is allowed', () => {
  test.each([
    ['', 'is no duration', undefined],
    ['soon', 'is no duration', undefined],
    ['30', 'is no duration: its unit is missing', undefined],
    ['0', 'is zero; a duration must be above zero', undefined],
    ['0m', 'is zero; a duration must be above zero', undefined],
    ['-5m', 'is negative; a duration must be above zero', undefined],
    ['30M', 'has the unit "M", which is none', '30m'],
    ['1 hour', 'has the unit "hour", which is none', '1h'],
    ['90 minutes', 'has the unit "minutes", which is none', '90m'],
    ['1 hour 30 minutes', 'has the unit "hour", which is none', '1h30m'],
    ['1 hour 30 parsecs', 'has the unit "hour", which is none', undefined],
    ['1w', 'has the unit "w", which is none', '7d'],
    ['2 Weeks 3 days', 'has the unit "Weeks", which is none', '14d3d'],
    ['1.5w', 'has the unit "w", which is none', undefined],
    ['5 parsecs', 'has the unit "parsecs", which is none', undefined],
    ['30m1h', 'is no duration: the units must go from large to small, each once', undefined],
    ['5m5m', 'is no duration: the units must go from large to small, each once', undefined],
    ['5m5min', 'is no duration: the units must go from large to small, each once', undefined],
    ['1.5h30m', 'is no duration: only its last part may have a fraction', undefined],
    ['0.5ms', 'is finer than a millisecond', undefined],
    ['1000000d1ms', 'is more than a million days', undefined],
    ['5m ', 'is no duration', undefined],
    ['5m,', 'is no duration', undefined],
    ['1e3s', 'has the unit "e", which is none', undefined],
    ['٣m', 'is no duration', undefined],
  ])('%j %s', (text, problem, nearest) => {
    expect(faultOf(() => parseDuration(text))).toMatchObject({ value: text, problem, nearest });
  });

  it('says it all in the message', () => {
    expect(() => parseDuration('1 hour')).toThrow(
      '"1 hour" has the unit "hour", which is none; allowed: 30m, 1h30m, 1.5h, 90s, 500ms, 2d (units d, h, m or min, s, ms) (did you mean 1h?)',
    );
  });

  it('does not repeat a text of any length', () => {
    expect(faultOf(() => parseDuration('9'.repeat(1_000_000))).message.length).toBeLessThan(200);
  });
});

describe('a duration is printed exactly', () => {
  test.each([
    [0, '0 s'],
    [1, '0.001 s'],
    [42 * 60_000, '42 min'],
    [5_400_000, '1 h 30 min'],
    [1_800_000, '30 min'],
    [1_800_001, '30 min 0.001 s'],
    [1_800_500, '30 min 0.5 s'],
    [100 * 3_600_000, '100 h'],
  ])('%d ms is %s', (ms, text) => {
    expect(printDuration(ms)).toBe(text);
  });

  it('reads back as the same number of milliseconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: MAX_DURATION_MS }), (ms) => {
        expect(parseDuration(printDuration(ms))).toBe(ms);
      }),
    );
  });
});

it('reads any text, or refuses it as no amount', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[0-9.dhms -]{0,12}$/));
  fc.assert(
    fc.property(text, (value) => {
      try {
        expect(parseDuration(value)).toSatisfy((ms) => Number.isSafeInteger(ms) && Number(ms) > 0);
      } catch (error) {
        expect(error).toBeInstanceOf(AmountError);
      }
    }),
  );
});

function faultOf(parse: () => unknown): AmountError {
  try {
    parse();
  } catch (error) {
    if (error instanceof AmountError) return error;
    throw error;
  }
  throw new Error('it was read');
}
