import { describe, expect, test } from 'vitest';
import { failsForNow } from '../../../shared/enforce/fails-for-now.ts';
import type { Fault } from '../../../simulator/faults.ts';
import {
  ETL,
  fail,
  HOUR_MS,
  inserted,
  MINUTE_MS,
  nameOf,
  openRetrying,
  type Retrying,
  SECOND_MS,
  SECRET,
  START_MS,
  scheduled,
} from './retrying.ts';

const TYPE = 'bigquery-watchdog.project.unwatchable.v1';

/** When it was told that jobs cannot be run again, in minutes. */
function toldAfterMin({ alerts }: Retrying): number[] {
  return alerts
    .filter(({ type }) => type === TYPE)
    .map(({ time }) => (Date.parse(String(time)) - START_MS) / MINUTE_MS);
}

/** No insert is taken. */
function failInserts({ simulator }: Retrying, fault: Fault): void {
  simulator.setFaults(({ method }) => (method === 'insert' ? fault : undefined));
}

describe('retries that BigQuery takes no request for', () => {
  test.each<{ what: string; fault: Fault }>([
    { what: 'is out of order', fault: { kind: 'unavailable' } },
    { what: 'asks to come later', fault: { kind: 'rateLimitExceeded' } },
    { what: 'never answers', fault: { kind: 'silent' } },
  ])('are told of after ten minutes, and then once an hour, while it $what', async ({ fault }) => {
    const retrying = await scheduled();
    failInserts(retrying, fault);
    await retrying.pass(3 * HOUR_MS);
    const [first = 0, ...more] = toldAfterMin(retrying);
    expect(first).toBeGreaterThanOrEqual(10);
    expect(first).toBeLessThan(20);
    expect(new Set([first, ...more].map((min) => Math.floor((START_MS / MINUTE_MS + min) / 60))).size).toBe(
      more.length + 1,
    );
    expect(more.length).toBeGreaterThanOrEqual(2);
    retrying.simulator.setFaults(undefined);
    await retrying.pass(HOUR_MS);
    expect(inserted(retrying)).toHaveLength(1);
    expect(retrying.told().at(-1)).toBe('recovered');
  });

  test('are told of together', async () => {
    const retrying = await openRetrying();
    for (const jobId of ['a', 'b', 'c']) {
      fail(retrying, { jobId, query: `SELECT '${SECRET} ${jobId}'` });
      await retrying.answer(jobId);
    }
    failInserts(retrying, { kind: 'unavailable' });
    await retrying.pass(30 * MINUTE_MS);
    expect(toldAfterMin(retrying)).toHaveLength(1);
    expect(JSON.stringify(retrying.alerts)).not.toContain(SECRET);
  });

  test('are not told of when that passes within ten minutes, however often', async () => {
    const retrying = await scheduled({ lives: () => ({ runMs: SECOND_MS, error: ONCE_MORE }) });
    for (let again = 0; again < 3; again++) {
      failInserts(retrying, { kind: 'unavailable' });
      await retrying.pass(8 * MINUTE_MS);
      retrying.simulator.setFaults(undefined);
      await retrying.pass(2 * MINUTE_MS);
    }
    expect(inserted(retrying).length).toBeGreaterThan(1);
    expect(toldAfterMin(retrying)).toEqual([]);
  });
});

const ONCE_MORE = { reason: 'backendError', message: SECRET };

test('a location that does not answer for ten minutes keeps retries back, and is told of', async () => {
  const retrying = await scheduled();
  retrying.simulator.setLists({ unreachable: ['US'] });
  await retrying.pass(HOUR_MS / 2);
  expect(inserted(retrying)).toEqual([]);
  expect(toldAfterMin(retrying)).toHaveLength(1);
});

describe('ten minutes are', () => {
  const claim = { job: nameOf('root'), verb: 'retry' } as const;
  const retry = {
    attemptId: 'root_wdr1_0',
    principal: ETL,
    reason: 'backendError',
    rootEndedAtMs: START_MS,
    failedAtMs: START_MS,
    deadlineAtMs: START_MS + HOUR_MS,
    heldBy: 'request-failed',
    failingSinceMs: START_MS,
  } as const;

  test.each([
    { afterMs: 10 * MINUTE_MS - 1, told: 0 },
    { afterMs: 10 * MINUTE_MS, told: 1 },
    { afterMs: 10 * MINUTE_MS + 1, told: 1 },
  ])('$afterMs ms: $told alerts', ({ afterMs, told }) => {
    const { alerts, change } = failsForNow(claim, retry, 'no answer', {
      clock: { now: () => START_MS + afterMs },
    });
    expect(alerts).toHaveLength(told);
    expect(change.retry).toMatchObject({ heldBy: 'request-failed', failingSinceMs: START_MS });
  });
});
