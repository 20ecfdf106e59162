import type { ListQuery } from '../bigquery/jobs-client.ts';
import type { Job } from '../job/job.ts';
import { canonicalLocation, type JobName } from '../job/job-name.ts';
import { LIST_LATE_MS } from './hold-work.ts';
import type { JustMade } from './just-made.schema.ts';
import { lookAtMade } from './just-made.ts';
import { KnownWork } from './known-work.ts';
import type { Span } from './ports.ts';
import type { RetryPorts } from './retry-ports.ts';
import { toldOrGone } from './told-or-gone.ts';
import { doSame, hasFailed, lookAtWhole, type WholeLook } from './whole-look.ts';

/** Whether somebody else ran the job again. */
export type SameWork =
  /** Nobody; what was created before `comparedUpToMs` need not be compared again. */
  | { readonly kind: 'none'; readonly comparedUpToMs?: number }
  /** Somebody's job that does the same is pending or running. */
  | { readonly kind: 'under-way'; readonly job: JobName }
  /** One has succeeded. */
  | { readonly kind: 'done'; readonly job: JobName }
  /** The location does not answer: what is not on the list may exist there. */
  | { readonly kind: 'unreachable' };

export interface WorkToCompare {
  readonly root: WholeLook;
  /** Under which it is to be run again. */
  readonly attemptId: string;
  /** Jobs that were created from then on are compared. By BigQuery's clock. */
  readonly sinceMs: number;
  /** Without them jobs in any state are compared. */
  readonly states?: ListQuery['states'];
  /** What of the same work was inserted so lately that lists may not show it. */
  readonly justMade?: JustMade;
}

/** Resources may be large: so many are looked at together. */
const AT_ONCE = 10;

/**
 * Whether a job of the same account and configuration, created since then, is pending, running or has succeeded:
 * schedulers and people run jobs again, too (rule 3). What list items tell is enough to rule most out; the others are
 * looked at whole. One that failed keeps nothing back.
 *
 * @throws the errors of `bigquery/errors.ts` but NotFoundError; a ForbiddenError has been alerted
 */
export async function sameWork(work: WorkToCompare, span: Span, ports: RetryPorts): Promise<SameWork> {
  const { name } = work.root.job;
  const listed = await toldOrGone(name, candidates(work, span, ports), ports);
  if (listed === undefined || listed === 'unreachable') return { kind: 'unreachable' };
  const made = await madeSince(work, span, ports);
  if (made) return made;
  const { comparedUpToMs } = listed;
  const known = new KnownWork(ports.jobs);
  const jobs = known.without(listed.jobs, work.root);
  const look = async (job: Job): Promise<WholeLook | undefined> => {
    const looked = await lookAtWhole(job.name, span, ports);
    if (looked) known.note(job, looked);
    return looked;
  };
  let underWay: Job | undefined;
  for (let from = 0; from < jobs.length; from += AT_ONCE) {
    const looks = await Promise.all(jobs.slice(from, from + AT_ONCE).map(look));
    const same = looks.filter((one) => one !== undefined && !hasFailed(one) && doSame(one, work.root));
    for (const done of same) {
      if (done?.job.state === 'DONE') return { kind: 'done', job: done.job.name };
      underWay = done?.job;
    }
  }
  if (underWay) return { kind: 'under-way', job: underWay.name };
  return { kind: 'none', ...(comparedUpToMs !== undefined && { comparedUpToMs }) };
}

/** Lists may not show yet what was inserted just now. */
async function madeSince(
  { root, attemptId, sinceMs, states, justMade }: WorkToCompare,
  span: Span,
  ports: RetryPorts,
): Promise<Extract<SameWork, { kind: 'under-way' | 'done' }> | undefined> {
  if (!justMade || justMade.jobId === attemptId) return undefined;
  const job = { ...root.job.name, jobId: justMade.jobId };
  const look = await lookAtMade(job, justMade, span, ports);
  if (look === 'unseen') return { kind: 'under-way', job };
  if (!look || hasFailed(look) || !doSame(look, root)) return undefined;
  if (look.job.state !== 'DONE') return { kind: 'under-way', job };
  const isSince = (look.job.creationTimeMs ?? sinceMs) >= sinceMs;
  return isSince && (states?.includes('done') ?? true) ? { kind: 'done', job } : undefined;
}

interface Candidates {
  readonly jobs: readonly Job[];
  readonly comparedUpToMs?: number;
}

async function candidates(
  work: WorkToCompare,
  span: Span,
  ports: RetryPorts,
): Promise<Candidates | 'unreachable'> {
  const { name } = work.root.job;
  const query: ListQuery = {
    projectId: name.projectId,
    states: work.states ?? ['pending', 'running', 'done'],
    minCreationTimeMs: work.sinceMs,
  };
  const jobs: Job[] = [];
  let firstDateMs: number | undefined;
  for await (const page of ports.jobs.list(query, span)) {
    firstDateMs ??= page.dateMs;
    if (page.unreachable.some((location) => location === 'unknown' || isAt(location, name))) {
      return 'unreachable';
    }
    jobs.push(...page.jobs.filter((job) => mayDoSame(job, work)));
  }
  return { jobs, ...(firstDateMs !== undefined && { comparedUpToMs: firstDateMs - LIST_LATE_MS }) };
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
