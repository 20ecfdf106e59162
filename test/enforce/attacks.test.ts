import { describe, expect, test } from 'vitest';
import { cancelWork } from '../../functions/cancel-work.ts';
import { handlePush } from '../../functions/push.ts';
import { NotFoundError, TerminalError } from '../../shared/bigquery/errors.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { startEntry } from '../functions/entries.ts';
import { MINUTE_MS, running, tenMinutes, truth } from '../running-job.ts';
import { simulatedJobsApi } from '../simulated-jobs-api.ts';
import { seeded } from '../simulator/playground.ts';
import { openWatchdog, pushBody, START_MS, type Watchdog } from '../watchdog.ts';

const trips = ({ alerts }: Watchdog) =>
  alerts.filter(({ type }) => type === 'bigquery-watchdog.breaker.tripped.v1').length;
const unwatchable = ({ alerts }: Watchdog) =>
  alerts.filter(({ type }) => type === 'bigquery-watchdog.project.unwatchable.v1').length;

describe('the breaker weighs only what was truly guilty', () => {
  test('not jobs that ended while their limit drew near', async () => {
    const watchdog = await openWatchdog({ policies: tenMinutes().replace('10m', '30s') });
    for (let index = 0; index < 20; index++) running(watchdog, `short-${index}`, 0, { runMs: 5_000 });
    await watchdog.sweep();
    expect(trips(watchdog)).toBe(0);
    await watchdog.clock.advanceTo(START_MS + MINUTE_MS);
    running(watchdog, 'guilty', 30);
    await watchdog.sweep();
    expect(truth(watchdog, 'guilty').state).toBe('DONE');
  });

  test('not jobs that only a wrong clock of ours calls guilty', async () => {
    const clock = new VirtualClock(START_MS);
    const behind = { now: () => clock.now() - 60 * MINUTE_MS, sleep: (ms: number) => clock.sleep(ms) };
    const simulator = new Simulator({ clock: behind, random: seeded(1) });
    const watchdog = await openWatchdog({ policies: tenMinutes(), clock, simulator });
    for (let index = 0; index < 10; index++) running(watchdog, `young-${index}`, 61);
    await watchdog.sweep();
    expect(trips(watchdog)).toBe(0);
  });

  test('not jobs that forged entries tell of', async () => {
    const policies = tenMinutes(', breaker: { acts: 3, per: 1h, share: 100% }');
    const watchdog = await openWatchdog({ policies });
    watchdog.simulator.setFaults(({ method }) => (method === 'get' ? { kind: 'slow', ms: 300 } : undefined));
    const createdAtMs = START_MS - 10 * MINUTE_MS + 4_000;
    const forged = [1, 2, 3, 4, 5].map((n) =>
      watchdog.push(startEntry({ jobId: `forged_${n}`, createdAtMs })),
    );
    await Promise.all(forged);
    expect(trips(watchdog)).toBe(0);
  });

  test('and each job once, on however many pages it stands', async () => {
    const watchdog = await openWatchdog({ policies: tenMinutes() });
    for (let index = 0; index < 6; index++) running(watchdog, `guilty-${index}`, 30);
    for (let index = 0; index < 14; index++) running(watchdog, `innocent-${index}`, 1);
    const { jobs } = watchdog.runtime.ports;
    const thrice = {
      ...watchdog.runtime.ports,
      jobs: {
        ...jobs,
        list: async function* (...args: Parameters<typeof jobs.list>) {
          for await (const page of jobs.list(...args)) yield* [page, page, page];
        },
      },
    };
    const body = pushBody({ sweep: { projectId: 'my-project' } });
    await watchdog.clock.run(handlePush(body, { ...watchdog.runtime, ports: thrice }, cancelWork));
    expect(trips(watchdog)).toBe(1);
    expect(watchdog.simulator.writes).toEqual([]);
  });
});

describe('a clock that is ahead by less than is refused', () => {
  test('is allowed for: a job that falls due is looked at a few times, not all the while', async () => {
    const clock = new VirtualClock(START_MS);
    const behind = { now: () => clock.now() - 29_000, sleep: (ms: number) => clock.sleep(ms) };
    const simulator = new Simulator({ clock: behind, random: seeded(1) });
    const watchdog = await openWatchdog({ policies: tenMinutes(), clock, simulator });
    let gets = 0;
    simulator.setFaults(({ method }) => {
      if (method === 'get') gets += 1;
      return undefined;
    });
    running(watchdog, 'soon', 10 + 29 / 60 - 0.25);
    await watchdog.sweep();
    expect(truth(watchdog, 'soon').state).toBe('DONE');
    expect(gets).toBeLessThan(10);
  });

  test('a clock that goes back during a sweep does not make it wait for hours', async () => {
    const real = new VirtualClock(START_MS);
    let backMs = 0;
    const clock = Object.assign(Object.create(real), { now: () => real.now() - backMs });
    const simulator = new Simulator({ clock: real, random: seeded(1) });
    const watchdog = await openWatchdog({ policies: tenMinutes(), clock, simulator });
    running(watchdog, 'soon', 9.5);
    const swept = watchdog.sweep();
    backMs = 60 * MINUTE_MS;
    await swept;
    expect(real.now()).toBeLessThan(START_MS + 5 * MINUTE_MS);
  });
});

