import type { Claim } from './ledger.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './spans.ts';

/** No lease is longer: a function lives for an hour at the very most. */
export const LONGEST_LEASE_MS = HOUR_MS;

/** By how much two clocks may differ before one of them counts as wrong. */
const TOLERANCE_MS = MINUTE_MS;

/**
 * Whether a lease has longer to run than it was taken for: then the clock that took it was far ahead of
 * ours, and its end says nothing. To take over early does no harm, for every write has its version condition.
 */
export function isBeyondBelief(untilMs: number, nowMs: number, takenForMs = LONGEST_LEASE_MS): boolean {
  return untilMs - nowMs > Math.min(takenForMs, LONGEST_LEASE_MS) + TOLERANCE_MS;
}

/**
 * A claim with what only a clock far ahead can have written into it brought back to now, while it is unfinished.
 * When BigQuery was asked stays as it is: that is BigQuery's own time.
 */
export function believedClaim(claim: Claim, nowMs: number): Claim {
  if (claim.state === 'ended' || claim.state === 'void') return claim;
  const { leaseUntilMs, leaseMs, lookAtMs } = claim;
  return {
    ...claim,
    leaseUntilMs: isBeyondBelief(leaseUntilMs, nowMs, leaseMs) ? nowMs : leaseUntilMs,
    ...(lookAtMs !== undefined && {
      lookAtMs: !isPutOff(lookAtMs, claim, nowMs) && isBeyondBelief(lookAtMs, nowMs) ? nowMs : lookAtMs,
    }),
  };
}

/**
 * An act that was put off is due before its deadline, however far away that is. A purge has none: it is put off until
 * it is due, and what then keeps it back is looked at again every day at least.
 */
function isPutOff(lookAtMs: number, { retry, purge }: Claim, nowMs: number): boolean {
  if (retry) return lookAtMs <= retry.deadlineAtMs;
  return purge !== undefined && lookAtMs <= Math.max(purge.dueAtMs, nowMs + DAY_MS + TOLERANCE_MS);
}
