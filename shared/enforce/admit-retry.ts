import { isOpen, takeSlot } from './breaker.ts';
import type { FailureLook } from './failure.ts';
import { type HeldWork, holdWork } from './hold-work.ts';
import type { Span } from './ports.ts';
import type { Candidate, LaterPlan, OverPlan } from './retry-plans.ts';
import type { RetryPorts } from './retry-ports.ts';
import { giveTurnBack, takeCaps } from './retry-turn.ts';
import { SOON_MS, type Undone, unlessDone } from './unless-done.ts';
import { FOR_A_PERSON_MS } from './waits-for-person.ts';

const MINUTE_MS = 60_000;
/** A cap lets others go after an hour: those that wait for it must not all come at once. */
const CAPPED_MS = 10 * MINUTE_MS;

export type Admitted =
  | OverPlan
  | LaterPlan
  | { readonly kind: 'admitted'; readonly work: HeldWork; readonly comparedUpToMs?: number };

/**
 * Whether an attempt may be made now: its breaker is closed, the caps have room, and nobody else did its work, which is
 * held from then on, lest two that are alike be compared at once, each before the other is inserted. Unless it is
 * admitted, everything that was taken is given back.
 *
 * @throws the errors of `bigquery/errors.ts` but NotFoundError, and of `ledger/errors.ts`
 */
export async function admit(
  look: FailureLook,
  candidate: Candidate,
  span: Span,
  ports: RetryPorts,
): Promise<Admitted> {
  if (await isOpen(candidate.policy, ports)) return barred(look);
  const { claim, principal, hash, retry } = candidate;
  const { attemptId } = retry;
  const of = { root: look.root.job.name, principal, configurationHash: hash, claimKey: claim.key, attemptId };
  const work = await holdWork(of, ports);
  if (!work) {
    const plan = await unlessDone(look, candidate, undefined, span, ports);
    if (plan.kind !== 'none') return plan;
    return { ...plan, kind: 'later', inMs: SOON_MS * (0.5 + ports.random()), heldBy: 'same-work-runs' };
  }
  try {
    const plan = await inTurn(look, candidate, work, span, ports);
    if (plan.kind === 'none') return { ...plan, kind: 'admitted', work };
    await work.release();
    return plan;
  } catch (error) {
    await work.release();
    throw error;
  }
}

/** The breaker's slot comes last: taken for what is not done after all, it could trip it. */
async function inTurn(
  look: FailureLook,
  candidate: Candidate,
  { justMade }: HeldWork,
  span: Span,
  ports: RetryPorts,
): Promise<Undone> {
  const { policy, claim, principal } = candidate;
  if ((await takeCaps(policy, claim, principal, ports)) === 'capped') {
    const inMs = CAPPED_MS * (0.5 + ports.random());
    const outcome = 'it waits, for as many retries as its caps allow were started within an hour';
    const told = { outcome, root: look.root.job, nowMs: look.nowMs };
    return { kind: 'later', inMs, heldBy: 'capped', told };
  }
  const plan = await unlessDone(look, candidate, justMade, span, ports);
  const isDue = plan.kind === 'none';
  if (isDue && (await takeSlot(policy, claim.key, ports)) === 'taken') return plan;
  await giveTurnBack(policy, claim, principal, ports);
  return isDue ? barred(look) : plan;
}

function barred({ root, nowMs }: FailureLook): LaterPlan {
  const outcome = 'nothing is done while its breaker is open';
  const told = { outcome, root: root.job, nowMs };
  return { kind: 'later', inMs: FOR_A_PERSON_MS, heldBy: 'breaker-open', told };
}
