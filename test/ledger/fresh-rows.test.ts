import { expect, test } from 'vitest';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import { openLedger } from '../../shared/ledger/stored-ledger.ts';
import { alert } from './ledger-examples.ts';
import { ManualClock } from './manual-clock.ts';
import { newRecording, recordingStore } from './recording-store.ts';

/** Two ledgers on one store, and what the first of them costs. */
function opened() {
  const clock = new ManualClock();
  const store = new SqliteStore({ path: ':memory:', clock });
  const recording = newRecording();
  const ledger = openLedger(recordingStore(store, recording), clock);
  return { ledger, other: openLedger(store, clock), recording };
}

test('who added a row marks it as published without reading it', async () => {
  const { ledger, other, recording } = opened();
  await ledger.addAlerts([alert('a')]);
  const before = recording.reads;
  await ledger.markPublished('a');
  expect(recording.reads).toBe(before);
  expect((await other.unpublishedAlerts(9)).alerts).toEqual([]);
});

test('who did not add it reads it first', async () => {
  const { ledger, other, recording } = opened();
  await other.addAlerts([alert('a')]);
  await ledger.markPublished('a');
  expect(recording.reads).toBe(1);
  expect((await other.unpublishedAlerts(9)).alerts).toEqual([]);
});

test('a row that somebody else has marked meanwhile stays as they left it', async () => {
  const { ledger, other, recording } = opened();
  await ledger.addAlerts([alert('a')]);
  await other.markPublished('a');
  const { writes } = recording;
  await ledger.markPublished('a');
  await ledger.markPublished('a');
  expect(recording.writes).toBe(writes);
  expect((await other.unpublishedAlerts(9)).alerts).toEqual([]);
});

test('rows beyond those that are remembered are marked all the same', async () => {
  const { ledger, other } = opened();
  const rows = Array.from({ length: 1_001 }, (_, index) => alert(`alert-${index}`));
  await ledger.addAlerts(rows);
  for (const { ceId } of rows) await ledger.markPublished(ceId);
  expect((await other.unpublishedAlerts(9)).alerts).toEqual([]);
});
