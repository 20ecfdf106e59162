import { join } from 'node:path';
import type { Claim, ClaimChange, Ledger } from '../../shared/ledger/ledger.ts';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import { openLedger } from '../../shared/ledger/stored-ledger.ts';
import { JOB, request } from '../ledger/ledger-examples.ts';

export const HOUR_MS = 3_600_000;

/** Writes a ledger file as functions leave it behind, and gives its address. */
export async function ledgerFile(
  folder: string,
  name: string,
  fill: (ledger: Ledger, clock: { nowMs: number }) => Promise<void>,
): Promise<string> {
  const time = { nowMs: 0 };
  const clock = { now: () => time.nowMs };
  const path = join(folder, name);
  const ledger = openLedger(new SqliteStore({ path, clock }), clock);
  await fill(ledger, time);
  await ledger.close();
  return `sqlite:${path}`;
}

/** One act: won, then changed. */
export async function act(
  ledger: Ledger,
  about: Pick<Claim, 'policy'> & { jobId: string },
  change: ClaimChange = {},
): Promise<void> {
  const { policy, jobId } = about;
  const answer = await ledger.win(request({ policy, job: { ...JOB, jobId } }));
  if (answer.kind !== 'won') throw new Error(`expected to win, but the claim is ${answer.kind}`);
  await ledger.advance(answer.held, change, []);
}
