import type { Claim, ClaimChange } from './ledger.ts';

/** A finished claim is not looked at again, and says when it ended. */
export function changedClaim(before: Claim, change: ClaimChange, nowMs: number): Claim {
  const after: Claim = { ...before, ...change };
  if (after.state === 'claimed' || after.state === 'asked') return after;
  const { lookAtMs: _, ...finished } = after;
  return { ...finished, endedAtMs: after.endedAtMs ?? nowMs };
}
