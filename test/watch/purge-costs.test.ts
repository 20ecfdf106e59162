import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { newRecording, recordingStore } from '../ledger/recording-store.ts';
import { MINUTE_MS } from '../running-job.ts';
import { START_MS } from '../watchdog.ts';
import { DAY_MS, openPurge, type PurgingWatchdog } from './purging-watchdog.ts';

const LEDGER = readFileSync(join(import.meta.dirname, '../../docs/ledger.md'), 'utf8');

/** What is measured comes after what these prepare, which is a sweep and a walk at the start at least. */
interface Case {
  readonly name: string;
  readonly before?: (watchdog: PurgingWatchdog) => Promise<unknown>;
  readonly happens: (watchdog: PurgingWatchdog) => Promise<unknown>;
  /** Calls of get, list and delete. */
  readonly calls: readonly number[];
}

const AT_MS = START_MS + MINUTE_MS;

const CASES: readonly Case[] = [
  {
    name: 'a sweep that looks at a job with nothing sensitive in it',
    before: async (it) => it.plain('job', AT_MS),
    happens: (it) => it.sweepAt(2),
    calls: [1, 2, 0],
  },
  {
    name: 'a sweep to which lists tell of that job again',
    before: async (it) => {
      it.plain('job', AT_MS);
      await it.sweepAt(2);
    },
    happens: (it) => it.sweepAt(3),
    calls: [0, 2, 0],
  },
  {
    name: 'a sweep that finds a sensitive job, which is due later',
    before: async (it) => it.sensitive('job', AT_MS),
    happens: (it) => it.sweepAt(2),
    calls: [1, 2, 0],
  },
  {
    name: 'a sweep that purges it',
    before: async (it) => {
      it.sensitive('job', AT_MS);
      await it.sweepAt(2, 15);
    },
    happens: (it) => it.sweepAt(16),
    calls: [3, 2, 1],
  },
  {
    name: 'a message of history with nothing new',
    happens: (it) => it.walk(START_MS - 180 * DAY_MS, START_MS),
    calls: [0, 0, 0],
  },
];

test.each(CASES)('$name costs what the documents say', async ({ name, before, happens, calls }) => {
  const clock = new VirtualClock(START_MS);
  const recording = newRecording();
  const store = recordingStore(new SqliteStore({ path: ':memory:', clock }), recording);
  const watchdog = await openPurge({ clock, store });
  await watchdog.walk();
  await watchdog.sweepAt(0);
  await before?.(watchdog);
  Object.assign(recording, newRecording());
  watchdog.calls.length = 0;
  await happens(watchdog);
  const count = (method: string): number => watchdog.calls.filter((call) => call.method === method).length;
  const { reads, writes, deletes } = recording;
  expect(['get', 'list', 'delete'].map(count)).toEqual(calls);
  expect(LEDGER).toContain(`| ${[name, reads, writes, deletes].join(' | ')} |`);
});
