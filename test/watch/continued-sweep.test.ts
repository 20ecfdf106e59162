import { describe, expect, test } from 'vitest';
import { running, tenMinutes, truth } from '../running-job.ts';
import { openWatchdog, START_MS, type Watchdog, type WatchdogOptions } from '../watchdog.ts';

const SLOW_PAGE_MS = 15_000;

/** A function that has time for three pages of 500 jobs, and what it asks the list for. */
interface Slow extends Watchdog {
  /** The query of each request for a page, in order. */
  readonly pages: URLSearchParams[];
}

async function openSlow(policies = tenMinutes(), more: Partial<WatchdogOptions> = {}): Promise<Slow> {
  const watchdog = await openWatchdog({
    policies,
    environment: { WATCHDOG_SWEEP_TOPICS: 'cancel=projects/p/topics/t', CLOUD_RUN_TIMEOUT_SECONDS: '60' },
    ...more,
  });
  const pages: URLSearchParams[] = [];
  watchdog.simulator.setFaults(({ method, request }) => {
    if (method !== 'list') return undefined;
    pages.push(new URL(request.path, 'http://simulator.invalid').searchParams);
    return { kind: 'slow', ms: SLOW_PAGE_MS };
  });
  return { ...watchdog, pages };
}

/** So many jobs that nobody minds, the newest first and each with a time of its own. */
function crowd(watchdog: Watchdog, jobs: number, newestMinutes = 1): void {
  for (let index = 0; index < jobs; index++)
    running(watchdog, `crowd-${index}`, newestMinutes + index / 1_000);
}

/** Sweeps, and delivers what that sends, to the last page. Returns how many sweeps it took. */
async function round(watchdog: Watchdog): Promise<number> {
  for (let sweeps = 1; sweeps < 10; sweeps++) {
    const sent = watchdog.continuations.length;
    expect(await watchdog.sweep()).toEqual({ status: 204, deadLetter: false });
    if (watchdog.continuations.length === sent) return sweeps;
  }
  throw new Error('nine sweeps did not come to the last page');
}

function trips({ alerts }: Watchdog): number {
  return alerts.filter(({ type }) => type === 'bigquery-watchdog.breaker.tripped.v1').length;
}

function stopped(watchdog: Watchdog, jobIds: readonly string[]): number {
  return jobIds.filter((jobId) => truth(watchdog, jobId).state === 'DONE').length;
}

/** How many jobs the sweeps say they saw. */
function seen({ lines }: Watchdog): number {
  return lines
    .filter((line) => line.includes('"message":"sweep done"'))
    .reduce((sum, line) => sum + Number(/"jobs":(\d+)/.exec(line)?.[1]), 0);
}

