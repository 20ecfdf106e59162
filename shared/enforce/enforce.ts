import type { Job } from '../job/job.ts';
import { claimKey } from '../ledger/claim-key.ts';
import { type Claim, type ClaimRequest, type HeldClaim, isGone } from '../ledger/ledger.ts';
import { type ActingPolicy, actingPolicies, type Judgement } from './acting-policies.ts';
import { type Gate, isOpen, type TakeSlot, takeSlot } from './breaker.ts';
import { requestCancel, type WithdrawnAs } from './cancel.ts';
import { clocksAgree } from './clocks-agree.ts';
import { giveBack } from './give-back.ts';
import type { EnforcePorts, Span } from './ports.ts';
import { pursueCancel, pursueRequest } from './pursue.ts';
import { lookAndJudge, type SecondLook } from './second-look.ts';

/** A cancel is asked for once per job; asking again is part of the same act. */
const ATTEMPT = 1;

export type Enforced =
  /** The act is under way, over, or set aside for some minutes. Nothing is left to do for this job now. */
  | { readonly kind: 'settled' }
  /** The breaker is open: nothing was done. */
  | { readonly kind: 'breaker-open' }
  /** The breaker cannot be asked yet: nothing was done. */
  | { readonly kind: 'postponed' }
  /** Not done: what a look told. */
  | { readonly kind: 'void'; readonly look: SecondLook };

/** An act that a nomination calls for. */
export interface Candidate extends Judgement, ActingPolicy {
  readonly job: Job;
  /** Whether `jobs.get` told it; anything else only nominates. */
  readonly looked: boolean;
}

/**
 * The life of an act (design, section 3): the breaker is asked, then claim, look, judge again, breaker slot, do,
 * record, verify. Whatever goes wrong on the way leaves the claim as it stands: when its lease ends, a tick takes
 * it over.
 */
export async function enforce(
  candidate: Candidate,
  gate: Gate,
  span: Span,
  ports: EnforcePorts,
): Promise<Enforced> {
  const { job, policy, finding, policies, looked } = candidate;
  const known = await ports.ledger.claim(job.name, ports.verb, ATTEMPT);
  if (known && isTaken(known.claim, ports)) return { kind: 'settled' };
  if (known && !isNew(known.claim)) return takeUp(known.claim, slotFor(known.claim.key, ports), span, ports);
  const key = claimKey(job.name, ports.verb, ATTEMPT);
  const line = actingPolicies(candidate).map((each) => each.policy);
  const admission = await gate.admit({ claimKey: key, job: job.name, policy, line, policies, looked });
  switch (admission.kind) {
    case 'open':
      return { kind: 'breaker-open' };
    case 'postponed':
      return { kind: 'postponed' };
    case 'acquitted':
      return { kind: 'void', look: admission.look };
    case 'admitted': {
      const act = { job: job.name, verb: ports.verb, attempt: ATTEMPT, policy: policy.name, finding };
      return takeUp(act, admission.takeSlot, span, ports);
    }
  }
}

/** Whether the breaker minds it as a new act: BigQuery was asked nothing for this claim, or the job came back. */
export function isNew(claim: Claim): boolean {
  return claim.askedAtMs.length === 0 || isGone(claim);
}

/**
 * Takes over a claim whose holder let go of it, or whose lease ran out. It keeps its slot. An instance whose clock
 * is wrong is wrong about leases too, so it leaves the claim as it stands.
 *
 * What is still a new act goes through the sweep's gate, which is to weigh it: here such a claim is given back at
 * most, where nobody calls for the act.
 */
export async function resume(left: Claim, span: Span, ports: EnforcePorts): Promise<Enforced> {
  if (!isNew(left) || isToTryAgain(left)) {
    if (!(await clocksAgree(left.job, span, ports))) return { kind: 'settled' };
    return takeUp(left, slotFor(left.key, ports), span, ports);
  }
  const look = await lookAndJudge(left.job, span, ports);
  if (look.kind === 'no-time' || (await isAnyoneToAct(look, ports))) return { kind: 'settled' };
  return takeUp(left, async () => 'open', span, ports);
}

/** Its holder was let through, had a request fail, and said when to ask again. */
function isToTryAgain({ lookAtMs, leaseUntilMs }: Claim): boolean {
  return lookAtMs !== undefined && lookAtMs > leaseUntilMs;
}

async function isAnyoneToAct(look: SecondLook, ports: EnforcePorts): Promise<boolean> {
  if (look.kind !== 'judged') return false;
  for (const { policy } of actingPolicies(look)) if (!(await isOpen(policy, ports))) return true;
  return false;
}

type Act = Pick<ClaimRequest, 'job' | 'verb' | 'attempt' | 'policy' | 'finding'>;

async function takeUp(
  { job, verb, attempt, policy, finding }: Act,
  takeSlot: TakeSlot,
  span: Span,
  ports: EnforcePorts,
): Promise<Enforced> {
  const { holder, leaseMs } = ports;
  const answer = await ports.ledger.win({ job, verb, attempt, policy, finding, holder, leaseMs });
  return answer.kind === 'won' ? carryOn(answer.held, takeSlot, span, ports) : { kind: 'settled' };
}

function slotFor(key: string, ports: EnforcePorts): TakeSlot {
  return (policy) => takeSlot(policy, key, ports);
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

/** Whether somebody else is at it, or it is over. Cheaper than to ask the breaker and then lose the claim. */
function isTaken(claim: Claim, ports: EnforcePorts): boolean {
  if (isSetAside(claim, ports)) return true;
  if (claim.state === 'void') return false;
  if (claim.state === 'ended') return !isGone(claim);
  return isFreeAtMs(claim) > ports.clock.now();
}

/** When a claim that is under way wants somebody again: its lease has run out, and its next look has come. */
export function isFreeAtMs({ leaseUntilMs, lookAtMs }: Claim): number {
  return Math.max(leaseUntilMs, lookAtMs ?? leaseUntilMs);
}

async function carryOn(
  held: HeldClaim,
  takeSlot: TakeSlot,
  span: Span,
  ports: EnforcePorts,
): Promise<Enforced> {
  const { claim } = held;
  if (claim.askedAtMs.length > 0) {
    await pursueCancel(held, span, ports);
    return { kind: 'settled' };
  }
  const look = await orLetGo(held, lookAndJudge(claim.job, span, ports), ports);
  const acting = look.kind === 'judged' ? actingPolicies(look) : [];
  const guilty = acting.find(({ policy }) => policy.name === claim.policy);
  if (look.kind !== 'judged' || !guilty) {
    await giveBack(held, look, ports);
    return { kind: 'void', look };
  }
  if ((await orLetGo(held, takeSlot(guilty.policy), ports)) === 'open') {
    await giveBack(held, 'breaker-open', ports);
    return { kind: 'void', look };
  }
  const { finding } = guilty;
  await pursueRequest(await requestCancel(held, { look, finding }, span, ports), span, ports);
  return { kind: 'settled' };
}

/** Nothing was asked yet: when this fails, whoever comes next need not wait for the lease to end. */
async function orLetGo<T>(held: HeldClaim, work: Promise<T>, ports: EnforcePorts): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const now = ports.clock.now();
    await ports.ledger.advance(held, { lookAtMs: now, leaseUntilMs: now }, []);
    throw error;
  }
}
