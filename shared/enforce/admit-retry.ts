import type { JobAlertData, RetryEnd } from '../alert/alert.schema.ts';
import type { Job } from '../job/job.ts';
import type { Claim, RetryDetails } from '../ledger/ledger.ts';
import type { RetryPolicy } from '../policy/policy.ts';
import { isOpen, takeSlot } from './breaker.ts';
import type { FailureLook } from './failure.ts';
import { type HeldWork, holdWork } from './hold-work.ts';
import type { JustMade } from './just-made.schema.ts';
import type { Span } from './ports.ts';
import type { RetryStep } from './retry-alerts.ts';
import type { RetryPorts } from './retry-ports.ts';
import { giveTurnBack, takeCaps } from './retry-turn.ts';
import { sameWork } from './same-work.ts';

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
  /** People are told so. */
  readonly told?: {
    readonly because: NonNullable<JobAlertData['because']>;
    readonly outcome: string;
    readonly root: Job;
    readonly nowMs: number;
  };
}

const MINUTE_MS = 60_000;
/** How soon to plan again what waits for BigQuery, and what waits for a person, or for somebody's job to end. */
export const SOON_MS = MINUTE_MS;
export const LATER_MS = 5 * MINUTE_MS;
/** A cap lets others go after an hour: those that wait for it must not all come at once. */
const CAPPED_MS = 10 * MINUTE_MS;

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
  const { claim, retry, principal, hash } = candidate;
  const of = { root: look.root.job.name, principal, configurationHash: hash, claimKey: claim.key };
  const work = await holdWork(of, ports);
  if (!work) {
    const plan = await unlessDone(look, retry, undefined, span, ports);
    return plan.kind === 'none' ? { kind: 'later', inMs: SOON_MS * (0.5 + ports.random()) } : plan;
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
  { policy, claim, retry, principal }: Candidate,
  { justMade }: HeldWork,
  span: Span,
  ports: RetryPorts,
): Promise<Undone> {
  if ((await takeCaps(policy, claim, principal, ports)) === 'capped') {
    return { kind: 'later', inMs: CAPPED_MS * (0.5 + ports.random()) };
  }
  const plan = await unlessDone(look, retry, justMade, span, ports);
  const isDue = plan.kind === 'none';
  if (isDue && (await takeSlot(policy, claim.key, ports)) === 'taken') return plan;
  await giveTurnBack(policy, claim, principal, ports);
  return isDue ? barred(look) : plan;
}

type Undone = OverPlan | LaterPlan | { readonly kind: 'none'; readonly comparedUpToMs?: number };

/** Unless somebody else's job does the same, or nobody can tell. */
async function unlessDone(
  { root, chain, nowMs }: FailureLook,
  { attemptId: id, comparedUpToMs = 0 }: RetryDetails,
  justMade: JustMade | undefined,
  span: Span,
  ports: RetryPorts,
): Promise<Undone> {
  const sinceMs = Math.max(chain.rootEndedAtMs, comparedUpToMs);
  const work = { root, attemptId: id, sinceMs, ...(justMade && { justMade }) };
  const same = await sameWork(work, span, ports);
  switch (same.kind) {
    case 'none':
      return same;
    case 'unreachable':
    case 'under-way':
      ports.log.info('retry put off', { job: root.job.name, because: same.kind });
      return { kind: 'later', inMs: same.kind === 'unreachable' ? SOON_MS : LATER_MS };
    case 'done': {
      const outcome = `${same.job.jobId} did the same since, and succeeded`;
      return { kind: 'over', step: 'recovered', why: 'run-by-others', outcome, root: root.job, nowMs };
    }
  }
}

function barred({ root, nowMs }: FailureLook): LaterPlan {
  const outcome = 'nothing is done while its breaker is open';
  const told = { because: 'breaker-open', outcome, root: root.job, nowMs } as const;
  return { kind: 'later', inMs: LATER_MS, told };
}
