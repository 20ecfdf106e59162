import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../shared/retry/json.ts';
import { refusedTime } from '../../shared/retry/passed-times.ts';
import { NOW_MS, TABLE } from './failed-job.ts';

const WEEK_MS = 7 * 86_400_000;

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

function why(configuration: JsonObject): string | undefined {
  return refusedTime({ configuration }, NOW_MS)?.why;
}

describe('a destination that is to expire', () => {
  test.each<{ name: string; time: JsonValue; expected: string | undefined }>([
    { name: 'a millisecond from now', time: iso(NOW_MS + 1), expected: undefined },
    { name: 'now', time: iso(NOW_MS), expected: 'expiration-passed' },
    { name: 'a millisecond ago', time: iso(NOW_MS - 1), expected: 'expiration-passed' },
    { name: 'with microseconds', time: '2026-08-03T09:00:00.000001Z', expected: 'expiration-passed' },
    { name: 'with a zone', time: '2026-08-03T11:00:01+02:00', expected: undefined },
    { name: 'in milliseconds', time: String(NOW_MS), expected: 'expiration-passed' },
    { name: 'as a number', time: NOW_MS + 1, expected: undefined },
    { name: 'without a zone', time: '2027-08-03T11:00:01', expected: 'time-not-understood' },
    { name: 'some day', time: 'some day', expected: 'time-not-understood' },
    { name: 'not told', time: null, expected: undefined },
  ])('$name', ({ time, expected }) => {
    expect(why({ copy: { destinationExpirationTime: time } })).toBe(expected);
    expect(why({ load: { destinationTableProperties: { expirationTime: time } } })).toBe(expected);
  });
});

describe('a snapshot', () => {
  test.each([
    { name: 'as old as time travel reaches', at: `@${NOW_MS - WEEK_MS}`, expected: undefined },
    { name: 'a millisecond older', at: `@${NOW_MS - WEEK_MS - 1}`, expected: 'snapshot-too-old' },
    { name: 'a range from then', at: `@${NOW_MS - WEEK_MS - 1}-${NOW_MS}`, expected: 'snapshot-too-old' },
    { name: 'an open range from then', at: `@${NOW_MS - WEEK_MS - 1}-`, expected: 'snapshot-too-old' },
    { name: 'of a partition', at: `$20260101@${NOW_MS - WEEK_MS - 1}`, expected: 'snapshot-too-old' },
    { name: 'counted back from now', at: '@-3600000', expected: undefined },
    { name: 'the oldest', at: '@0', expected: undefined },
    { name: 'a partition alone', at: '$20200101', expected: undefined },
  ])('$name', ({ at, expected }) => {
    const table = { ...TABLE, tableId: `orders${at}` };
    expect(why({ copy: { sourceTables: [TABLE, table] } })).toBe(expected);
    expect(why({ copy: { sourceTable: table } })).toBe(expected);
    expect(why({ extract: { sourceTable: table } })).toBe(expected);
  });
});

test("a schedule's times say what the run is for, and stay", () => {
  const queryParameters = [
    {
      name: 'run_time',
      parameterType: { type: 'TIMESTAMP' },
      parameterValue: { value: '2020-01-01 00:00:00' },
    },
  ];
  expect(why({ query: { query: 'SELECT @run_time', queryParameters } })).toBeUndefined();
});
