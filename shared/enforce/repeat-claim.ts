import type {
  Claim,
  ClaimAnswer,
  ClaimChange,
  ClaimFinding,
  HeldClaim,
  RetryDetails,
} from '../ledger/ledger.ts';
import { attemptId } from '../retry/attempt-id.ts';
import { letGo } from './let-go.ts';
import type { Span } from './ports.ts';
import type { RepeatPlan, RepeatPorts } from './repeat-plan.ts';
import { reasonOf, reasonsOf } from './retry-alerts.ts';
import { endOf, hasFailed } from './whole-look.ts';
import { winInTime } from './win-in-time.ts';
import { BY_HAND } from './without-policy.ts';

/** The right to make an attempt by hand. */
export interface ClaimedRepeat {
  readonly kind: 'won';
  readonly held: HeldClaim;
  readonly retry: RetryDetails;
  /**
   * Nothing was done: the claim is as it was before, so that the watchdog does what it had put off.
   *
   * @param undo what else was written into it
   */
  giveBack(held: HeldClaim, undo?: ClaimChange): Promise<unknown>;
}

/** How long others leave a claim alone that nobody holds yet. */
const TAKEN_UP_WITHIN_MS = 60_000;

/**
 * Claims an attempt: one that the watchdog has put off as it stands, any other anew. Whoever has it is waited for
 * until the horizon.
 */
export async function claimRepeat(
  plan: RepeatPlan,
  by: string,
  span: Span,
  ports: RepeatPorts,
): Promise<ClaimedRepeat | Exclude<ClaimAnswer, { kind: 'won' }>> {
  const { root, attempt, failedBefore } = plan;
  const { clock, ledger, verb, holder } = ports;
  const claim = { job: root.job.name, attempt, policy: BY_HAND, finding: findingOf(by) };
  const ours = detailsOf(plan, span, ports);
  const dueAtMs = clock.now() + TAKEN_UP_WITHIN_MS;
  const scheduled = await ledger.schedule(
    { ...claim, verb, holder, retry: ours, dueAtMs },
    [],
    failedBefore && { held: failedBefore, change: { state: 'ended', outcome: 'failed' } },
  );
  const answer = await winInTime(claim, span, ports);
  if (answer.kind !== 'won') return answer;
  const { held, previous } = answer;
  return {
    kind: 'won',
    held,
    retry: held.claim.retry ?? ours,
    giveBack:
      scheduled.kind === 'standing' && previous !== undefined
        ? (given) => putBack(given, previous, ports)
        : (given, undo) => withdraw(given, undo, plan, ports),
  };
}

function putBack(
  held: HeldClaim,
  { state, askedAtMs, policy, finding, retry, lookAtMs }: Claim,
  ports: RepeatPorts,
): Promise<HeldClaim> {
  const before = { state, askedAtMs, policy, finding, ...(retry && { retry }) };
  return letGo(held, lookAtMs ?? ports.clock.now(), ports, before);
}

/**
 * The watchdog may have heard of the failure while the claim stood, and left it to whoever had it: the next sweep sees
 * whether a policy answers it.
 */
async function withdraw(
  held: HeldClaim,
  undo: ClaimChange | undefined,
  { named, failedBefore }: RepeatPlan,
  ports: RepeatPorts,
): Promise<void> {
  const change = { ...undo, outcome: 'not-asked' };
  if (hasFailed(named) || failedBefore) await letGo(held, ports.clock.now(), ports, change);
  else await ports.ledger.advance(held, { ...change, state: 'void' }, []);
}

function detailsOf(
  { named, root, attempt, failedBefore, nowMs }: RepeatPlan,
  span: Span,
  { clock }: RepeatPorts,
): RetryDetails {
  const earlier = failedBefore?.claim.retry;
  return {
    attemptId: attemptId(root.job.name, attempt) ?? '',
    principal: root.job.principal ?? '',
    reason: hasFailed(named) ? reasonOf(named.job) : 'none',
    ...(earlier && { earlierReasons: reasonsOf(earlier) }),
    rootEndedAtMs: endOf(root, nowMs),
    failedAtMs: nowMs,
    // Nobody inserts it later in this person's stead.
    deadlineAtMs: nowMs + Math.max(0, span.deadlineAtMs - clock.now()),
  };
}

function findingOf(by: string): ClaimFinding {
  const sentence = `${by} has it run again by hand`;
  return { policy: BY_HAND, degree: 'crossed', action: 'retry', mode: 'enforce', sentence };
}
