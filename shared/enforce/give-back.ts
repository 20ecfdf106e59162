import type { HeldClaim } from '../ledger/ledger.ts';
import type { EnforcePorts } from './ports.ts';
import type { SecondLook } from './second-look.ts';

/**
 * No act was done: the claim may be won again, and its slot is free.
 *
 * @param why what a look told, or that the policy may do no act
 */
export async function giveBack(
  held: HeldClaim,
  why: SecondLook | 'breaker-open',
  ports: EnforcePorts,
): Promise<void> {
  const { claim } = held;
  const outcome = outcomeOf(why);
  await ports.ledger.advance(held, { state: 'void', outcome }, []);
  await ports.ledger.freeSlot({ verb: claim.verb, policy: claim.policy }, claim.key);
  ports.log.info('claim void', { job: claim.job, policy: claim.policy, outcome });
}

function outcomeOf(why: SecondLook | 'breaker-open'): string {
  if (why === 'breaker-open') return why;
  return why.kind === 'judged' ? 'no-longer-guilty' : why.kind;
}
