import type { Policies } from '../policy/policy.ts';
import type { Family } from './family.ts';
import { judgeRetry } from './judge-retry.ts';

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

export interface RetryFirst {
  readonly nowMs: number;
  readonly endedAtMs: number;
  readonly chain: ChainState;
}

/**
 * Until when a chain of retries may still need a job, in milliseconds since the epoch (design, rule 6): it goes first,
 * also where the retry's own event is late and nothing is claimed yet. At the beginning of time where none does.
 */
export function retryFirstUntilMs(
  { root, facts }: Family,
  policies: Pick<Policies, 'retry'>,
  { nowMs, endedAtMs, chain }: RetryFirst,
): number {
  if (chain.kind === 'over') return 0;
  if (chain.kind === 'origin-stands') return chain.untilMs;
  const known = chain.kind === 'under-way' ? chain.untilMs : 0;
  const { act, findings } = judgeRetry(root.job, facts, policies, {
    nowMs,
    attemptsMade: 0,
    rootEndedAtMs: endedAtMs,
  });
  if (act === undefined) return known;
  const answering = new Set(
    findings
      .filter(({ outcome, mode }) => outcome === 'retry' && mode === 'enforce')
      .map(({ policy }) => policy),
  );
  const deadlines = policies.retry
    .filter(({ name }) => answering.has(name))
    .map(({ rule }) => endedAtMs + rule.deadlineMs);
  return Math.max(known, ...deadlines);
}
