import type { RetryDetails } from '../ledger/ledger.ts';
import { UNSEEN_FOR_MS } from './just-made.ts';

/** One answer of BigQuery's that a job is not there may be wrong. */
export interface LookOnceMore {
  readonly atMs: number;
  readonly missing: NonNullable<RetryDetails['missing']>;
}

/**
 * When to look once more for a job of a chain that `jobs.get` does not know, though it was seen, and what its claim
 * remembers until then. Undefined: it was not there a while ago either, and is gone.
 */
export function lookOnceMore(
  jobId: string,
  { missing }: RetryDetails,
  now: number,
): LookOnceMore | undefined {
  // A clock that was ahead may have noted a time to come.
  const sinceMs = missing?.jobId === jobId ? Math.min(missing.sinceMs, now) : now;
  const atMs = sinceMs + UNSEEN_FOR_MS;
  return now < atMs ? { atMs, missing: { jobId, sinceMs } } : undefined;
}

/** What the claim knows once all jobs that it needs were there. */
export function withoutMissing({ missing: _, ...rest }: RetryDetails): RetryDetails {
  return rest;
}
