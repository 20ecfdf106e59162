import { describe, expect, test } from 'vitest';
import { cancelByHand } from '../../shared/enforce/by-hand.ts';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { MINUTE_MS, running, tenMinutes, truth } from '../running-job.ts';
import { simulatedJobsApi } from '../simulated-jobs-api.ts';
import { seeded } from '../simulator/playground.ts';
import { openWatchdog, START_MS, type Watchdog } from '../watchdog.ts';

/** With so many instances, each has one request a second and one in flight. */
const TINY = { WATCHDOG_MAX_INSTANCES: '300' };

/** Guilty jobs, others that need no look, and a BigQuery that takes twelve seconds for each look. */
async function crowded(guilty: number, environment: Record<string, string>): Promise<Watchdog> {
  const watchdog = await openWatchdog({ policies: tenMinutes(), environment });
  for (let index = 0; index < guilty; index++) running(watchdog, `guilty-${index}`, 30);
  for (let index = 0; index < 20; index++) running(watchdog, `young-${index}`, 1);
  watchdog.simulator.setFaults(({ method }) => (method === 'get' ? { kind: 'slow', ms: 12_000 } : undefined));
  return watchdog;
}

const requests = (watchdog: Watchdog) => watchdog.simulator.writes.map(({ atMs }) => atMs - START_MS);

describe('a request that waits for its turn', () => {
  test.each([
    ['a stop', ({ runtime }: Watchdog) => runtime.ports.ledger.stop({ atMs: 0, by: 'ada' })],
    ['an exemption', async (watchdog: Watchdog) => watchdog.setPolicies(tenMinutes(', mode: observe'))],
  ])('is not sent after %s that came meanwhile', async (_, happens) => {
    const watchdog = await crowded(3, TINY);
    let happenedAtMs = Number.POSITIVE_INFINITY;
    const happening = watchdog.clock.sleep(15_000).then(async () => {
      await happens(watchdog);
      happenedAtMs = watchdog.clock.now() - START_MS;
    });
    await Promise.all([watchdog.sweep(), happening]);
    expect(requests(watchdog).filter((atMs) => atMs > happenedAtMs)).toEqual([]);
    expect(truth(watchdog, 'guilty-2').state).toBe('RUNNING');
    const claims = await watchdog.clock.run(watchdog.runtime.ports.ledger.recentClaims(0, 10));
    for (const { state, askedAtMs } of claims)
      expect({ state, askedAtMs }).toEqual({ state: 'void', askedAtMs: [] });
    expect(await watchdog.clock.run(watchdog.runtime.ports.ledger.breakers())).toEqual([]);
  });

  test('is sent in the end, however small the budget: its last look takes the same turn', async () => {
    const watchdog = await crowded(3, TINY);
    await watchdog.sweep();
    await watchdog.sweep();
    const states = [0, 1, 2].map((index) => truth(watchdog, `guilty-${index}`).state);
    expect(states).toEqual(['DONE', 'DONE', 'DONE']);
    expect(watchdog.simulator.writes).toHaveLength(3);
  });

  test('of a person too follows a look of then', async () => {
    const watchdog = await crowded(1, TINY);
    const { clock, simulator } = watchdog;
    const { ports } = watchdog.runtime;
    running(watchdog, 'ends', 0, { runMs: 40_000 });
    simulator.setFaults(({ method }) => ({ kind: 'slow', ms: method === 'cancel' ? 50_000 : 12_000 }));
    const name = { projectId: 'my-project', location: 'US', jobId: 'ends' };
    const span = {
      startedAtMs: START_MS,
      horizonAtMs: START_MS + 2 * MINUTE_MS,
      deadlineAtMs: START_MS + 4 * MINUTE_MS,
    };
    const byHand = cancelByHand(name, 'ada', span, { ...ports, holder: 'by-hand-1', leaseMs: 5 * MINUTE_MS });
    // While the second look is under way somebody comes before its request.
    const other = { ...name, jobId: 'guilty-0' };
    const hogging = clock
      .sleep(13_000)
      .then(() => ports.jobs.cancel(other, { deadlineAtMs: span.deadlineAtMs }))
      .catch(() => undefined);
    expect(await clock.run(byHand)).toMatchObject({ kind: 'ended-before' });
    await clock.run(hogging);
    expect(truth(watchdog, 'guilty-0').cancelRequestedAtMs).toHaveLength(1);
    expect(truth(watchdog, 'ends').cancelRequestedAtMs).toEqual([]);
  });
});

test('a stop that comes while the claim is written is heeded, and the request is not counted', async () => {
  const clock = new VirtualClock(START_MS);
  const store = new SqliteStore({ path: ':memory:', clock });
  const watchdog = await openWatchdog({ policies: tenMinutes(), clock, store });
  running(watchdog, 'guilty', 30);
  const write = store.write.bind(store);
  store.write = async (writes) => {
    const isMark = writes.some(
      (one) => 'body' in one && JSON.stringify(one.body).includes('"state":"asked"'),
    );
    if (isMark) await watchdog.runtime.ports.ledger.stop({ atMs: 0, by: 'ada' });
    return write(writes);
  };
  await watchdog.sweep();
  expect(watchdog.simulator.writes).toEqual([]);
  const [claim] = await clock.run(watchdog.runtime.ports.ledger.recentClaims(0, 10));
  expect(claim).toMatchObject({ state: 'void', askedAtMs: [] });
});

test('a request whose answer was lost has its minute from when it was sent, however long its turn took', async () => {
  const clock = new VirtualClock(START_MS);
  const simulator = new Simulator({ clock, random: seeded(1) });
  const api = simulatedJobsApi((request) => simulator.handle(request));
  const sentAtMs = new Map<string, number[]>();
  const watchdog = await openWatchdog({
    policies: tenMinutes(),
    clock,
    simulator,
    environment: TINY,
    parts: {
      jobsApi: () => ({
        ...api,
        get: async (name, signal) => {
          if (clock.now() < START_MS + 45_000) await clock.sleep(14_000);
          return api.get(name, signal);
        },
        cancel: async (name, signal) => {
          sentAtMs.set(name.jobId, [...(sentAtMs.get(name.jobId) ?? []), clock.now()]);
          await api.cancel(name, signal);
          throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
        },
      }),
    },
  });
  for (let index = 0; index < 4; index++) running(watchdog, `guilty-${index}`, 30, { cancel: 'stuck' });
  for (let index = 0; index < 20; index++) running(watchdog, `young-${index}`, 1);
  for (let tick = 0; tick < 3; tick++) await watchdog.sweep();
  expect([...sentAtMs.keys()]).toHaveLength(4);
  for (const times of sentAtMs.values()) {
    expect(times.length).toBeGreaterThan(1);
    const gaps = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
    // BigQuery tells whole seconds.
    for (const gapMs of gaps) expect(gapMs).toBeGreaterThan(MINUTE_MS - 1_000);
  }
});
