import { expect, test } from 'vitest';
import { Simulator } from '../../simulator/simulator.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { startEntry } from '../functions/entries.ts';
import { running, truth } from '../running-job.ts';
import { simulatedJobsApi } from '../simulated-jobs-api.ts';
import { seeded } from '../simulator/playground.ts';
import { jobAlerts, openWatchdog, START_MS } from '../watchdog.ts';

const TIB = 1024 ** 4;
const POLICIES = `
version: 1
mode: enforce
pricing: { US: { usdPerTiB: 5 } }
policies:
  - name: expensive
    match: { principals: ["*@example.com"] }
    limit: { cost: 50 USD, basis: estimate }
    action: cancel
`;

/** The function, with the jobs for which `jobs.get` was asked. */
async function opened() {
  const clock = new VirtualClock(START_MS);
  const simulator = new Simulator({ clock, random: seeded(7) });
  const api = simulatedJobsApi((request) => simulator.handle(request));
  const asked: string[] = [];
  const counting: typeof api = {
    ...api,
    get: (name, call) => {
      asked.push(name.jobId);
      return api.get(name, call);
    },
  };
  const watchdog = await openWatchdog({
    policies: POLICIES,
    clock,
    simulator,
    parts: { jobsApi: () => counting },
  });
  const start = (jobId: string, principal = 'ada@example.com') =>
    watchdog.push(startEntry({ jobId, principal, createdAtMs: START_MS }));
  return { watchdog, asked, start };
}

test('a query that may cost too much is cancelled by the event of its start', async () => {
  const { watchdog, start } = await opened();
  running(watchdog, 'dear', 0, { estimatedBytes: 20 * TIB });
  await start('dear');
  expect(truth(watchdog, 'dear')).toMatchObject({ state: 'DONE', errorReason: 'stopped' });
  const [told] = jobAlerts(watchdog.alerts);
  expect(told?.data.measured).toEqual({
    limit: 'cost',
    unit: 'usd',
    value: 100,
    allowed: 50,
    basis: 'estimate',
  });
  expect(told?.data.sentence).toContain('is estimated to cost up to 100 USD of at most 50 USD');
});

test('an affordable start that matches takes one look, one that does not takes none', async () => {
  const { watchdog, asked, start } = await opened();
  running(watchdog, 'cheap', 0, { estimatedBytes: 10 * TIB });
  running(watchdog, 'other', 0, { estimatedBytes: 20 * TIB, principal: 'etl@my-project.iam' });
  await start('cheap');
  await start('other', 'etl@my-project.iam');
  expect(asked).toEqual(['cheap']);
  expect([truth(watchdog, 'cheap').state, truth(watchdog, 'other').state]).toEqual(['RUNNING', 'RUNNING']);
  expect(watchdog.alerts).toEqual([]);
});

test('what runs on slots is cancelled once it has used them up, whatever it was estimated to read', async () => {
  const { watchdog } = await opened();
  const reserved = { reservation: 'p:US.etl', edition: 'ENTERPRISE', estimatedBytes: 500 * TIB };
  running(watchdog, 'within', 30, { ...reserved, slots: 1_000 });
  running(watchdog, 'above', 60, { ...reserved, slots: 1_000 });
  await watchdog.sweep();
  expect([truth(watchdog, 'within').state, truth(watchdog, 'above').state]).toEqual(['RUNNING', 'DONE']);
  const [told] = jobAlerts(watchdog.alerts);
  expect(told?.data.sentence).toContain('has cost 60 USD of at most 50 USD');
});
