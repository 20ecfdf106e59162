import { expect, test } from 'vitest';
import { readPolicies } from '../../shared/policy/read-policies.ts';
import { type Scanned, scan } from '../../shared/watch/scan.ts';
import { MINUTE_MS, tenMinutes } from '../running-job.ts';
import { openWatchdog } from '../watchdog.ts';

/** What a scan tells on a machine whose clock is so far from BigQuery's, of one job that has just crossed. */
async function scanned(offMs: number): Promise<Scanned['kind'][]> {
  const { clock, simulator, runtime } = await openWatchdog({ policies: tenMinutes() });
  simulator.start({
    projectId: 'my-project',
    jobId: 'guilty',
    principal: 'ada@example.com',
    createdAtMs: clock.now() - 10 * MINUTE_MS - 5_000,
    runMs: Number.POSITIVE_INFINITY,
  });
  const { policies } = readPolicies(tenMinutes(), 'policies.yaml');
  const off = { now: () => clock.now() + offMs };
  const { jobs } = runtime.ports;
  const here: typeof jobs = {
    ...jobs,
    list: (...args) => jobs.list(...args),
    cancel: (...args) => jobs.cancel(...args),
    get: async (...args) => {
      const look = await jobs.get(...args);
      return { ...look, sentAtMs: look.sentAtMs + offMs, receivedAtMs: look.receivedAtMs + offMs };
    },
  };
  const told: Scanned['kind'][] = [];
  const span = { deadlineAtMs: clock.now() + MINUTE_MS };
  const all = async (): Promise<void> => {
    for await (const { kind } of scan('my-project', policies, span, { jobs: here, clock: off }))
      told.push(kind);
  };
  await clock.run(all());
  return told;
}

test.each([
  { name: 'right', offMs: 0, told: ['job', 'progress', 'done'] },
  { name: 'behind by less than is refused', offMs: -25_000, told: ['job', 'progress', 'done'] },
  { name: 'two hours behind', offMs: -120 * MINUTE_MS, told: ['no-time'] },
  { name: 'two hours ahead', offMs: 120 * MINUTE_MS, told: ['no-time'] },
])('on a machine whose clock is $name a scan calls nobody innocent by it', async ({ offMs, told }) => {
  expect(await scanned(offMs)).toEqual(told);
});
