import type { Job } from '../job/job.ts';
import type { JobName } from '../job/job-name.ts';
import type { Finding } from '../judge/verdict.ts';
import { claimKey } from '../ledger/claim-key.ts';
import { type Claim, type ClaimAnswer, type HeldClaim, isGone } from '../ledger/ledger.ts';
import type { CancelPolicy } from '../policy/policy.ts';
import type { Gate } from './breaker.ts';
import { requestCancel, type WithdrawnAs } from './cancel.ts';
import { giveBack } from './give-back.ts';
import type { EnforcePorts, Span } from './ports.ts';
import { pursueCancel, pursueRequest } from './pursue.ts';
import { clocksAgree, lookAndJudge, type SecondLook, stillGuilty } from './second-look.ts';

/** A cancel is asked for once per job; asking again is part of the same act. */
const ATTEMPT = 1;

export type Enforced =
  /** The act is under way, over, or set aside for some minutes. Nothing is left to do for this job now. */
  | { readonly kind: 'settled' }
  /** The breaker is open: nothing was done. */
  | { readonly kind: 'breaker-open' }
  /** The breaker cannot be asked yet: nothing was done. */
  | { readonly kind: 'postponed' }
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
  const admitted = await gate.admit(policy, key, job.name);
  if (admitted !== 'admitted') return { kind: admitted === 'open' ? 'breaker-open' : 'postponed' };
  const { verb, holder, leaseMs } = ports;
  const claim = { job: job.name, verb, attempt: ATTEMPT, policy: policy.name, finding, holder, leaseMs };
  const answer = await ports.ledger.win(claim);
  if (answer.kind !== 'won') return { kind: 'settled' };
  // Whoever voided it before us gave back the slot of this claim, which may be the one that we were admitted by.
  if (answer.previous?.state === 'void' && (await gate.admit(policy, key, job.name)) === 'open') {
    await ports.ledger.advance(answer.held, { state: 'void', outcome: 'breaker-open' }, []);
    return { kind: 'breaker-open' };
  }
  return carryOn(answer, span, ports);
}

/**
 * Takes over a claim whose holder let go of it, or whose lease ran out. It keeps its slot. An instance whose clock
 * is wrong is wrong about leases too, so it leaves the claim as it stands.
 */
export async function resume(left: Claim, span: Span, ports: EnforcePorts): Promise<Enforced> {
  const { job, verb, attempt, policy, finding } = left;
  if (!(await clocksAgree(job, span, ports))) return { kind: 'settled' };
  const { holder, leaseMs } = ports;
  const answer = await ports.ledger.win({ job, verb, attempt, policy, finding, holder, leaseMs });
  return answer.kind === 'won' ? carryOn(answer, span, ports) : { kind: 'settled' };
}

/** Why a claim is void that would be so again at once, unless the mode or a permission has changed. */
const SET_ASIDE: readonly (string | undefined)[] = ['dry-run', 'forbidden'] satisfies WithdrawnAs[];
const SET_ASIDE_MS = 300_000;

/**
 * Whether we ourselves could not do it a few minutes ago: each try costs a slot and a dozen writes. Another instance
 * tries at once, for it may have another mode or account, and so does a person.
 */
function isSetAside({ state, outcome, holder, endedAtMs }: Claim, ports: EnforcePorts): boolean {
  if (state !== 'void' || holder !== ports.holder || endedAtMs === undefined) return false;
  return SET_ASIDE.includes(outcome) && ports.clock.now() - endedAtMs < SET_ASIDE_MS;
}

/** Whether somebody else is at it, or it is over. Cheaper than to win a slot and then lose the claim. */
async function isTaken(name: JobName, ports: EnforcePorts): Promise<boolean> {
  const known = await ports.ledger.claim(name, ports.verb, ATTEMPT);
  if (known && isSetAside(known.claim, ports)) return true;
  if (!known || known.claim.state === 'void') return false;
  if (known.claim.state === 'ended') return !isGone(known.claim);
  return isFreeAtMs(known.claim) > ports.clock.now();
}

/** When a claim that is under way wants somebody again: its lease has run out, and its next look has come. */
export function isFreeAtMs({ leaseUntilMs, lookAtMs }: Claim): number {
  return Math.max(leaseUntilMs, lookAtMs ?? leaseUntilMs);
}

async function carryOn({ held, previous }: Won, span: Span, ports: EnforcePorts): Promise<Enforced> {
  if (held.claim.askedAtMs.length > 0) {
    await pursueCancel(held, span, ports);
    return { kind: 'settled' };
  }
  const look = await lookOrLetGo(held, span, ports);
  const guilty = look.kind === 'judged' ? stillGuilty(look, held.claim.policy) : undefined;
  if (look.kind !== 'judged' || !guilty || (await isBarred(held, previous, ports))) {
    await giveBack(held, look, ports);
    return { kind: 'void', look };
  }
  await pursueRequest(await requestCancel(held, { look, finding: guilty }, span, ports), span, ports);
  return { kind: 'settled' };
}

/** Nothing was asked yet: when the look fails, whoever comes next need not wait for the lease to end. */
async function lookOrLetGo(held: HeldClaim, span: Span, ports: EnforcePorts): Promise<SecondLook> {
  try {
    return await lookAndJudge(held.claim.job, span, ports);
  } catch (error) {
    const now = ports.clock.now();
    await ports.ledger.advance(held, { lookAtMs: now, leaseUntilMs: now }, []);
    throw error;
  }
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
