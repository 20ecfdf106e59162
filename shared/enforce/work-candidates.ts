import type { JobsPage, ListQuery } from '../bigquery/jobs-client.ts';
import type { Job } from '../job/job.ts';
import { canonicalLocation, type JobName } from '../job/job-name.ts';
import { isSameTable } from '../job/table-name.ts';
import type { UnreadJob } from '../job/unread-job.ts';
import { LIST_LATE_MS } from './hold-work.ts';
import type { JustMade } from './just-made.schema.ts';
import type { KnownWork } from './known-work.ts';
import { listTogether } from './list-together.ts';
import type { Span } from './ports.ts';
import type { RetryPorts } from './retry-ports.ts';
import { type WholeLook, worksOf } from './whole-look.ts';

/** A job that is to be run again, and what it is compared with. */
export interface WorkToCompare {
  readonly root: WholeLook;
  /** Under which it is to be run again. */
  readonly attemptId: string;
  /** Jobs that were created from then on are compared, and those that run still. By BigQuery's clock. */
  readonly sinceMs: number;
  /** When the root was looked at. By BigQuery's clock. */
  readonly nowMs: number;
  /** Without them jobs in any state are compared. */
  readonly states?: ListQuery['states'];
  /** At most so many are looked at, the oldest; without it all are. */
  readonly mostLooks?: number;
  /**
   * Told as the comparison comes on, and true also if it fails then: what was created before need not be compared
   * again. By BigQuery's clock.
   */
  readonly onCompared?: (upToMs: number) => void;
  /** What of the same work was inserted so lately that lists may not show it. */
  readonly justMade?: JustMade;
}

export interface Candidates {
  /** The oldest first. */
  readonly jobs: readonly Job[];
  /** There are newer ones. */
  readonly isCut: boolean;
  /** What was created then or later a list may not show yet, or not so that it can be read. */
  readonly lateSinceMs: number;
  /** One of those that cannot be read and may do the same. */
  readonly unread?: UnreadJob;
}

/**
 * The jobs that may do the same, by what list items tell, and are not known to do something else. Where something is
 * missing nobody can say.
 *
 * @throws the errors of `bigquery/errors.ts`
 */
export async function candidates(
  work: WorkToCompare,
  known: KnownWork,
  span: Span,
  ports: RetryPorts,
): Promise<Candidates | 'unreachable'> {
  const { name } = work.root.job;
  const works = worksOf(work.root);
  let jobs: readonly Job[] = [];
  let found = 0;
  let firstDateMs: number | undefined;
  let isReachable = true;
  let unread: UnreadJob | undefined;
  let unreadSinceMs = Number.POSITIVE_INFINITY;
  const take = (page: JobsPage): boolean => {
    firstDateMs ??= page.dateMs;
    isReachable = !page.unreachable.some((at) => at === 'unknown' || isAt(at, name));
    for (const item of page.brokenItems.filter((one) => mayBeSame(one, work))) {
      unread ??= item;
      unreadSinceMs = Math.min(unreadSinceMs, item.creationTimeMs ?? work.sinceMs);
    }
    const more = known.without(
      page.jobs.filter((job) => mayDoSame(job, work)),
      works,
    );
    found += more.length;
    jobs = [...jobs, ...more].toSorted(oldestFirst).slice(0, work.mostLooks);
    return isReachable;
  };
  const { sinceMs, states = ['pending', 'running', 'done'] } = work;
  await listTogether({ projectId: name.projectId, states, sinceMs, take }, span, ports.jobs);
  if (!isReachable) return 'unreachable';
  const lateSinceMs = Math.min((firstDateMs ?? 0) - LIST_LATE_MS, unreadSinceMs);
  return { jobs, isCut: jobs.length < found, lateSinceMs, ...(unread && { unread }) };
}

function oldestFirst(a: Job, b: Job): number {
  return (a.creationTimeMs ?? 0) - (b.creationTimeMs ?? 0);
}

/** By what a list item tells. What it does not tell rules nothing out. */
function mayDoSame(job: Job, work: WorkToCompare): boolean {
  const { attemptId } = work;
  const root = work.root.job;
  const { name, principal, type, statementType } = job;
  if (name.jobId === root.name.jobId || name.jobId === attemptId) return false;
  // A list that is shared shows what others want to see, too.
  if (job.state === 'DONE' && (job.error || !isSince(job, work))) return false;
  return (
    name.projectId === root.name.projectId &&
    (name.location === undefined || isAt(name.location, root.name)) &&
    isSame(principal, root.principal) &&
    isSame(type, root.type) &&
    isSame(statementType, root.statementType) &&
    mayWriteSame(job, root)
  );
}

/** The same of one that cannot be read: what keeps a retry back is only what may be its work. */
function mayBeSame(job: UnreadJob, work: WorkToCompare): boolean {
  const { attemptId } = work;
  const root = work.root.job;
  const { jobId, location, principal, hasEnded, hasFailed } = job;
  if (jobId === root.name.jobId || jobId === attemptId) return false;
  if (hasFailed || (hasEnded && !isSince(job, work))) return false;
  return (location === undefined || isAt(location, root.name)) && isSame(principal, root.principal);
}

/** Two that write to different tables do not do the same. Of a table that nobody named there is nothing to compare. */
function mayWriteSame({ destinationTable: a }: Job, { destinationTable: b }: Job): boolean {
  return !a || !b || isSameTable(a, b);
}

function isSame(a: string | null | undefined, b: string | null | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

function isAt(location: string, { location: own }: JobName): boolean {
  return own === undefined || canonicalLocation(location) === canonicalLocation(own);
}

/** Whether it was created since then; what ran before that may have done the work of another time. */
export function isSince(
  { creationTimeMs }: Pick<Job, 'creationTimeMs'>,
  { sinceMs }: WorkToCompare,
): boolean {
  return creationTimeMs === undefined || creationTimeMs >= sinceMs;
}
