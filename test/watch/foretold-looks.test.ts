import { expect, test } from 'vitest';
import { MINUTE_MS, running, truth } from '../running-job.ts';
import { openWatchdog, START_MS, type Watchdog } from '../watchdog.ts';

const HOUR_MS = 60 * MINUTE_MS;
const SECOND_MS = 1_000;

async function open(): Promise<{ watchdog: Watchdog; looks: () => number; cancelledAtMs: () => number[] }> {
  const watchdog = await openWatchdog({
    policies: `
version: 1
mode: enforce
policies:
  - { name: slots, limit: { slotTime: 100h }, action: cancel }
  - { name: long, limit: { runtime: 10h10m }, action: cancel }
`,
  });
  let looks = 0;
  watchdog.simulator.setFaults(({ method }) => {
    if (method === 'get') looks += 1;
    return undefined;
  });
  const cancelledAtMs = () =>
    watchdog.simulator.writes.flatMap(({ method, atMs }) => (method === 'cancel' ? [atMs - START_MS] : []));
  return { watchdog, looks: () => looks, cancelledAtMs };
}

/** Jobs that have used almost what their limit allows, and use nothing more. */
function stalled({ simulator }: Watchdog, count: number, hours = 10): void {
  const startedAtMs = String(START_MS - hours * HOUR_MS);
  for (let index = 0; index < count; index++) {
    const jobId = `stalled-${index}`;
    const jobReference = { projectId: 'my-project', location: 'US', jobId };
    const totalSlotMs = String(100 * HOUR_MS - SECOND_MS);
    simulator.load(
      {
        kind: 'bigquery#job',
        id: `my-project:US.${jobId}`,
        jobReference,
        user_email: 'ada@example.com',
        configuration: { jobType: 'QUERY', query: { query: 'SELECT 1', priority: 'INTERACTIVE' } },
        status: { state: 'RUNNING' },
        statistics: {
          creationTime: startedAtMs,
          startTime: startedAtMs,
          totalSlotMs,
          query: { statementType: 'SELECT', totalSlotMs },
        },
      },
      { slots: 0 },
    );
  }
}

test('a job that stands still just below a limit is looked at ever more seldom, six times a minute', async () => {
  const { watchdog, looks } = await open();
  stalled(watchdog, 1);
  await watchdog.sweep();
  expect(looks()).toBe(6);
});

test('a thousand of them are looked at no more than 180 times a minute, and keep no act from its time', async () => {
  const { watchdog, looks, cancelledAtMs } = await open();
  stalled(watchdog, 1_000);
  running(watchdog, 'victim', 10 * 60 + 9.5);
  await watchdog.sweep();
  expect(truth(watchdog, 'victim').state).toBe('DONE');
  expect(looks()).toBeLessThan(190);
  expect(cancelledAtMs()).toHaveLength(1);
  expect(cancelledAtMs()[0]).toBeLessThanOrEqual(32_000);
});

test('one that goes on at its rate is stopped in its time, beside many that stand still', async () => {
  const { watchdog, cancelledAtMs } = await open();
  stalled(watchdog, 1_000);
  // It has used 100 h of slot time when it is an hour and 50 s old.
  running(watchdog, 'steady', 60, { slots: (100 * HOUR_MS) / (HOUR_MS + 50 * SECOND_MS) });
  await watchdog.sweep();
  expect(truth(watchdog, 'steady').state).toBe('DONE');
  const [atMs = 0] = cancelledAtMs();
  expect(atMs).toBeGreaterThan(50_000);
  expect(atMs).toBeLessThanOrEqual(52_000);
});

test('one that stands still is stopped in its time by a limit that time alone brings', async () => {
  const { watchdog, cancelledAtMs } = await open();
  stalled(watchdog, 1, 10 + 9.6 / 60);
  await watchdog.sweep();
  const [atMs = 0] = cancelledAtMs();
  expect(atMs).toBeGreaterThan(24_000);
  expect(atMs).toBeLessThanOrEqual(26_000);
});
