import { describe, expect, test } from 'vitest';
import { LedgerUnavailableError } from '../../shared/ledger/errors.ts';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import type { LedgerStore } from '../../shared/ledger/store.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { startEntry } from '../functions/entries.ts';
import { MINUTE_MS, running, tenMinutes, truth } from '../running-job.ts';
import { jobAlerts, openWatchdog, START_MS, type Watchdog } from '../watchdog.ts';

function stop({ clock, runtime }: Watchdog): Promise<unknown> {
  return clock.run(runtime.ports.ledger.stop({ atMs: clock.now(), by: 'ada' }));
}

function resume({ clock, runtime }: Watchdog): Promise<unknown> {
  return clock.run(runtime.ports.ledger.resume());
}

/** What was told of a job: `step because`. */
function told({ alerts }: Watchdog, jobId: string): string[] {
  return jobAlerts(alerts)
    .filter(({ data }) => data.job.jobId === jobId)
    .map(({ data }) => [data.step, data.because].filter((word) => word !== undefined).join(' '));
}

test('stopped: a guilty job is told of and left alone; resumed: it is cancelled', async () => {
  const watchdog = await openWatchdog({ policies: tenMinutes() });
  running(watchdog, 'guilty', 20);
  await stop(watchdog);
  await watchdog.sweep();
  expect(told(watchdog, 'guilty')).toEqual(['observed stopped']);
  expect(truth(watchdog, 'guilty')).toMatchObject({ state: 'RUNNING', cancelRequestedAtMs: [] });
  expect(await watchdog.clock.run(watchdog.runtime.ports.ledger.recentClaims(0, 10))).toEqual([]);

  await resume(watchdog);
  await watchdog.clock.run(watchdog.clock.sleep(10_001));
  await watchdog.sweep();
  expect(truth(watchdog, 'guilty')).toMatchObject({ state: 'DONE', errorReason: 'stopped' });
  expect(told(watchdog, 'guilty')).toEqual(['observed stopped', 'cancelling', 'cancelled']);
});

test('a policy that only observes says so itself, also while all is stopped', async () => {
  const watchdog = await openWatchdog({ policies: tenMinutes(', mode: observe') });
  running(watchdog, 'guilty', 20);
  await stop(watchdog);
  await watchdog.sweep();
  expect(told(watchdog, 'guilty')).toEqual(['observed observe-mode']);
});

test('a stop is in force at once for acts, however fresh the policy that nominated', async () => {
  const watchdog = await openWatchdog({ policies: tenMinutes() });
  const { clock, runtime } = watchdog;
  // The instance has just read that nothing is stopped.
  await clock.run(runtime.ports.policies.recent());
  running(watchdog, 'guilty', 20);
  await stop(watchdog);
  await watchdog.sweep();
  expect(truth(watchdog, 'guilty').cancelRequestedAtMs).toEqual([]);
  expect(told(watchdog, 'guilty')).toEqual(['observed stopped']);
  // The slot that the nomination took is free again.
  expect(await clock.run(runtime.ports.ledger.breakers())).toEqual([]);
});

test('an act that waits for its job to cross a limit is not done when a stop came meanwhile', async () => {
  const watchdog = await openWatchdog({ policies: tenMinutes() });
  running(watchdog, 'soon', 9.5);
  watchdog.clock.sleep(10_000).then(() => watchdog.runtime.ports.ledger.stop({ atMs: 0, by: 'ada' }));
  await watchdog.sweep();
  expect(watchdog.clock.now()).toBeGreaterThanOrEqual(START_MS + MINUTE_MS / 2);
  expect(truth(watchdog, 'soon').cancelRequestedAtMs).toEqual([]);
});

test('a job that runs on after a cancel is not asked again while all is stopped', async () => {
  const watchdog = await openWatchdog({ policies: tenMinutes() });
  running(watchdog, 'stuck', 20, { cancel: 'stuck' });
  await watchdog.sweep();
  expect(truth(watchdog, 'stuck').cancelRequestedAtMs).toHaveLength(1);
  await stop(watchdog);
  for (let tick = 0; tick < 5; tick++) await watchdog.sweep();
  expect(truth(watchdog, 'stuck').cancelRequestedAtMs).toHaveLength(1);
  await resume(watchdog);
  // Whoever may not ask looks again after five minutes.
  await watchdog.clock.run(watchdog.clock.sleep(5 * MINUTE_MS));
  await watchdog.sweep();
  expect(truth(watchdog, 'stuck').cancelRequestedAtMs).toHaveLength(2);
});

