import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { newRecording, recordingStore } from '../ledger/recording-store.ts';
import { MINUTE_MS } from '../running-job.ts';
import { START_MS } from '../watchdog.ts';
import { attempt, ETL, fails, openRetry, type RetryingWatchdog, toldOf } from './retrying-watchdog.ts';

const doc = (name: string): string => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8');

/** What is measured comes after what these prepare, which is a sweep at the start at least. */
interface Case {
  readonly name: string;
  readonly before?: (watchdog: RetryingWatchdog) => Promise<unknown>;
  readonly happens: (watchdog: RetryingWatchdog) => Promise<unknown>;
}

const pushEnd = async (watchdog: RetryingWatchdog, jobId: string, minutes: number) => {
  await watchdog.clock.advanceTo(START_MS + minutes * MINUTE_MS);
  await watchdog.push(watchdog.entries.get(jobId)?.at(-1));
};

const CASES: readonly Case[] = [
  { name: 'a sweep for what ended that finds nothing', happens: (it) => it.sweepAt(1) },
  {
    name: 'an event of a job that succeeded',
    before: async ({ simulator }) =>
      simulator.start({
        projectId: 'my-project',
        jobId: 'job',
        principal: ETL,
        createdAtMs: START_MS + MINUTE_MS,
      }),
    happens: (it) => pushEnd(it, 'job', 2),
  },
  {
    name: 'an event of a failure that leads to a retry',
    before: async (it) => fails(it, 'job', 70),
    happens: (it) => pushEnd(it, 'job', 1.5),
  },
  {
    name: "an event of the retry's end",
    before: async (it) => {
      fails(it, 'job', 70);
      await pushEnd(it, 'job', 1.5);
    },
    happens: (it) => pushEnd(it, attempt('job', 1), 3),
  },
  {
    name: 'a sweep that finds a failure and starts its retry',
    before: async (it) => fails(it, 'job', 70),
    happens: (it) => it.sweepAt(2),
  },
  {
    name: 'a sweep that looks how the retry went',
    before: async (it) => {
      fails(it, 'job', 70);
      await it.sweepAt(2);
    },
    happens: (it) => it.sweepAt(4),
  },
  {
    name: 'a sweep to which lists tell of the failure again',
    before: async (it) => {
      fails(it, 'job', 70);
      await it.sweepAt(2, 4);
    },
    happens: (it) => it.sweepAt(6),
  },
];

test.each(CASES)('$name costs what the documents say', async ({ name, before, happens }) => {
  const clock = new VirtualClock(START_MS);
  const recording = newRecording();
  const store = recordingStore(new SqliteStore({ path: ':memory:', clock }), recording);
  const watchdog = await openRetry({ clock, store });
  await watchdog.sweepAt(0);
  await before?.(watchdog);
  Object.assign(recording, newRecording());
  watchdog.calls.length = 0;
  await happens(watchdog);
  const count = (method: string): number => watchdog.calls.filter((call) => call === method).length;
  const calls = ['get', 'list', 'insert', 'generateAccessToken'].map(count);
  const { reads, writes, deletes } = recording;
  expect(toldOf(watchdog, 'job').join()).not.toContain('gave-up');
  expect(doc('retry.md')).toContain(`| ${[name, ...calls].join(' | ')} |`);
  expect(doc('ledger.md')).toContain(`| ${[name, reads, writes, deletes].join(' | ')} |`);
});
