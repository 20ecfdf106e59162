import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { chainEnd, dueAtMs, scheduleAttempt } from '../../shared/retry/backoff-schedule.ts';

const MINUTE_MS = 60_000;
const BACKOFF = { initialMs: MINUTE_MS, factor: 2, maxMs: 30 * MINUTE_MS };
/** The last draw there is. */
const LAST = 1 - 2 ** -53;

describe('the wait is drawn from all of a span that', () => {
  test.each([
    ['is the initial one at first', 1, 1, MINUTE_MS],
    ['grows by the factor', 4, 1, 8 * MINUTE_MS],
    ['stops at the most', 6, 1, 30 * MINUTE_MS],
    ['stops there however far', 1_000, 1, 30 * MINUTE_MS],
    ['widens under pressure', 1, 10, 10 * MINUTE_MS],
    ['widens beyond the most', 6, 2, 60 * MINUTE_MS],
    ['is never narrowed', 1, 0, MINUTE_MS],
  ])('%s', (_name, attempt, pressure, span) => {
    const due = (random: number) => dueAtMs({ failedAtMs: 5, attempt, backoff: BACKOFF, random, pressure });
    expect([due(0), due(0.5), due(LAST)]).toEqual([5, 5 + span / 2, 5 + span - 1]);
  });
});

describe('a chain', () => {
  const rule = { attempts: 3, backoff: BACKOFF, deadlineMs: 10 * MINUTE_MS };
  const request = {
    rule,
    reason: 'backendError',
    rootEndedAtMs: 0,
    failedAtMs: 0,
    attempt: 1,
    random: 0.5,
    pressure: 1,
  };

  test.each([
    ['goes on', {}, { kind: 'due', atMs: MINUTE_MS / 2, deadlineAtMs: 10 * MINUTE_MS }],
    ['makes its last attempt', { attempt: 3 }, { kind: 'due', atMs: 2 * MINUTE_MS }],
    ['ends after its last attempt', { attempt: 4 }, { kind: 'over', why: 'attempts-used' }],
    [
      'goes on a millisecond before its deadline',
      { failedAtMs: 10 * MINUTE_MS - 1 },
      { kind: 'due', atMs: 10 * MINUTE_MS - 1 },
    ],
    ['ends at its deadline', { failedAtMs: 10 * MINUTE_MS }, { kind: 'over', why: 'deadline-passed' }],
    [
      'is spread over what is left, and not lost, under pressure',
      { pressure: 60 },
      { kind: 'due', atMs: 5 * MINUTE_MS },
    ],
  ])('%s', (_name, changes, expected) => {
    expect(scheduleAttempt({ ...request, ...changes })).toMatchObject(expected);
  });

  it('waits at least half of each wait for what passes late', () => {
    const due = (random: number) => scheduleAttempt({ ...request, reason: 'badRequest', attempt: 2, random });
    expect(due(0)).toMatchObject({ atMs: MINUTE_MS });
    expect(due(LAST)).toMatchObject({ atMs: 2 * MINUTE_MS - 1 });
    expect(scheduleAttempt({ ...request, attempt: 2, random: 0 })).toMatchObject({ atMs: 0 });
  });

  it('says how often it was tried', () => {
    expect(chainEnd({ attempts: 1 }, 2, 1, 0)?.sentence).toContain('once');
    expect(chainEnd({ attempts: 3 }, 4, 1, 0)?.sentence).toContain('3 times');
  });
});

it('is never due before the failure, nor at or after the deadline', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e9 }),
      fc.integer({ min: 1, max: 10 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.double({ min: 1, max: 60, noNaN: true }),
      fc.integer({ min: 1, max: 7 * 86_400_000 }),
      (failedAtMs, attempt, random, pressure, deadlineMs) => {
        const rule = { attempts: 10, backoff: BACKOFF, deadlineMs };
        const due = scheduleAttempt({
          rule,
          reason: 'badRequest',
          rootEndedAtMs: failedAtMs,
          failedAtMs,
          attempt,
          random,
          pressure,
        });
        if (due.kind !== 'due') throw new Error('it is over');
        expect(due.atMs).toBeGreaterThanOrEqual(failedAtMs);
        expect(due.atMs).toBeLessThan(due.deadlineAtMs);
      },
    ),
  );
});
