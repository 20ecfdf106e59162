import { expect, test } from 'vitest';
import { NotFoundError } from '../../shared/bigquery/errors.ts';
import { cancelByHand } from '../../shared/enforce/by-hand.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { MINUTE_MS, running, tenMinutes, truth } from '../running-job.ts';
import { simulatedJobsApi } from '../simulated-jobs-api.ts';
import { seeded } from '../simulator/playground.ts';
import { openWatchdog, START_MS, type Watchdog } from '../watchdog.ts';

const HOG = { projectId: 'my-project', location: 'US', jobId: 'hog' };

interface Hog extends Watchdog {
  /** Answers every call of this method with 404, or no longer. */
  lieOf(method: 'get' | 'cancel' | undefined): void;
  claim(): Promise<unknown>;
}

/** A guilty job that heeds the second request only. */
async function hog(): Promise<Hog> {
  const clock = new VirtualClock(START_MS);
  const simulator = new Simulator({ clock, random: seeded(1) });
  const api = simulatedJobsApi((request) => simulator.handle(request));
  let lie: 'get' | 'cancel' | undefined;
  const answer = <T>(method: 'get' | 'cancel', true_: () => Promise<T>): Promise<T> =>
    lie === method ? Promise.reject(new NotFoundError({ method, target: 'hog', status: 404 })) : true_();
  const jobsApi = () => ({
    ...api,
    get: (...call: Parameters<typeof api.get>) => answer('get', () => api.get(...call)),
    cancel: (...call: Parameters<typeof api.cancel>) => answer('cancel', () => api.cancel(...call)),
  });
  const watchdog = await openWatchdog({ policies: tenMinutes(), clock, simulator, parts: { jobsApi } });
  running(watchdog, 'hog', 30, { cancel: { ignoresFirst: 1 } });
  const { ledger } = watchdog.runtime.ports;
  return {
    ...watchdog,
    lieOf: (method) => {
      lie = method;
    },
    claim: async () => (await ledger.claim(HOG, 'cancel', 1))?.claim,
  };
}

/** Asked once, and then BigQuery answers that it knows no such job. */
async function askedAndGone(): Promise<Hog> {
  const watchdog = await hog();
  watchdog.clock.sleep(10_000).then(() => watchdog.lieOf('get'));
  await watchdog.sweep();
  expect(await watchdog.claim()).toMatchObject({ state: 'ended', outcome: 'gone' });
  watchdog.lieOf(undefined);
  return watchdog;
}

test('a job that a look did not find is gone on with once it is seen to run: the same act, a minute after', async () => {
  const watchdog = await askedAndGone();
  for (const minute of [1, 2]) {
    await watchdog.clock.advanceTo(START_MS + minute * MINUTE_MS);
    await watchdog.sweep();
  }
  expect(truth(watchdog, 'hog').state).toBe('DONE');
  const [first = 0, second = 0, ...more] = watchdog.simulator.writes.map(({ atMs }) => atMs);
  expect(second - first).toBeGreaterThanOrEqual(MINUTE_MS - 1_000);
  expect(more).toEqual([]);
  expect(watchdog.stepsOf('hog')).toEqual(['cancelling', 'cancelled']);
  expect(await watchdog.claim()).toMatchObject({ outcome: 'cancelled', policy: 'short' });
  const breakers = await watchdog.runtime.ports.ledger.breakers();
  expect(breakers.map(({ taken }) => taken)).toEqual([1]);
});

test('a job that is gone for good is not looked for again', async () => {
  const watchdog = await askedAndGone();
  const due = await watchdog.runtime.ports.ledger.dueClaims(
    'cancel',
    'my-project',
    Number.MAX_SAFE_INTEGER,
    10,
  );
  expect(due.claims).toEqual([]);
});

test('a request that does not find its job gives the claim and its slot back', async () => {
  const watchdog = await hog();
  watchdog.lieOf('cancel');
  await watchdog.sweep();
  expect(await watchdog.claim()).toMatchObject({ state: 'void', outcome: 'gone', askedAtMs: [] });
  expect(await watchdog.runtime.ports.ledger.breakers()).toEqual([]);
  watchdog.lieOf(undefined);
  for (const minute of [1, 2]) {
    await watchdog.clock.advanceTo(START_MS + minute * MINUTE_MS);
    await watchdog.sweep();
  }
  expect(watchdog.stepsOf('hog')).toEqual(['cancelling', 'cancelled']);
});

test('a person can cancel it too', async () => {
  const watchdog = await askedAndGone();
  const { clock, runtime } = watchdog;
  const now = clock.now();
  const span = { startedAtMs: now, horizonAtMs: now + MINUTE_MS, deadlineAtMs: now + 3 * MINUTE_MS };
  const ports = { ...runtime.ports, holder: 'by-hand-1', leaseMs: 4 * MINUTE_MS };
  expect(await clock.run(cancelByHand(HOG, 'ada', span, ports))).toMatchObject({
    kind: 'acted',
    claim: { state: 'ended', outcome: 'cancelled' },
  });
  expect(truth(watchdog, 'hog').state).toBe('DONE');
});
