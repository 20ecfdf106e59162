import type { HeldClaim } from '../ledger/ledger.ts';
import type { EnforcePorts } from './ports.ts';
import type { SecondLook } from './second-look.ts';

/** No act was done: the claim may be won again, and its slot is free. */
export async function giveBack(held: HeldClaim, look: SecondLook, ports: EnforcePorts): Promise<void> {
  const { claim } = held;
  const outcome = look.kind === 'judged' ? 'no-longer-guilty' : look.kind;
  await ports.ledger.advance(held, { state: 'void', outcome }, []);
  await ports.ledger.freeSlot({ verb: claim.verb, policy: claim.policy }, claim.key);
  ports.log.info('claim void', { job: claim.job, policy: claim.policy, outcome });
}
