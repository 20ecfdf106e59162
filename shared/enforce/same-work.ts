import type { JobsPage, ListQuery } from '../bigquery/jobs-client.ts';
import type { Job } from '../job/job.ts';
import { canonicalLocation, type JobName } from '../job/job-name.ts';
import { LIST_LATE_MS } from './hold-work.ts';
import type { JustMade } from './just-made.schema.ts';
import { lookAtMade } from './just-made.ts';
import { KnownWork } from './known-work.ts';
import type { Span } from './ports.ts';
import type { RetryPorts } from './retry-ports.ts';
import { toldOrGone } from './told-or-gone.ts';
import { doSame, hasFailed, lookAtWhole, type WholeLook, worksOf } from './whole-look.ts';

/** Whether somebody else ran the job again. */
export type SameWork =
  | { readonly kind: 'none' }
  /** Somebody's job that does the same is pending or running. */
  | { readonly kind: 'under-way'; readonly job: JobName }
  /** One has succeeded. */
  | { readonly kind: 'done'; readonly job: JobName }
  /** The location does not answer, or part of the list cannot be read: what is not on it may exist there. */
  | { readonly kind: 'unreachable' };

export interface WorkToCompare {
  readonly root: WholeLook;
  /** Under which it is to be run again. */
  readonly attemptId: string;
  /** Jobs that were created from then on are compared, and those that run still. By BigQuery's clock. */
  readonly sinceMs: number;
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
  const { jobs, isCut, lateSinceMs } = listed;
  const look = async (job: Job): Promise<WholeLook | undefined> => {
    const looked = await lookAtWhole(job.name, span, ports);
    if (looked) known.note(job, looked);
    return looked;
  };
  let underWay: Job | undefined;
  const compared = (upToMs: number): void => {
    const runsSinceMs = underWay && isSince(underWay, work) ? underWay.creationTimeMs : undefined;
    const firmMs = Math.min(upToMs, runsSinceMs ?? upToMs, lateSinceMs);
    if (firmMs > work.sinceMs) work.onCompared?.(firmMs);
  };
  for (let from = 0; from < jobs.length; from += AT_ONCE) {
    const some = jobs.slice(from, from + AT_ONCE);
    const looks = await Promise.all(some.map(look));
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
  return { kind: 'none' };
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

function isSince({ creationTimeMs }: Job, { sinceMs }: WorkToCompare): boolean {
  return creationTimeMs === undefined || creationTimeMs >= sinceMs;
}

interface Candidates {
  /** The oldest first. */
  readonly jobs: readonly Job[];
  /** There are newer ones. */
  readonly isCut: boolean;
  /** What was created then or later a list may not show yet. */
  readonly lateSinceMs: number;
}

async function candidates(
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
  for await (const page of pagesOf(work, span, ports)) {
    firstDateMs ??= page.dateMs;
    if (page.unreachable.some((location) => location === 'unknown' || isAt(location, name))) {
      return 'unreachable';
    }
    // What cannot be read may be one that does the same.
    if (page.brokenItems > 0) return 'unreachable';
    const more = known.without(
      page.jobs.filter((job) => mayDoSame(job, work)),
      works,
    );
    found += more.length;
    jobs = [...jobs, ...more].toSorted(oldestFirst).slice(0, work.mostLooks);
  }
  return { jobs, isCut: jobs.length < found, lateSinceMs: (firstDateMs ?? 0) - LIST_LATE_MS };
}

/** What was created since then; and what was before and runs still, which may do the work yet. */
async function* pagesOf(
  { root, sinceMs, states }: WorkToCompare,
  span: Span,
  { jobs }: RetryPorts,
): AsyncGenerator<JobsPage, undefined> {
  const { projectId } = root.job.name;
  const since = {
    projectId,
    states: states ?? ['pending', 'running', 'done'],
    minCreationTimeMs: sinceMs,
  } as const;
  yield* jobs.list(since, span);
  yield* jobs.list({ projectId, states: ['pending', 'running'], maxCreationTimeMs: sinceMs }, span);
  return undefined;
}

function oldestFirst(a: Job, b: Job): number {
  return (a.creationTimeMs ?? 0) - (b.creationTimeMs ?? 0);
}

/** By what a list item tells. What it does not tell rules nothing out. */
function mayDoSame(job: Job, { root: { job: root }, attemptId }: WorkToCompare): boolean {
  const { name, principal, type, statementType } = job;
  if (name.jobId === root.name.jobId || name.jobId === attemptId) return false;
  if (job.state === 'DONE' && job.error) return false;
  return (
    name.projectId === root.name.projectId &&
    (name.location === undefined || isAt(name.location, root.name)) &&
    isSame(principal, root.principal) &&
    isSame(type, root.type) &&
    isSame(statementType, root.statementType) &&
    isSameTable(job, root)
  );
}

/** Two that write to different tables do not do the same. Of a table that nobody named there is nothing to compare. */
function isSameTable({ destinationTable: a }: Job, { destinationTable: b }: Job): boolean {
  if (!a || !b) return true;
  return a.projectId === b.projectId && a.datasetId === b.datasetId && a.tableId === b.tableId;
}

function isSame(a: string | null | undefined, b: string | null | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

function isAt(location: string, { location: own }: JobName): boolean {
  return own === undefined || canonicalLocation(location) === canonicalLocation(own);
}
