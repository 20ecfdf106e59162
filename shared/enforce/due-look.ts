import type { Job } from '../job/job.ts';
import type { Claim } from '../ledger/ledger.ts';
import { attemptId } from '../retry/attempt-id.ts';
import { agreedNow } from './agreed-now.ts';
import { type FailureLook, judgedFailure } from './failure.ts';
import type { Span } from './ports.ts';
import type { RetryPorts } from './retry-ports.ts';
import { endOf, hasFailed, lookAtWhole } from './whole-look.ts';

export type DueLook =
  | FailureLook
  /** BigQuery does not know the root, or the failure of the last attempt: the job of this id. */
  | {
      readonly kind: 'gone';
      readonly jobId: string;
      readonly outcome: string;
      readonly nowMs: number;
      readonly root?: Job;
    }
  /** Nobody can tell now. */
  | { readonly kind: 'untold' };

/**
 * The failure that a claim's attempt answers, looked at anew and judged by the policies of now: the root, and the job
 * of the attempt before.
 *
 * @throws the errors of `bigquery/errors.ts` but NotFoundError; a ForbiddenError has been alerted
 */
export async function lookAtDue(
  { job, attempt, retry }: Claim,
  span: Span,
  ports: RetryPorts,
): Promise<DueLook> {
  const root = await lookAtWhole(job, span, ports);
  if (!root) {
    const outcome = 'BigQuery knows it no more';
    return { kind: 'gone', jobId: job.jobId, outcome, nowMs: ports.clock.now() };
  }
  const nowMs = await agreedNow(root, ports);
  if (nowMs === undefined) return { kind: 'untold' };
  const jobId = (attempt === 1 ? undefined : attemptId(job, attempt - 1)) ?? job.jobId;
  const failed = jobId === job.jobId ? root : await lookAtWhole({ ...job, jobId }, span, ports);
  if (!failed || !hasFailed(failed)) {
    const outcome = 'BigQuery knows the failure of its last attempt no more';
    return { kind: 'gone', jobId, outcome, nowMs, root: root.job };
  }
  // It cannot have ended after it was first seen to have.
  const rootEndedAtMs = Math.min(endOf(root, nowMs), retry?.rootEndedAtMs ?? nowMs);
  const chain = { root: job, attemptsMade: attempt - 1, rootEndedAtMs };
  return judgedFailure({ root, failed, chain, nowMs }, await ports.policies.latest());
}
