import type { Holds } from '../policy/holds/holds.ts';
import type { Policies } from '../policy/policy.ts';
import type { Family } from './family.ts';
import type { PurgeVerdict } from './purge-verdict.ts';

/** What the ledger knows of the chain of retries that a job belongs to. */
export type ChainState =
  /** No retry was claimed. */
  | { readonly kind: 'none' }
  /** An attempt is scheduled or runs; nothing is inserted from `untilMs` on. */
  | { readonly kind: 'under-way'; readonly untilMs: number }
  /** The last claim of the chain has ended. */
  | { readonly kind: 'over' }
  /** Of an attempt's job: the job that the chain began with is still there, and goes first, until then. */
  | { readonly kind: 'origin-stands'; readonly untilMs: number };

/** Everything besides the family and the policies that a verdict on a purge may rest on. */
export interface PurgeFacts {
  readonly nowMs: number;
  readonly holds: Holds;
  readonly chain: ChainState;
}

/**
 * What the policies say of deleting the metadata of a job that ended, with that of its children. Pure, deterministic,
 * total. What even whole `jobs.get` answers do not tell leaves a policy undecided.
 */
export function judgePurge(
  _family: Family,
  _policies: Pick<Policies, 'purge' | 'retry'>,
  _facts: PurgeFacts,
): PurgeVerdict {
  return { findings: [], undecided: [] };
}
