import type { RetryEnd } from '../alert/alert.schema.ts';
import type { Job } from '../job/job.ts';
import type { Claim, HeldBy, RetryDetails } from '../ledger/ledger.ts';
import type { RetryPolicy } from '../policy/policy.ts';
import { isOpen, takeSlot } from './breaker.ts';
import type { FailureLook } from './failure.ts';
import { type HeldWork, holdWork } from './hold-work.ts';
import type { JustMade } from './just-made.schema.ts';
import type { Span } from './ports.ts';
import type { RetryStep } from './retry-alerts.ts';
import type { RetryPorts } from './retry-ports.ts';
import { giveTurnBack, takeCaps } from './retry-turn.ts';
import { type SameWork, sameWork, TooManyToCompareError } from './same-work.ts';
import { FOR_A_PERSON_MS } from './waits-for-person.ts';

/** It is not to be made, now or ever. */
export interface OverPlan {
  readonly kind: 'over';
  readonly step: Extract<RetryStep, 'gave-up' | 'retry-refused' | 'recovered'>;
  readonly why?: RetryEnd;
  /** For a person. */
  readonly outcome: string;
  readonly root?: Job;
  readonly nowMs: number;
}

/** Not now: in so many milliseconds it is planned again. */
export interface LaterPlan {
  readonly kind: 'later';
  readonly inMs: number;
  readonly heldBy?: HeldBy;
  /** Jobs of others that were created before then need not be compared again. By BigQuery's clock. */
  readonly comparedUpToMs?: number;
  /** What kept it from being told now, besides. */
  readonly fault?: unknown;
  /** People are told so. */
  readonly told?: {
    readonly outcome: string;
    readonly root: Job;
    readonly nowMs: number;
  };
}

const MINUTE_MS = 60_000;
/** How soon to plan again what waits for BigQuery, and what waits for somebody's job to end. */
export const SOON_MS = MINUTE_MS;
const LATER_MS = 5 * MINUTE_MS;
/** A cap lets others go after an hour: those that wait for it must not all come at once. */
const CAPPED_MS = 10 * MINUTE_MS;

/** A comparison must end while the function runs, and leave time to others. */
const MOST_LOOKS = 2_000;
/** How soon to go on with a comparison, and when people are told that it has no end yet. */
const GO_ON_MS = 30_000;
const LONG_MS = 60 * MINUTE_MS;

/** An attempt that is due, as the policy of now has it. */
export interface Candidate {
  readonly policy: RetryPolicy;
  readonly claim: Claim;
  readonly retry: RetryDetails;
  readonly principal: string;
  /** Of the configuration that is to be inserted. */
  readonly hash: string;
}

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

type Undone = OverPlan | LaterPlan | { readonly kind: 'none'; readonly comparedUpToMs?: number };

/** Unless somebody else's job does the same, or nobody can tell. How far it was compared is kept in any case. */
async function unlessDone(
  { root, chain, nowMs }: FailureLook,
  { claim, retry }: Candidate,
  justMade: JustMade | undefined,
  span: Span,
  ports: RetryPorts,
): Promise<Undone> {
  const sinceMs = Math.max(chain.rootEndedAtMs, retry.comparedUpToMs ?? 0);
  let compared: { readonly comparedUpToMs?: number } = {};
  const onCompared = (upToMs: number): void => {
    compared = { comparedUpToMs: upToMs };
  };
  const work = { root, attemptId: retry.attemptId, sinceMs, nowMs, mostLooks: MOST_LOOKS, onCompared };
  let same: SameWork;
  try {
    same = await sameWork({ ...work, ...(justMade && { justMade }) }, span, ports);
  } catch (fault) {
    if (fault instanceof TooManyToCompareError) {
      const told = ports.clock.now() - claim.wonAtMs >= LONG_MS && tooMany(root.job, nowMs);
      return { kind: 'later', inMs: GO_ON_MS, heldBy: 'not-compared', ...compared, ...(told && { told }) };
    }
    if (compared.comparedUpToMs === undefined) throw fault;
    return { kind: 'later', inMs: GO_ON_MS, heldBy: 'request-failed', ...compared, fault };
  }
  switch (same.kind) {
    case 'none':
      return { ...same, ...compared };
    case 'unreachable':
    case 'under-way':
      return same.kind === 'unreachable'
        ? { kind: 'later', inMs: SOON_MS, heldBy: 'request-failed', ...compared }
        : { kind: 'later', inMs: LATER_MS, heldBy: 'same-work-runs', ...compared };
    case 'done': {
      const outcome = `${same.job.jobId} did the same since, and succeeded`;
      return { kind: 'over', step: 'recovered', why: 'run-by-others', outcome, root: root.job, nowMs };
    }
  }
}

function tooMany(root: Job, nowMs: number): NonNullable<LaterPlan['told']> {
  const outcome =
    'its account runs so many jobs that they are not compared with it yet, and one may have done the same';
  return { outcome, root, nowMs };
}

function barred({ root, nowMs }: FailureLook): LaterPlan {
  const outcome = 'nothing is done while its breaker is open';
  const told = { outcome, root: root.job, nowMs };
  return { kind: 'later', inMs: FOR_A_PERSON_MS, heldBy: 'breaker-open', told };
}
