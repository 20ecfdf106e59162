import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scopeKey, slotKey } from '../../shared/ledger/breaker-keys.ts';
import type { BreakerScope } from '../../shared/ledger/ledger.ts';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import { openLedger } from '../../shared/ledger/stored-ledger.ts';
import { HOUR_MS } from './ledger-examples.ts';
import { ManualClock } from './manual-clock.ts';
import { newRecording, recordingStore } from './recording-store.ts';

const DOCS = readFileSync(join(import.meta.dirname, '../../docs/ledger.md'), 'utf8');
const SCOPE: BreakerScope = { verb: 'cancel', policy: 'long' };
const ASKERS = 20;

interface Case {
  readonly taken: number;
  readonly acts: number;
  /** What acts was when they were taken, if it has been lowered since. */
  readonly was?: number;
}

const CASES: readonly Case[] = [
  { acts: 50, taken: 0 },
  { acts: 50, taken: 25 },
  { acts: 50, taken: 49 },
  { acts: 50, taken: 50 },
  { acts: 5_000, taken: 0 },
  { acts: 5_000, taken: 100 },
  { acts: 5_000, taken: 1_000 },
  { acts: 5_000, taken: 2_500 },
  { acts: 5_000, taken: 4_999 },
  { acts: 5_000, taken: 5_000 },
  { acts: 2_000, was: 5_000, taken: 1_000 },
];

/** Slots as they stand when that many are taken, in no order of numbers. */
async function fill(
  store: SqliteStore,
  clock: ManualClock,
  { taken, acts, was = acts }: Case,
): Promise<void> {
  const expiresAtMs = clock.now() + HOUR_MS;
  await store.write(
    Array.from({ length: taken }, (_, index) => {
      const number = (index * 7) % was;
      const body = { scope: SCOPE, number, claimKey: `early-${index}` };
      const key = slotKey(SCOPE, number);
      return { kind: 'create', collection: 'slots', key, group: scopeKey(SCOPE), body, expiresAtMs };
    }),
  );
}

test.each(CASES)('with $taken of $acts slots taken, a take reads what docs/ledger.md says', async (it) => {
  const clock = new ManualClock();
  const store = new SqliteStore({ path: ':memory:', clock });
  await fill(store, clock, it);
  const reads: number[] = [];
  for (let asker = 0; asker < ASKERS; asker++) {
    const recording = newRecording();
    const ledger = openLedger(recordingStore(store, recording), clock);
    const answer = await ledger.takeSlot(SCOPE, `asker-${asker}`, it.acts, HOUR_MS);
    expect(answer).toBe(it.taken < it.acts ? 'taken' : 'none-left');
    reads.push(recording.reads);
    await ledger.freeSlot(SCOPE, `asker-${asker}`);
  }
  await store.close();
  const [least, most] = [Math.min(...reads), Math.max(...reads)];
  const acts = it.was === undefined ? shown(it.acts) : `${shown(it.acts)}, lowered from ${shown(it.was)}`;
  const told = least === most ? least : `${least} to ${most}`;
  expect(DOCS).toContain(`| ${acts} | ${shown(it.taken)} | ${told} |`);
});

function shown(count: number): string {
  return count.toLocaleString('en');
}
