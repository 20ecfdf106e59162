import type { RawLook } from '../bigquery/jobs-client.ts';
import type { Job } from '../job/job.ts';
import type { JobName } from '../job/job-name.ts';
import type { UnreadJob } from '../job/unread-job.ts';
import { LIST_LATE_MS } from './hold-work.ts';
import { lookAtMade, UNSEEN_FOR_MS } from './just-made.ts';
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
  const { jobs, isCut, unread } = listed;
  // A list may bear another date than the look did by which all else is judged.
  const lateSinceMs = Math.min(listed.lateSinceMs, work.nowMs - LIST_LATE_MS);
  const works = worksOf(work.root);
  const look = async (job: Job): Promise<Job | undefined> => {
    const seen = await known.look(job, () => lookToCompare(whereFound(job, name), span, ports));
    return doing(job, seen, work, ports);
  };
  const underWay: Job[] = [];
  const compared = (upToMs: number): void => {
    const runsSinceMs = underWay.filter((job) => isSince(job, work)).map((job) => job.creationTimeMs ?? 0);
    const firmMs = Math.min(upToMs, ...runsSinceMs, lateSinceMs);
    if (firmMs > work.sinceMs) work.onCompared?.(firmMs);
  };
  for (let from = 0; from < jobs.length; from += AT_ONCE) {
    const some = jobs.slice(from, from + AT_ONCE);
    // Others that compare at the same time may have looked at some by now.
    const doingSame = await Promise.all(known.without(some, works).map(look));
    for (const job of doingSame.filter((one) => one !== undefined)) {
      if (job.state !== 'DONE') underWay.push(job);
      else if (isSince(job, work)) return { kind: 'done', job: job.name };
    }
    compared(some.at(-1)?.creationTimeMs ?? work.sinceMs);
  }
  const [oldest] = underWay;
  if (oldest) return { kind: 'under-way', job: oldest.name };
  if (isCut) throw new TooManyToCompareError(work);
  compared(lateSinceMs);
  return unread ? { kind: 'unread', job: unread } : { kind: 'none' };
}

/** Of a list item that tells no location, the job is looked for where the root ran. */
function whereFound({ name }: Job, root: JobName): JobName {
  const { location = root.location, ...rest } = name;
  return { ...rest, ...(location !== undefined && { location }) };
}

/**
 * The job, if it does the same and has not failed. One that a list shows pending or running and `jobs.get` does not
 * know may have been made just now: for a while, it may do the same.
 */
function doing(
  listed: Job,
  look: RawLook | undefined,
  work: WorkToCompare,
  ports: RetryPorts,
): Job | undefined {
  if (look) return !hasFailed(look) && doSame(look, work.root) ? look.job : undefined;
  const { creationTimeMs = Number.POSITIVE_INFINITY } = listed;
  const mayBeNew = listed.state !== 'DONE' && ports.clock.now() < creationTimeMs + UNSEEN_FOR_MS;
  return mayBeNew ? listed : undefined;
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
