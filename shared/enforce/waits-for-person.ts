import type { Claim } from '../ledger/ledger.ts';
import { isOpen } from './breaker.ts';
import { isFreeAtMs } from './enforce.ts';
import type { EnforcePorts } from './ports.ts';

/** Less than a tick, so that the next sweep asks whether the person has acted. */
export const FOR_A_PERSON_MS = 30_000;
/** So long it is only asked; then a look tells what else has become of it, and it gives way to others that are due. */
const UNSEEN_MS = 5 * 60_000;

/**
 * Whether a retry or purge that is due waits still for a person to let acts be done again, or to reset a breaker: then it is
 * left as it stands, and nothing is looked at. So each sweep can ask, and goes on soon after the person acted.
 */
export async function waitsForPerson(
  claim: Claim,
  { clock, ledger, verb }: Pick<EnforcePorts, 'clock' | 'ledger' | 'verb'>,
): Promise<boolean> {
  const { policy, retry, purge, askedAtMs } = claim;
  if (askedAtMs.length > 0) return false;
  const now = clock.now();
  if (retry && now >= retry.deadlineAtMs) return false;
  if (now >= isFreeAtMs(claim) + UNSEEN_MS) return false;
  switch (retry?.heldBy ?? purge?.heldBy) {
    case 'stopped':
      return (await ledger.stopped()) !== undefined;
    case 'breaker-open':
      return isOpen({ name: policy }, { ledger, verb });
    default:
      return false;
  }
}