describe('where jobs are only nominated', () => {
  /** A watchdog, when its ledger was asked for the stop, and whether that fails. */
  async function watched() {
    const clock = new VirtualClock(START_MS);
    const store = new SqliteStore({ path: ':memory:', clock });
    const reads: number[] = [];
    const ledger = { isDown: false };
    const watching: LedgerStore = {
      ...bound(store),
      get: async (collection, key) => {
        if (collection === 'stops') {
          reads.push(clock.now());
          if (ledger.isDown) throw new LedgerUnavailableError('here', 'it is down', 'wait');
        }
        return store.get(collection, key);
      },
    };
    const watchdog = await openWatchdog({ policies: tenMinutes(), clock, store: watching });
    const modes = async () =>
      (await clock.run(watchdog.runtime.ports.policies.recent())).cancel.map(({ mode }) => mode);
    return { watchdog, reads, ledger, modes };
  }

  test('the stop is not read while none is known, for whoever is nominated is looked at', async () => {
    const { watchdog, reads, modes } = await watched();
    const { clock } = watchdog;
    await stop(watchdog);
    reads.length = 0;
    for (let second = 0; second <= 25; second++) {
      expect(await modes()).toEqual(['enforce']);
      await clock.run(clock.sleep(1_000));
    }
    expect(reads).toEqual([]);
    running(watchdog, 'guilty', 20);
    const createdAtMs = START_MS - 20 * MINUTE_MS;
    await watchdog.push(startEntry({ jobId: 'guilty', principal: 'ada@example.com', createdAtMs }));
    expect(told(watchdog, 'guilty')).toEqual(['observed stopped']);
    expect(truth(watchdog, 'guilty').cancelRequestedAtMs).toEqual([]);
    expect(await modes()).toEqual(['observe']);
  });

  test('one that is known is read again every ten seconds, so that to resume takes hold', async () => {
    const { watchdog, reads, modes } = await watched();
    const { clock } = watchdog;
    await stop(watchdog);
    await watchdog.sweep();
    const startMs = clock.now();
    reads.length = 0;
    for (let second = 0; second <= 25; second++) {
      expect(await modes()).toEqual(['observe']);
      await clock.run(clock.sleep(1_000));
    }
    expect(reads.map((atMs) => atMs - startMs)).toEqual([11_000, 22_000]);
    await resume(watchdog);
    await clock.run(clock.sleep(10_001));
    expect(await modes()).toEqual(['enforce']);
  });

  test('one that cannot be read again stays in force', async () => {
    const { watchdog, ledger, modes } = await watched();
    await stop(watchdog);
    await watchdog.sweep();
    ledger.isDown = true;
    await watchdog.clock.run(watchdog.clock.sleep(MINUTE_MS));
    expect(await modes()).toEqual(['observe']);
  });

  test('an unreachable ledger keeps nobody from nominating, and nothing is done', async () => {
    const { watchdog, ledger, modes } = await watched();
    running(watchdog, 'guilty', 20);
    ledger.isDown = true;
    expect(await modes()).toEqual(['enforce']);
    await watchdog.sweep();
    expect(truth(watchdog, 'guilty').cancelRequestedAtMs).toEqual([]);
    ledger.isDown = false;
  });
});

test('a sweep reads the stop once at its beginning, however many jobs and pages it lists', async () => {
  const clock = new VirtualClock(START_MS);
  const store = new SqliteStore({ path: ':memory:', clock });
  let reads = 0;
  const counting: LedgerStore = {
    ...bound(store),
    get: (collection, key) => {
      if (collection === 'stops') reads++;
      return store.get(collection, key);
    },
  };
  const watchdog = await openWatchdog({ policies: tenMinutes(), clock, store: counting });
  for (let index = 0; index < 1_200; index++) running(watchdog, `job_${index}`, 1);
  reads = 0;
  await watchdog.sweep();
  expect(reads).toBe(1);
});

/** A store's methods, to be overlaid. */
function bound(store: LedgerStore): LedgerStore {
  return {
    place: store.place,
    get: (collection, key) => store.get(collection, key),
    find: (request) => store.find(request),
    count: (request) => store.count(request),
    write: (writes) => store.write(writes),
    increment: (key, by, expiresAtMs) => store.increment(key, by, expiresAtMs),
    close: () => store.close(),
  };
}
