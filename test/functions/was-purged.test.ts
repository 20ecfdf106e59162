import { describe, expect, test } from 'vitest';
import { wasPurged } from '../../functions/was-purged.ts';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import { openLedger } from '../../shared/ledger/stored-ledger.ts';
import { JOB } from '../ledger/ledger-examples.ts';
import { certificate, purgeDetails, purgeRequest } from '../ledger/purge-examples.ts';
import { START_MS } from '../watchdog.ts';

function open() {
  const clock = { now: () => START_MS };
  return openLedger(new SqliteStore({ path: ':memory:', clock }), clock);
}

async function won() {
  const ledger = open();
  const answer = await ledger.win(purgeRequest({ purge: purgeDetails(START_MS) }));
  if (answer.kind !== 'won') throw new Error('it was not won');
  return { ledger, held: answer.held };
}

describe('a job that BigQuery knows no more', () => {
  test('was not purged where the ledger has nothing of it', async () => {
    expect(await wasPurged(JOB, open())).toBe(false);
  });

  test('was not purged by a claim that asked for nothing', async () => {
    const { ledger } = await won();
    expect(await wasPurged(JOB, ledger)).toBe(false);
  });

  test('may have been once it was asked for, and has been once that is certified', async () => {
    const { ledger, held } = await won();
    const asked = await ledger.advance(held, { state: 'asked', askedAtMs: [START_MS] }, []);
    expect(await wasPurged(JOB, ledger)).toBe(true);
    await ledger.advance(asked.held, { state: 'ended', outcome: 'purged' }, [], certificate(START_MS));
    expect(await wasPurged(JOB, ledger)).toBe(true);
  });

  test('has been by its certificate, whatever became of the claim', async () => {
    const { ledger, held } = await won();
    const ended = await ledger.advance(held, { state: 'ended' }, [], certificate(START_MS));
    await ledger.advance(ended.held, { state: 'void', outcome: 'there-again', askedAtMs: [] }, []);
    expect(await wasPurged(JOB, ledger)).toBe(true);
    expect(await wasPurged({ ...JOB, jobId: 'another' }, ledger)).toBe(false);
  });
});
