import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { startEntry } from '../functions/entries.ts';
import { MINUTE_MS } from '../running-job.ts';
import { openWatchdog, START_MS, type Watchdog } from '../watchdog.ts';
import { newRecording, recordingStore } from './recording-store.ts';

const DOCS = readFileSync(join(import.meta.dirname, '../../docs/ledger.md'), 'utf8');
const POLICIES = `
version: 1
mode: enforce
policies:
  - { name: short, match: { principals: ["*@example.com"] }, limit: { runtime: 10m }, action: cancel }
  - { name: note, match: { principals: ["*@example.org"] }, limit: { runtime: 10m }, action: alert }
`;

function run(watchdog: Watchdog, jobId: string, principal: string, minutes: number): number {
  const createdAtMs = START_MS - minutes * MINUTE_MS;
  watchdog.simulator.start({
    projectId: 'my-project',
    jobId,
    principal,
    createdAtMs,
    runMs: Number.POSITIVE_INFINITY,
  });
  return createdAtMs;
}

const entry = (watchdog: Watchdog, jobId: string, principal: string, minutes: number) => {
  const createdAtMs = run(watchdog, jobId, principal, minutes);
  return watchdog.push(startEntry({ jobId, principal, createdAtMs }));
};

/** What happens, and what it costs: reads, writes and deletes of documents, as Firestore bills them. */
const CASES: readonly {
  readonly name: string;
  readonly happens: (watchdog: Watchdog) => Promise<unknown>;
}[] = [
  { name: 'an event that needs no act', happens: (it) => entry(it, 'job', 'ada@example.com', 1) },
  { name: 'an event of a job that no policy matches', happens: (it) => entry(it, 'job', 'x@other.net', 30) },
  { name: 'an event that leads to a cancel', happens: (it) => entry(it, 'job', 'ada@example.com', 30) },
  { name: 'an event that is only alerted', happens: (it) => entry(it, 'job', 'ada@example.org', 30) },
  { name: 'a sweep that finds nothing to do', happens: (it) => it.sweep() },
  {
    name: 'a sweep over 500 jobs with nothing to do',
    happens: (it) => {
      for (let index = 0; index < 500; index++) run(it, `job_${index}`, 'ada@example.com', 1);
      return it.sweep();
    },
  },
  {
    name: 'a sweep that cancels a job',
    happens: (it) => {
      run(it, 'job', 'ada@example.com', 30);
      return it.sweep();
    },
  },
];

test.each(CASES)('$name costs what docs/ledger.md says', async ({ name, happens }) => {
  const clock = new VirtualClock(START_MS);
  const recording = newRecording();
  const store = recordingStore(new SqliteStore({ path: ':memory:', clock }), recording);
  const watchdog = await openWatchdog({ policies: POLICIES, clock, store });
  Object.assign(recording, newRecording());
  await happens(watchdog);
  const { reads, writes, deletes } = recording;
  expect(DOCS).toContain(`| ${name} | ${reads} | ${writes} | ${deletes} |`);
});

test('the start of an instance costs what docs/ledger.md says', async () => {
  const clock = new VirtualClock(START_MS);
  const inner = new SqliteStore({ path: ':memory:', clock });
  await openWatchdog({ policies: POLICIES, clock, store: inner });
  const recording = newRecording();
  await openWatchdog({ policies: POLICIES, clock, store: recordingStore(inner, recording) });
  const { reads, writes, deletes } = recording;
  expect(DOCS).toContain(`| the start of an instance | ${reads} | ${writes} | ${deletes} |`);
});
