import { expect, test } from 'vitest';
import { Simulator } from '../../simulator/simulator.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { MINUTE_MS, running, tenMinutes } from '../running-job.ts';
import { simulatedJobsApi } from '../simulated-jobs-api.ts';
import { seeded } from '../simulator/playground.ts';
import { openWatchdog, START_MS } from '../watchdog.ts';

test('an instance whose gets never came back acts again within a minute of BigQuery being well', async () => {
  const clock = new VirtualClock(START_MS);
  const simulator = new Simulator({ clock, random: seeded(1) });
  const api = simulatedJobsApi((request) => simulator.handle(request));
  let isSilent = true;
  const watchdog = await openWatchdog({
    policies: tenMinutes(', breaker: { acts: 1000, share: 100% }'),
    clock,
    simulator,
    // A tenth of Google's quota: 30 places, for 60 jobs.
    environment: { WATCHDOG_MAX_INSTANCES: '10' },
    parts: {
      jobsApi: () => ({
        ...api,
        get: (name, signal) => (isSilent ? new Promise(() => undefined) : api.get(name, signal)),
      }),
    },
  });
  for (let index = 0; index < 60; index++) running(watchdog, `guilty-${index}`, 30);
  await watchdog.sweep();
  isSilent = false;
  const wellAtMs = clock.now();
  await watchdog.sweep();
  const asked = simulator.writes.map(({ atMs }) => atMs - wellAtMs);
  expect(asked).toHaveLength(60);
  expect(Math.min(...asked)).toBeLessThan(MINUTE_MS);
});
