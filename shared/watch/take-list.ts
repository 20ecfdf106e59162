import { PageTokenError } from '../bigquery/errors.ts';
import type { ListQuery } from '../bigquery/jobs-client.ts';
import type { Dated } from '../enforce/bigquery-now.ts';
import type { EnforcePorts, Span } from '../enforce/ports.ts';
import type { Job } from '../job/job.ts';
import { canonicalLocation } from '../job/job-name.ts';
import type { HandingOver } from './handing-over.ts';
import type { SweepLease } from './sweep-lease.ts';
import { tellGaps } from './tell-unwatched.ts';

/** One sweep for what ended in a project, under way. */
export interface EndedSweep {
  readonly projectId: string;
  readonly lease: SweepLease;
  readonly span: Span;
  readonly ports: EnforcePorts;
  readonly over: HandingOver;
  /** The locations that did not answer so far. */
  readonly unreachable: Set<string>;
  /** No page is asked for, and no job is looked at, after then: the rest is for recording. */
  readonly untilMs: number;
}

/** What one list gave. */
export interface TakenList {
  /** False when time ran out before the last page, or it was refused. */
  readonly complete: boolean;
  /** A page did not come though others had, for BigQuery takes its token no more. */
  readonly refused?: PageTokenError;
  /** When the oldest job was created that was listed. */
  readonly backToMs: number;
  /** The first answer. */
  readonly first: Dated;
}

/**
 * Takes the jobs of a list page by page, of those that ended only the ones that are due. Time that is up ends it
 * when a further page comes, so that a list of one page is always complete.
 *
 * @throws JobsApiError, but for a page token that is refused: what came before it stands
 */
export async function takeList(
  query: ListQuery,
  untilMs: number,
  isDue: (job: Job) => boolean,
  sweep: EndedSweep,
): Promise<TakenList> {
  const { projectId, lease, span, ports, over, unreachable } = sweep;
  const { clock, jobs } = ports;
  const sentAtMs = clock.now();
  let first: Dated = { sentAtMs, receivedAtMs: sentAtMs };
  let backToMs = Number.POSITIVE_INFINITY;
  let pages = 0;
  try {
    for await (const page of jobs.list(query, { deadlineAtMs: span.deadlineAtMs })) {
      if (pages === 0) first = { ...first, ...page, receivedAtMs: clock.now() };
      else if (clock.now() >= untilMs) return { complete: false, backToMs, first };
      pages += 1;
      await lease.renew();
      await tellGaps(page, projectId, ports);
      for (const location of page.unreachable) unreachable.add(canonicalLocation(location));
      const ours = page.jobs.filter(({ name }) => name.projectId === projectId);
      await Promise.all(
        ours.filter((job) => job.state !== 'DONE' || isDue(job)).map((job) => over.take(job)),
      );
      for (const { creationTimeMs = Number.POSITIVE_INFINITY } of ours)
        backToMs = Math.min(backToMs, creationTimeMs);
    }
  } catch (error) {
    if (error instanceof PageTokenError && pages > 0) {
      return { complete: false, refused: error, backToMs, first };
    }
    throw error;
  }
  return { complete: true, backToMs, first };
}