describe('what keeps a project from being watched is told', () => {
  test('a listing that is refused for good', async () => {
    const watchdog = await openWatchdog({
      policies: tenMinutes(),
      environment: { WATCHDOG_PROJECTS: 'gone-project' },
    });
    const { jobs } = watchdog.runtime.ports;
    const refused = new NotFoundError({ method: 'list', target: 'jobs of gone-project', status: 404 });
    const list = () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(refused) }) });
    const runtime = { ...watchdog.runtime, ports: { ...watchdog.runtime.ports, jobs: { ...jobs, list } } };
    const body = pushBody({ sweep: { projectId: 'gone-project' } });
    for (let tick = 0; tick < 3; tick++) {
      expect((await watchdog.clock.run(handlePush(body, runtime, cancelWork))).status).toBe(204);
    }
    expect(unwatchable(watchdog)).toBe(1);
  });

  test('answers without a date', async () => {
    const watchdog = await openWatchdog({
      policies: tenMinutes(),
      parts: {
        jobsApi: () => ({
          get: async () => ({ body: {} }),
          list: async () => ({ body: { kind: 'bigquery#jobList', jobs: [] } }),
          insert: async () => ({ body: {} }),
          cancel: async () => ({ body: {} }),
          delete: async () => ({ body: {} }),
          asAccount: () => {
            throw new Error('nobody is acted as here');
          },
        }),
      },
    });
    await watchdog.sweep();
    await watchdog.sweep();
    expect(watchdog.alerts.map(({ type }) => type)).toEqual(['bigquery-watchdog.clock.untold.v1']);
  });
});

test('a project full of queries of a megabyte each is judged without their texts', async () => {
  const clock = new VirtualClock(START_MS);
  const simulator = new Simulator({ clock, random: seeded(1) });
  let received = 0;
  const jobsApi = () =>
    simulatedJobsApi(async (request) => {
      const response = await simulator.handle(request);
      received += JSON.stringify(response.body ?? null).length;
      return response;
    });
  const watchdog = await openWatchdog({ policies: tenMinutes(), clock, simulator, parts: { jobsApi } });
  const query = `SELECT ${'1,'.repeat(500_000)}1`;
  for (let index = 0; index < 300; index++) running(watchdog, `job-${index}`, index < 10 ? 30 : 1, { query });
  await watchdog.sweep();
  const stopped = simulator.allTruths().filter(({ state }) => state === 'DONE');
  expect(stopped.map(({ jobId }) => jobId).sort()).toEqual([...Array(10).keys()].map((n) => `job-${n}`));
  // All are listed; ten are looked at a few times, and cancelled.
  expect(received).toBeLessThan(300 * 3_000);
});

test('a job that BigQuery refuses to cancel is told to run on', async () => {
  const watchdog = await openWatchdog({ policies: tenMinutes() });
  running(watchdog, 'guilty', 30);
  const { jobs } = watchdog.runtime.ports;
  const cancel = async (): Promise<never> => {
    throw new TerminalError({ method: 'cancel', target: 'the job', status: 400, reason: 'invalid' });
  };
  const runtime = { ...watchdog.runtime, ports: { ...watchdog.runtime.ports, jobs: { ...jobs, cancel } } };
  const body = pushBody({ sweep: { projectId: 'my-project' } });
  for (let tick = 0; tick < 3; tick++) await watchdog.clock.run(handlePush(body, runtime, cancelWork));
  expect(watchdog.stepsOf('guilty')).toEqual(['could-not-cancel']);
  expect(JSON.stringify(watchdog.alerts)).toContain('request-refused');
});

test('an act does not wait for alerts of other policies that a transport holds up', async () => {
  const others = Array.from(
    { length: 12 },
    (_, n) => `  - { name: tell-${n}, limit: { runtime: 5m }, action: alert }`,
  );
  const publish = (): Promise<void> => new Promise(() => undefined);
  const watchdog = await openWatchdog({
    policies: `${tenMinutes()}${others.join('\n')}\n`,
    parts: { publisher: () => ({ publish }) },
  });
  running(watchdog, 'guilty', 30);
  await watchdog.sweep();
  expect(watchdog.simulator.writes[0]?.atMs ?? 0).toBeLessThan(START_MS + 2_000);
});