describe('a project whose list takes longer than a sweep has', () => {
  test('is looked through by several, each job once, and its oldest job is stopped', async () => {
    const watchdog = await openSlow();
    crowd(watchdog, 4_200);
    running(watchdog, 'oldest', 30);
    expect(await round(watchdog)).toBe(3);
    expect(truth(watchdog, 'oldest').state).toBe('DONE');
    expect(seen(watchdog)).toBe(4_201);
    expect(new Set(watchdog.pages.map(String)).size).toBe(9);
    expect(watchdog.pages).toHaveLength(9);
  });

  test('begins with the newest job again after its last page', async () => {
    const watchdog = await openSlow();
    crowd(watchdog, 1_600);
    await round(watchdog);
    const { length } = watchdog.pages;
    running(watchdog, 'new', 11);
    await round(watchdog);
    expect(watchdog.pages[length]?.has('maxCreationTime')).toBe(false);
    expect(truth(watchdog, 'new').state).toBe('DONE');
  });

  test('is gone on with by a tick where the continuation is lost, for five minutes', async () => {
    const watchdog = await openSlow();
    crowd(watchdog, 4_200);
    running(watchdog, 'oldest', 30);
    await watchdog.sweep();
    await watchdog.clock.advanceBy(4 * 60_000);
    await watchdog.sweep();
    const endedAtMs = watchdog.clock.now();
    expect(watchdog.pages[3]?.has('maxCreationTime')).toBe(true);
    await watchdog.clock.advanceTo(endedAtMs + 5 * 60_000);
    const { length } = watchdog.pages;
    await watchdog.sweep();
    expect(watchdog.pages[length]?.has('maxCreationTime')).toBe(false);
  });

  test('is not harmed by continuations that come twice', async () => {
    const watchdog = await openSlow();
    crowd(watchdog, 1_600);
    running(watchdog, 'oldest', 30);
    await watchdog.sweep();
    const first = watchdog.sweep();
    await watchdog.sweep();
    await first;
    await watchdog.sweep();
    expect(watchdog.lines.filter((line) => line.includes('lease-held'))).toHaveLength(1);
    expect(watchdog.stepsOf('oldest')).toEqual(['cancelling', 'cancelled']);
    expect(watchdog.simulator.writes).toHaveLength(1);
  });

  test('is gone on with from the last page that came, when one does not', async () => {
    const watchdog = await openSlow();
    crowd(watchdog, 1_100);
    running(watchdog, 'oldest', 30);
    watchdog.simulator.setFaults(({ method, page = 1 }) =>
      method === 'list' && page > 1 ? { kind: 'silent' } : undefined,
    );
    expect((await watchdog.sweep()).status).toBe(503);
    expect((await watchdog.sweep()).status).toBe(503);
    expect(await watchdog.sweep()).toEqual({ status: 204, deadLetter: false });
    expect(truth(watchdog, 'oldest').state).toBe('DONE');
  });

  test('comes past a millisecond of more jobs than one sweep can see', async () => {
    const watchdog = await openSlow();
    for (let index = 0; index < 2_000; index++) running(watchdog, `at-once-${index}`, 1);
    running(watchdog, 'oldest', 30);
    await round(watchdog);
    expect(truth(watchdog, 'oldest').state).toBe('DONE');
  });
});

test('a last page that comes late needs no further sweep', async () => {
  const watchdog = await openSlow();
  crowd(watchdog, 600);
  running(watchdog, 'oldest', 30);
  watchdog.simulator.setFaults(({ method }) =>
    method === 'list' ? { kind: 'slow', ms: 18_500 } : undefined,
  );
  expect(await round(watchdog)).toBe(1);
  expect(truth(watchdog, 'oldest').state).toBe('DONE');
});

describe('the breaker, where a list is seen in parts', () => {
  const ofBob = `
version: 1
mode: enforce
breaker: { acts: 1000, per: 1h, share: 20% }
policies:
  - { name: short, match: { principals: ["bob@example.com"] }, limit: { runtime: 29s }, action: cancel }
`;
  const names = Array.from({ length: 600 }, (_, index) => `bob-${index}`);

  test('weighs the guilty of the last part against all jobs', async () => {
    const watchdog = await openSlow();
    crowd(watchdog, 3_000);
    const oldest = names.slice(0, 10);
    for (const jobId of oldest) running(watchdog, jobId, 30);
    await round(watchdog);
    expect(stopped(watchdog, oldest)).toBe(10);
    expect(trips(watchdog)).toBe(0);
  });

  test.each([
    // As many as a position names; the next round does the rest.
    { name: 'does not trip where they are few of all', jobs: 3_000, done: 500, tripped: 0 },
    { name: 'trips before the first act where they are too many of all', jobs: 2_999, done: 0, tripped: 1 },
  ])('of 600 guilty in the first part $name', async ({ jobs, done, tripped }) => {
    const watchdog = await openSlow(ofBob);
    names.forEach((jobId, index) => {
      running(watchdog, jobId, 0.5 + index / 10_000, { principal: 'bob@example.com' });
    });
    crowd(watchdog, jobs - names.length);
    await watchdog.sweep();
    expect(watchdog.simulator.writes).toHaveLength(0);
    await round(watchdog);
    expect(stopped(watchdog, names)).toBe(done);
    expect(trips(watchdog)).toBe(tripped);
  });

  test('findings that only alert are told before the last part', async () => {
    const watchdog = await openSlow(ofBob.replace('action: cancel', 'action: alert'));
    running(watchdog, 'bob', 0.5, { principal: 'bob@example.com' });
    crowd(watchdog, 1_600);
    await watchdog.sweep();
    expect(watchdog.stepsOf('bob')).toEqual(['observed']);
    expect(watchdog.clock.now()).toBeLessThan(START_MS + 60_000);
  });
});
