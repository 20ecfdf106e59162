import type { ClaimAnswer, ClaimRequest } from '../ledger/ledger.ts';
import type { EnforcePorts, Span } from './ports.ts';

/** How long to wait for an instance that is at the same job, before looking whether it let go. */
const HELD_WAIT_MS = 2_000;

/** Wins a claim by hand. Whoever has it lets go of it within its own horizon, so it is waited for until ours. */
export async function winInTime(
  claim: Omit<ClaimRequest, 'verb' | 'holder' | 'leaseMs'>,
  span: Span,
  {
    clock,
    ledger,
    verb,
    holder,
    leaseMs,
  }: Pick<EnforcePorts, 'clock' | 'ledger' | 'verb' | 'holder' | 'leaseMs'>,
): Promise<ClaimAnswer> {
  for (;;) {
    const answer = await ledger.win({ ...claim, verb, holder, leaseMs });
    if (answer.kind !== 'held' || clock.now() + HELD_WAIT_MS > span.horizonAtMs) return answer;
    await clock.sleep(HELD_WAIT_MS);
  }
}
