import { describe, expect, it, test } from 'vitest';
import { allowedAtMs, pressureOf } from '../../shared/retry/storm.ts';

const HOUR_MS = 3_600_000;

describe('pressure', () => {
  test.each([
    ['of nothing', [], 1],
    ['of an everyday number', [10], 1],
    ['of one more', [11], 1.1],
    ['of an outage', [100], 10],
    ['of an outage of thousands, which has an end', [1_000_000], 60],
    ['halves with each span that is over', [0, 100], 5],
    ['of the last wave, long after', [0, 0, 0, 0, 100], 1],
    ['of the worst of several', [20, 400, 8], 20],
  ])('%s', (_name, failures, expected) => {
    expect(pressureOf(failures)).toBeCloseTo(expected, 12);
  });
});

describe('a cap of two within any hour', () => {
  const caps = { perProjectPerHour: 2, perPrincipalPerHour: 2 };
  const now = 10 * HOUR_MS;
  test.each([
    ['allows the first', [], now],
    ['allows the second', [now], now],
    ['puts the third off until an hour after the first', [now - 10, now - 20], now - 20 + HOUR_MS],
    ['whatever their order', [now - 20, now - 10], now - 20 + HOUR_MS],
    ['a millisecond before the hour is over', [now, now - HOUR_MS + 1], now + 1],
    ['allows it when the hour is over', [now, now - HOUR_MS], now],
    ['forgets what is older', [now, now - HOUR_MS, now - HOUR_MS - 1], now],
  ])('%s', (_name, inserts, expected) => {
    expect(allowedAtMs({ ofProjectAtMs: inserts, ofPrincipalAtMs: [] }, caps, now)).toBe(expected);
    expect(allowedAtMs({ ofProjectAtMs: [], ofPrincipalAtMs: inserts }, caps, now)).toBe(expected);
  });
});

it('lets a thousand jobs that failed together back no faster than the caps say', () => {
  const caps = { perProjectPerHour: 100, perPrincipalPerHour: 20 };
  const inserted: number[] = [];
  for (let job = 0; job < 1_000; job += 1) {
    inserted.push(allowedAtMs({ ofProjectAtMs: inserted, ofPrincipalAtMs: [] }, caps, job));
  }
  for (const from of inserted) {
    expect(inserted.filter((at) => at >= from && at < from + HOUR_MS).length).toBeLessThanOrEqual(100);
  }
});
