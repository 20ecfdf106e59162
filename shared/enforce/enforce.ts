import type { Job } from '../job/job.ts';
import type { JobName } from '../job/job-name.ts';
import type { Finding } from '../judge/verdict.ts';
import { claimKey } from '../ledger/claim-key.ts';
import type { Claim, ClaimAnswer, HeldClaim } from '../ledger/ledger.ts';
import type { CancelPolicy } from '../policy/policy.ts';
import type { Gate } from './breaker.ts';
import { requestCancel } from './cancel.ts';
import type { EnforcePorts, Span } from './ports.ts';
import { pursueCancel } from './pursue.ts';
import { lookAndJudge, type SecondLook, stillGuilty } from './second-look.ts';
import { nextLookAtMs } from './verify.ts';

/** A cancel is asked for once per job; asking again is part of the same act. */
const ATTEMPT = 1;

export type Enforced =
  /** The act is under way or over, by this instance or another. Nothing is left to do for this job. */
  | { readonly kind: 'settled' }
  /** The breaker is open: nothing was done. */
  | { readonly kind: 'breaker-open' }
  /** Won, looked, and not done: what the look told. */
  | { readonly kind: 'void'; readonly look: SecondLook };

type Won = Extract<ClaimAnswer, { kind: 'won' }>;

/** An act that a nomination calls for. */
export interface Candidate {
  readonly job: Job;
  readonly policy: CancelPolicy;
  readonly finding: Finding;
}

/**
 * The life of an act (design, section 3): breaker slot, claim, look, judge again, do, record, verify.
 * Whatever goes wrong on the way leaves the claim as it stands: when its lease ends, a tick takes it over.
 */
export async function enforce(
  { job, policy, finding }: Candidate,
  gate: Gate,
  span: Span,
  ports: EnforcePorts,
): Promise<Enforced> {
  if (await isTaken(job.name, ports)) return { kind: 'settled' };
  const key = claimKey(job.name, ports.verb, ATTEMPT);
  if ((await gate.admit(policy, key)) === 'open') return { kind: 'breaker-open' };
  const { verb, holder, leaseMs } = ports;
  const claim = { job: job.name, verb, attempt: ATTEMPT, policy: policy.name, finding, holder, leaseMs };
  const answer = await ports.ledger.win(claim);
  return answer.kind === 'won' ? carryOn(answer, span, ports) : { kind: 'settled' };
}

/** Takes over a claim whose holder let go of it, or whose lease ran out. It keeps its slot. */
export async function resume(left: Claim, span: Span, ports: EnforcePorts): Promise<Enforced> {
  const { job, verb, attempt, policy, finding } = left;
  const { holder, leaseMs } = ports;
  const answer = await ports.ledger.win({ job, verb, attempt, policy, finding, holder, leaseMs });
  return answer.kind === 'won' ? carryOn(answer, span, ports) : { kind: 'settled' };
}

/** Whether somebody else is at it, or it is over. Cheaper than to win a slot and then lose the claim. */
async function isTaken(name: JobName, ports: EnforcePorts): Promise<boolean> {
  const known = await ports.ledger.claim(name, ports.verb, ATTEMPT);
  if (!known || known.claim.state === 'void') return false;
  return known.claim.state === 'ended' || isFreeAtMs(known.claim) > ports.clock.now();
}

/** When a claim that is under way wants somebody again: its lease has run out, and its next look has come. */
export function isFreeAtMs({ leaseUntilMs, lookAtMs }: Claim): number {
  return Math.max(leaseUntilMs, lookAtMs ?? leaseUntilMs);
}

async function carryOn({ held, previous }: Won, span: Span, ports: EnforcePorts): Promise<Enforced> {
  const { clock } = ports;
  if (held.claim.askedAtMs.length > 0) {
    await pursueCancel(held, clock.now(), span, ports);
    return { kind: 'settled' };
  }
  const look = await lookAndJudge(held.claim.job, span, ports);
  const guilty = look.kind === 'judged' ? stillGuilty(look, held.claim.policy) : undefined;
  if (look.kind !== 'judged' || !guilty || (await isBarred(held, previous, ports))) {
    await giveBack(held, look, ports);
    return { kind: 'void', look };
  }
  const asked = await requestCancel(held, look, guilty, span, ports);
  if (asked) await pursueCancel(asked, nextLookAtMs(asked.claim.askedAtMs, clock.now()), span, ports);
  return { kind: 'settled' };
}

/**
 * An act that was admitted goes on, also when the next one trips the breaker. One that is taken over was
 * admitted long ago: there an open breaker holds.
 */
async function isBarred(
  { claim }: HeldClaim,
  previous: Claim | undefined,
  ports: EnforcePorts,
): Promise<boolean> {
  if (previous === undefined || previous.state === 'void') return false;
  return (await ports.ledger.breakerTrip({ verb: claim.verb, policy: claim.policy })) !== undefined;
}

/** No act was done: the claim may be won again, and its slot is free. */
async function giveBack(held: HeldClaim, look: SecondLook, ports: EnforcePorts): Promise<void> {
  const { claim } = held;
  const outcome = look.kind === 'judged' ? 'no-longer-guilty' : look.kind;
  await ports.ledger.advance(held, { state: 'void', outcome }, []);
  await ports.ledger.freeSlot({ verb: claim.verb, policy: claim.policy }, claim.key);
  ports.log.info('claim void', { job: claim.job, policy: claim.policy, outcome });
}
