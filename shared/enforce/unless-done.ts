import type { Job } from '../job/job.ts';
import { printUnreadJob } from '../job/unread-job.ts';
import type { FailureLook } from './failure.ts';
import type { JustMade } from './just-made.schema.ts';
import type { Span } from './ports.ts';
import type { Candidate, LaterPlan, OverPlan } from './retry-plans.ts';
import type { RetryPorts } from './retry-ports.ts';
import { type SameWork, sameWork, TooManyToCompareError } from './same-work.ts';

const MINUTE_MS = 60_000;
/** How soon to plan again what waits for BigQuery, and what waits for somebody's job to end. */
export const SOON_MS = MINUTE_MS;
const LATER_MS = 5 * MINUTE_MS;

/** A comparison must end while the function runs, and leave time to others. */
const MOST_LOOKS = 2_000;
/** How soon to go on with a comparison, and when people are told that it has no end yet. */
const GO_ON_MS = 30_000;
const LONG_MS = 60 * MINUTE_MS;

export type Undone = OverPlan | LaterPlan | { readonly kind: 'none'; readonly comparedUpToMs?: number };

/**
 * Unless somebody else's job does the same, or nobody can tell. How far it was compared is kept in any case.
 *
 * @throws the errors of `bigquery/errors.ts` but NotFoundError, and of `ledger/errors.ts`
 */
export async function unlessDone(
  { root, chain, nowMs }: FailureLook,
  { claim, retry }: Pick<Candidate, 'claim' | 'retry'>,
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
      return { kind: 'later', inMs: SOON_MS, heldBy: 'request-failed', ...compared };
    case 'unread': {
      const outcome = `it waits, for a job that BigQuery lists cannot be read, and may have done the same: ${printUnreadJob(same.job)}`;
      const told = { outcome, root: root.job, nowMs };
      return { kind: 'later', inMs: LATER_MS, heldBy: 'list-not-read', ...compared, told };
    }
    case 'under-way':
      return { kind: 'later', inMs: LATER_MS, heldBy: 'same-work-runs', ...compared };
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
