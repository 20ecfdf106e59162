import type { ClaimRequest, Ledger } from '../../shared/ledger/ledger.ts';
import type { LedgerStore } from '../../shared/ledger/store.ts';
import { openLedger } from '../../shared/ledger/stored-ledger.ts';
import { ManualClock } from './manual-clock.ts';
import type { OpenStore } from './open-store.ts';

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export const JOB = { projectId: 'shop', location: 'EU', jobId: 'job_1' };
export const LEASE_MS = 6 * MINUTE_MS;

/** Names that a careless key would confuse, cut, or choke on. */
export const ODD_NAMES = [
  '__proto__',
  'constructor',
  '.',
  '..',
  'a/b',
  'a:b',
  'a%3Ab',
  '%',
  ' ',
  'naïve Straße 查询 🐕',
  `${'x'.repeat(1_500)}1`,
  `${'x'.repeat(1_500)}2`,
  '\u0000',
  '\ud800',
];

export interface World {
  readonly clock: ManualClock;
  readonly store: LedgerStore;
  readonly ledger: Ledger;
  /** Another instance of the watchdog on the same store. */
  readonly other: Ledger;
}

export async function openWorld(open: OpenStore): Promise<World> {
  const clock = new ManualClock();
  const store = await open(clock);
  return { clock, store, ledger: openLedger(store, clock), other: openLedger(store, clock) };
}

export function request(changes: Partial<ClaimRequest> = {}): ClaimRequest {
  const policy = changes.policy ?? 'long';
  return {
    job: JOB,
    verb: 'cancel',
    attempt: 1,
    policy,
    finding: {
      policy,
      degree: 'crossed',
      action: 'cancel',
      mode: 'enforce',
      measured: { limit: 'runtime', unit: 'duration', value: 42 * MINUTE_MS, allowed: 30 * MINUTE_MS },
      sentence: `has run 42 min of at most 30 min allowed by ${policy}`,
    },
    holder: 'instance-a',
    leaseMs: LEASE_MS,
    ...changes,
  };
}

/** What `win` wins, or a failed test. */
export async function won(ledger: Ledger, changes: Partial<ClaimRequest> = {}) {
  const answer = await ledger.win(request(changes));
  if (answer.kind !== 'won') throw new Error(`expected to win, but the claim is ${answer.kind}`);
  return answer.held;
}

export function alert(ceId: string, event: Readonly<Record<string, unknown>> = { id: ceId }) {
  return { ceId, event };
}

/** All `count` calls at once. */
export function race<T>(count: number, call: (racer: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, racer) => call(racer)));
}
