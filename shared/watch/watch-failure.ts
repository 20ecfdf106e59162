import type { Span } from '../enforce/ports.ts';
import { type Answered, answerFailure } from '../enforce/retry.ts';
import type { RetryPorts } from '../enforce/retry-ports.ts';
import type { Job } from '../job/job.ts';
import type { JobName } from '../job/job-name.ts';
import { mayBeAnswered } from '../judge/nominate-retry.ts';
import type { Claim } from '../ledger/ledger.ts';
import type { Policies } from '../policy/policy.ts';
import type { Soon } from '../ports/soon.ts';
import { attemptNamed } from '../retry/attempt-id.ts';

/** What became of a job that ended: what answering its failure came to, or that there was nothing to answer. */
export type Followed = Exclude<Answered, { kind: 'child' }> | { readonly kind: 'acquitted' };

export const ACQUITTED: Followed = { kind: 'acquitted' };

/**
 * Follows a job that a list or an entry tells to have ended. One that succeeded, or whose failure no policy answers,
 * costs nothing, unless its id is a retry's: its outcome is awaited. One that the ledger knows
 * to be answered costs no call of BigQuery.
 *
 * @throws the errors of `bigquery/errors.ts` and `ledger/errors.ts`; a later sweep then follows the job again
 */
export function watchEnded(job: Job, policies: Policies, span: Span, ports: RetryPorts): Soon<Followed> {
  const isLikeAttempt = job.state === 'DONE' && attemptNamed(job.name) !== undefined;
  return isLikeAttempt || mayBeAnswered(job, policies) ? follow(job, span, ports) : ACQUITTED;
}

/** Looks at a job of which nothing else is told; at its script, if it is a child of one. */
export async function watchFailure(name: JobName, span: Span, ports: RetryPorts): Promise<Followed> {
  const answered = await answerFailure(name, span, ports);
  if (answered.kind !== 'child') return answered;
  const parent = await answerFailure(answered.parent, span, ports);
  // BigQuery nests scripts one deep: a parent with a parent is none that can be answered.
  return parent.kind === 'child' ? { kind: 'gone' } : parent;
}

async function follow(job: Job, span: Span, ports: RetryPorts): Promise<Followed> {
  return (await isAnswered(job, ports)) ? ACQUITTED : watchFailure(job.name, span, ports);
}

/** Lists tell of a job for ten minutes after its end, and an entry may come twice: one read of the ledger for each. */
async function isAnswered({ name, error }: Job, { ledger, verb }: RetryPorts): Promise<boolean> {
  const named = attemptNamed(name);
  if (named !== undefined) {
    const known = await ledger.claim(named.root, verb, named.attempt);
    if (known?.claim.retry?.attemptId === name.jobId && mayBeOurs(known.claim))
      return known.claim.state === 'ended';
    // Nobody waits for it, and it needs nobody.
    if (error === null) return true;
  }
  const own = await ledger.claim(name, verb, 1);
  return own !== undefined && own.claim.state !== 'void';
}

/** Of a chain that ended before BigQuery was asked, or that was refused the id, a job of that id is somebody else's. */
function mayBeOurs({ state, askedAtMs, outcome }: Claim): boolean {
  return state !== 'ended' || (askedAtMs.length > 0 && outcome !== 'retry-refused');
}
