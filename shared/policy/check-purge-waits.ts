import { printDuration } from '../units/duration.ts';
import type { CheckedPolicy } from './checked-policy.ts';
import { compileWaits } from './compile-purge.ts';
import { compileRule } from './compile-rule.ts';
import { keyPlace } from './located.ts';
import { mayMeet } from './may-meet.ts';

/** A failed job that is run again is purged after that only (design, rule 6), whatever its purge would wait for. */
export function checkPurgeWaits(policies: readonly CheckedPolicy[]): void {
  for (const policy of policies) {
    const { entry, aside, isSure } = policy;
    if (aside || entry.purge === undefined || !isSure('purge') || !isSure('match')) continue;
    const { afterFailureMs } = compileWaits(entry.purge);
    const longer = policies.find((other) => !other.aside && runsAgainAfter(other, policy, afterFailureMs));
    if (longer !== undefined) tell(policy, longer, afterFailureMs);
  }
}

function runsAgainAfter(retry: CheckedPolicy, { entry }: CheckedPolicy, afterMs: number): boolean {
  if (retry.entry.retry === undefined || !retry.isSure('retry') || !retry.isSure('match')) return false;
  return compileRule(retry.entry.retry).deadlineMs > afterMs && mayMeet(retry.entry.match, entry.match);
}

function tell({ entry, root, path, faults }: CheckedPolicy, retry: CheckedPolicy, afterMs: number): void {
  const { deadlineMs } = compileRule(retry.entry.retry ?? {});
  const message = `policy "${entry.name}" would purge failed jobs ${printDuration(afterMs)} after their end ("afterFailure"), and "${retry.entry.name}" may run some again for ${printDuration(deadlineMs)} ("deadline"): those are purged only after that`;
  faults.warning(keyPlace(root, [...path, 'purge'], 'afterFailure'), message, {
    allowed: `an "afterFailure" that is not below the "deadline"`,
  });
}
