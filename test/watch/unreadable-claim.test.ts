import { expect, test } from 'vitest';
import { MINUTE_MS, running, tenMinutes, truth } from '../running-job.ts';
import { openWatchdog, START_MS, type Watchdog } from '../watchdog.ts';

/** An unfinished claim as a later version of the watchdog may write it. */
async function leaveUnreadable({ store }: Watchdog, ...names: readonly string[]): Promise<void> {
  const place = { collection: 'claims', group: 'cancel my-project', dueAtMs: START_MS } as const;
  const body = { verb: 'cancel', state: 'verifying' };
  for (const name of names) {
    await store.write([{ kind: 'create', ...place, key: `cancel:1:${name}`, body }]);
  }
}

test('an unfinished act that cannot be read keeps no other from being finished, and is told once a day', async () => {
  const watchdog = await openWatchdog({ policies: tenMinutes() });
  running(watchdog, 'guilty', 30, { cancel: { ignoresFirst: 1 } });
  await leaveUnreadable(watchdog, 'one', 'two');
  const statuses: number[] = [];
  for (let minute = 1; minute <= 10; minute++) {
    statuses.push((await watchdog.sweep()).status);
    await watchdog.clock.advanceTo(START_MS + minute * MINUTE_MS);
  }
  expect(new Set(statuses)).toEqual(new Set([204]));
  expect(truth(watchdog, 'guilty').state).toBe('DONE');
  expect(watchdog.stepsOf('guilty')).toContain('cancelled');
  const told = watchdog.alerts.filter(({ type }) => type === 'bigquery-watchdog.project.unwatchable.v1');
  expect(told).toHaveLength(1);
  expect(JSON.stringify(told)).toContain('unfinished acts that cannot be read: 2; ');
  expect(watchdog.lines.some((line) => line.includes('"count":2'))).toBe(true);
});
