import { expect, test } from 'vitest';
import { LedgerUnavailableError } from '../../shared/ledger/errors.ts';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import type { LedgerStore, Write } from '../../shared/ledger/store.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { MINUTE_MS, running, truth } from '../running-job.ts';
import { openWatchdog, START_MS, type Watchdog } from '../watchdog.ts';

const JOB = { projectId: 'my-project', location: 'US', jobId: 'job' };

/** The first cannot be decided while the job tells no tables; the second is. */
const POLICIES = `
version: 1
mode: enforce
policies:
  - { name: tables, match: { referencedTables: "secret.*" }, action: alert }
  - { name: long, limit: { runtime: 2h }, action: cancel }
`;

/** What Firestore takes: a document of a mebibyte. */
const MOST_BYTES = 1_048_487;

/** A store that takes no document larger than Firestore does, and says how often it was written of looks. */
function firestoreLike(store: LedgerStore): { store: LedgerStore; looksWritten: () => number } {
  let looks = 0;
  const isTooLarge = (write: Write) => 'body' in write && JSON.stringify(write.body).length > MOST_BYTES;
  return {
    looksWritten: () => looks,
    store: {
      place: store.place,
      get: (...at) => store.get(...at),
      find: (request) => store.find(request),
      count: (request) => store.count(request),
      increment: (...by) => store.increment(...by),
      close: () => store.close(),
      write: async (writes) => {
        if (writes.some(isTooLarge))
          throw new LedgerUnavailableError('firestore', 'INVALID_ARGUMENT', 'report it');
        looks += writes.filter(({ collection }) => collection === 'looks').length;
        return store.write(writes);
      },
    },
  };
}

async function openUndecided(): Promise<{ watchdog: Watchdog; looksWritten: () => number }> {
  const clock = new VirtualClock(START_MS);
  const { store, looksWritten } = firestoreLike(new SqliteStore({ path: ':memory:', clock }));
  const watchdog = await openWatchdog({ policies: POLICIES, clock, store });
  running(watchdog, JOB.jobId, 5);
  return { watchdog, looksWritten };
}

async function sweepEachMinute(watchdog: Watchdog, minutes: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let minute = 0; minute < minutes; minute++) {
    const beganAtMs = watchdog.clock.now();
    statuses.push((await watchdog.sweep()).status);
    await watchdog.clock.advanceTo(Math.max(beganAtMs + MINUTE_MS, watchdog.clock.now()));
  }
  return [...new Set(statuses)];
}

test('a job that cannot be decided is remembered in as little on its hundredth look as on its fourth', async () => {
  const { watchdog, looksWritten } = await openUndecided();
  await sweepEachMinute(watchdog, 100);
  expect(watchdog.stepsOf(JOB.jobId)).toEqual(['undecided']);
  expect(await watchdog.runtime.ports.ledger.lackedAtMs(JOB)).toHaveLength(4);
  // Three while it was not known, and one for each hour since.
  expect(looksWritten()).toBe(4);
});

test('and what one policy cannot decide keeps no other from its act', async () => {
  const { watchdog } = await openUndecided();
  expect(await sweepEachMinute(watchdog, 4)).toEqual([204]);
  const [stored] = await watchdog.store.find({ collection: 'looks', limit: 1 });
  if (stored === undefined) throw new Error('no look in vain was remembered');
  const { version: ifVersion, ...document } = stored;
  // As an earlier version of the watchdog has left it.
  const atMs = Array.from({ length: 74_880 }, (_, index) => START_MS - 74_880 + index);
  await watchdog.store.write([{ kind: 'replace', ifVersion, ...document, body: { atMs } }]);
  expect(await sweepEachMinute(watchdog, 120)).toEqual([204]);
  expect(truth(watchdog, JOB.jobId).state).toBe('DONE');
});
