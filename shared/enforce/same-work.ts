import type { Job } from '../job/job.ts';
import type { JobName } from '../job/job-name.ts';
import type { UnreadJob } from '../job/unread-job.ts';
import { lookAtMade } from './just-made.ts';
import { KnownWork } from './known-work.ts';
import type { Span } from './ports.ts';
import type { RetryPorts } from './retry-ports.ts';
import { toldOrGone } from './told-or-gone.ts';
import { doSame, hasFailed, lookToCompare, worksOf } from './whole-look.ts';
import { candidates, isSince, type WorkToCompare } from './work-candidates.ts';

/** Whether somebody else ran the job again. */
export type SameWork =
  | { readonly kind: 'none' }
  /** Somebody's job that does the same is pending or running. */
  | { readonly kind: 'under-way'; readonly job: JobName }
  /** One has succeeded. */
  | { readonly kind: 'done'; readonly job: JobName }
  /** One that may do the same is listed, and cannot be read. */
  | { readonly kind: 'unread'; readonly job: UnreadJob }
  /** The location does not answer: what is not on the list may exist there. */
  | { readonly kind: 'unreachable' };

/** More jobs than `mostLooks` would have to be looked at. Those that were are remembered. */
export class TooManyToCompareError extends Error {
  override readonly name = 'TooManyToCompareError';

  constructor({ mostLooks }: Pick<WorkToCompare, 'mostLooks'>) {
    super(`more than ${mostLooks} jobs would have to be looked at; go on from where it came to`);
  }
}

/** Resources may be large: so many are looked at together. */
const AT_ONCE = 10;

/**
 * Whether a job of the same account and configuration is pending or running, or was created since then and has
 * succeeded: schedulers and people run jobs again, too (rule 3). What list items tell is enough to rule most out; the others are
 * looked at whole, the oldest first. One that failed keeps nothing back.
 *
 * @throws the errors of `bigquery/errors.ts` but NotFoundError (a ForbiddenError has been alerted), and
 * `TooManyToCompareError`
 */
export async function sameWork(work: WorkToCompare, span: Span, ports: RetryPorts): Promise<SameWork> {
  const { name } = work.root.job;
  const known = new KnownWork(ports.jobs);
  const listed = await toldOrGone(name, candidates(work, known, span, ports), ports);
  if (listed === undefined || listed === 'unreachable') return { kind: 'unreachable' };
  const made = await madeSince(work, span, ports);
  if (made) return made;
  const { jobs, isCut, lateSinceMs, unread } = listed;
  const works = worksOf(work.root);
  const look = (job: Job) => known.look(job, () => lookToCompare(job.name, span, ports));
  let underWay: Job | undefined;
  const compared = (upToMs: number): void => {
    const runsSinceMs = underWay && isSince(underWay, work) ? underWay.creationTimeMs : undefined;
    const firmMs = Math.min(upToMs, runsSinceMs ?? upToMs, lateSinceMs);
    if (firmMs > work.sinceMs) work.onCompared?.(firmMs);
  };
  for (let from = 0; from < jobs.length; from += AT_ONCE) {
    const some = jobs.slice(from, from + AT_ONCE);
    // Others that compare at the same time may have looked at some by now.
    const looks = await Promise.all(known.without(some, works).map(look));
    const same = looks.filter((one) => one !== undefined && !hasFailed(one) && doSame(one, work.root));
    for (const one of same) {
      if (one?.job.state !== 'DONE') underWay ??= one?.job;
      else if (isSince(one.job, work)) return { kind: 'done', job: one.job.name };
    }
    compared(some.at(-1)?.creationTimeMs ?? work.sinceMs);
  }
  if (underWay) return { kind: 'under-way', job: underWay.name };
  if (isCut) throw new TooManyToCompareError(work);
  compared(lateSinceMs);
  return unread ? { kind: 'unread', job: unread } : { kind: 'none' };
}

/** Lists may not show yet what was inserted just now. */
async function madeSince(
  work: WorkToCompare,
  span: Span,
  ports: RetryPorts,
): Promise<Extract<SameWork, { kind: 'under-way' | 'done' }> | undefined> {
  const { root, attemptId, justMade } = work;
  if (!justMade || justMade.jobId === attemptId) return undefined;
  const job = { ...root.job.name, jobId: justMade.jobId };
  const look = await lookAtMade(job, justMade, span, ports);
  if (look === 'unseen') return { kind: 'under-way', job };
  if (!look || hasFailed(look) || !doSame(look, root)) return undefined;
  if (look.job.state !== 'DONE') return { kind: 'under-way', job };
  const counts = isSince(look.job, work) && (work.states?.includes('done') ?? true);
  return counts ? { kind: 'done', job } : undefined;
}
