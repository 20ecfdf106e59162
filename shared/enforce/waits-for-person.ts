import type { Claim } from '../ledger/ledger.ts';
import { isOpen } from './breaker.ts';
import type { EnforcePorts } from './ports.ts';

/** Less than a tick, so that the next sweep asks again whether the person has acted. */
export const FOR_A_PERSON_MS = 30_000;

/**
 * Whether a retry waits still for a person to let acts be done again, or to reset a breaker: then nothing need be
 * looked at. Asked at each tick, so that it goes on soon after the person acted. Of one whose time is over,
 * whose policy has changed, or for which BigQuery was asked, a look tells what becomes of it.
 */
export async function waitsForPerson(
  { policy, retry, askedAtMs }: Claim,
  ports: Pick<EnforcePorts, 'clock' | 'ledger' | 'policies' | 'verb'>,
): Promise<boolean> {
  if (!retry || askedAtMs.length > 0 || ports.clock.now() >= retry.deadlineAtMs) return false;
  switch (retry.heldBy) {
    case 'stopped':
      return (await ports.ledger.stopped()) !== undefined;
    case 'breaker-open': {
      const { retry: policies } = await ports.policies.recent();
      const isInForce = policies.some(({ name, mode }) => name === policy && mode === 'enforce');
      return isInForce && isOpen({ name: policy }, ports);
    }
    default:
      return false;
  }
}
