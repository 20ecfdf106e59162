import type { Alert } from '../alert/alert.schema.ts';
import { projectUnwatchable } from '../alert/system-alert.ts';
import type { Claim, ClaimChange, RetryDetails } from '../ledger/ledger.ts';
import { heldBack } from './held-back.ts';
import type { EnforcePorts } from './ports.ts';

/** So long may fail, each time it is tried, what may pass each time, before people are told. */
export const TOLD_AFTER_MS = 600_000;
const HOUR_MS = 3_600_000;

/** What is written into the claim, and told with it. */
export interface FailsForNow {
  readonly change: ClaimChange;
  readonly alerts: readonly Alert[];
}

/**
 * An attempt could not be started, for BigQuery did not answer or took no request, and is tried again. Once it has been
 * so for ten minutes people are told, once an hour for all jobs of the project.
 *
 * @param why for a person, and with no text of a job
 */
export function failsForNow(
  { job, verb }: Pick<Claim, 'job' | 'verb'>,
  retry: RetryDetails,
  why: string,
  { clock }: { readonly clock: Pick<EnforcePorts['clock'], 'now'> },
): FailsForNow {
  const now = clock.now();
  const change = heldBack(retry, 'request-failed', now);
  const { failingSinceMs: sinceMs = now } = change.retry ?? {};
  if (now - sinceMs < TOLD_AFTER_MS) return { change, alerts: [] };
  const since = new Date(sinceMs).toISOString();
  const detail = `a job could not be run again since ${since}, and others may wait with it; each is tried until its deadline. The last try: ${why}`;
  const kind = `retries fail ${Math.floor(now / HOUR_MS)}`;
  return { change, alerts: [projectUnwatchable(verb, job.projectId, kind, detail, now)] };
}
