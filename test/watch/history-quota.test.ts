import { expect, test } from 'vitest';
import { MINUTE_MS } from '../running-job.ts';
import { START_MS } from '../watchdog.ts';
import { DAY_MS, openPurge, POLICIES, type PurgingWatchdog } from './purging-watchdog.ts';

/** The most calls of one method within any second. */
function mostPerSecond({ calls }: PurgingWatchdog, method: string): number {
  const times = calls.filter((call) => call.method === method).map(({ atMs }) => atMs);
  return Math.max(
    0,
    ...times.map((fromMs) => times.filter((ms) => ms >= fromMs && ms < fromMs + 1_000).length),
  );
}

function history(watchdog: PurgingWatchdog, jobs: number): void {
  for (let index = 0; index < jobs; index++)
    watchdog.sensitive(`old_${index}`, START_MS - 90 * DAY_MS + index * 1_000);
}

test('a walk takes no more than its part of the calls that the account may make', async () => {
  const watchdog = await openPurge({ policies: POLICIES.replace('20%', '7%') });
  history(watchdog, 100);
  await watchdog.walk();
  expect(watchdog.deleted()).toHaveLength(100);
  expect(mostPerSecond(watchdog, 'get')).toBe(7);
  expect(mostPerSecond(watchdog, 'delete')).toBeLessThanOrEqual(7);
});

test('instances share that part, and of policies that say different ones the least counts', async () => {
  const other =
    '\n  - { name: more, sensitive: { labels: { a: b } }, purge: { history: { acts: 1, quota: 50% } } }\n';
  const watchdog = await openPurge({
    policies: POLICIES.trimEnd() + other,
    environment: { WATCHDOG_MAX_INSTANCES: '5' },
  });
  history(watchdog, 40);
  await watchdog.walk();
  expect(watchdog.deleted()).toHaveLength(40);
  expect(mostPerSecond(watchdog, 'get')).toBe(4);
});

/** 60 jobs fall due at one moment, and are purged by a sweep: when each was deleted. */
async function deletesOfSweep(besides: (watchdog: PurgingWatchdog) => Promise<unknown>): Promise<number[]> {
  const policies = POLICIES.replace('mode: enforce', 'mode: enforce\nbreaker: { acts: 100, per: 1h }');
  const watchdog = await openPurge({ policies });
  history(watchdog, 300);
  for (let index = 0; index < 60; index++) watchdog.sensitive(`live_${index}`, START_MS - 15 * MINUTE_MS);
  await Promise.all([besides(watchdog), watchdog.sweep()]);
  expect(watchdog.lines.filter((line) => line.includes('lease-held'))).toEqual([]);
  return watchdog.calls
    .filter(({ method, jobId }) => method === 'delete' && jobId.startsWith('live_'))
    .map(({ atMs }) => atMs);
}

test('what falls due is purged no later while a walk is under way', async () => {
  const alone = await deletesOfSweep(async () => undefined);
  const beside = await deletesOfSweep((watchdog) => watchdog.walk());
  expect(beside).toHaveLength(60);
  expect(Math.max(...beside) - Math.max(...alone)).toBeLessThanOrEqual(1_000);
});

test('a walk that may have one call in flight deletes families, too, whose look takes longer than it is good for', async () => {
  const watchdog = await openPurge({ environment: { WATCHDOG_MAX_INSTANCES: '100' } });
  const children = Array.from({ length: 40 }, () => ({ runMs: 10 }));
  watchdog.sensitive('script', START_MS - 90 * DAY_MS, { children });
  const { simulator } = watchdog;
  simulator.setFaults(({ method }) => (method === 'get' ? { kind: 'slow', ms: 1_000 } : undefined));
  await watchdog.walk();
  expect(watchdog.deleted()).toEqual(['script']);
});
