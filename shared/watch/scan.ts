import { JobsApiError, NotFoundError } from '../bigquery/errors.ts';
import type { JobsPage, JobsReader } from '../bigquery/jobs-client.ts';
import { bigqueryNow } from '../enforce/bigquery-now.ts';
import type { Span } from '../enforce/ports.ts';
import type { Job } from '../job/job.ts';
import type { JobName } from '../job/job-name.ts';
import { judge } from '../judge/judge.ts';
import type { Policies } from '../policy/policy.ts';
import type { Clock } from '../ports/clock.ts';
import { nominate, type Sight } from './sight.ts';

/** What a scan needs of the world: it cannot write, for nothing it is given can. */
export interface ScanPorts {
  readonly jobs: JobsReader;
  readonly clock: Pick<Clock, 'now'>;
}

/** What a scan tells, as it comes. */
export type Scanned =
  /** A job that a policy fires on, warns of, or cannot yet decide on. As `jobs.get` told it. */
  | { readonly kind: 'job'; readonly sight: Sight }
  /** So many jobs of the project have been judged by now. */
  | { readonly kind: 'progress'; readonly jobs: number }
  | { readonly kind: 'unreachable'; readonly locations: readonly string[] }
  /** Something went wrong with one job; the others were judged. */
  | { readonly kind: 'failed'; readonly name: JobName; readonly why: JobsApiError | 'no-time' }
  /** BigQuery's time of a page is not told or cannot be trusted: nothing of it, and nothing after it, was judged. */
  | { readonly kind: 'no-time' }
  /** The end of the project. */
  | { readonly kind: 'done'; readonly jobs: number };

/**
 * What a sweep over the project would find right now: lists its pending and running jobs, judges each as its
 * page comes in, and looks at those that matter. Memory holds one page, whatever the project.
 *
 * A sweep remembers earlier looks at a job that lacked what a policy wants; a scan has no memory, so such a
 * job is told with its `needs`.
 *
 * @throws JobsApiError when the listing itself failed
 */
export async function* scan(
  projectId: string,
  policies: Policies,
  { deadlineAtMs }: Pick<Span, 'deadlineAtMs'>,
  ports: ScanPorts,
): AsyncGenerator<Scanned, undefined> {
  let jobs = 0;
  let sentAtMs = ports.clock.now();
  const query = { projectId, states: ['pending', 'running'] } as const;
  for await (const page of ports.jobs.list(query, { deadlineAtMs })) {
    const receivedAtMs = ports.clock.now();
    const now = bigqueryNow({ ...page, sentAtMs, receivedAtMs });
    if (now.kind !== 'now') {
      yield { kind: 'no-time' };
      return undefined;
    }
    if (page.unreachable.length > 0) yield { kind: 'unreachable', locations: page.unreachable };
    // All looks of a page are under way at once; the client's budget shares them out.
    const judgedAt = { nowMs: now.nowMs, ourNowMs: receivedAtMs };
    for (const look of looksOf(page, policies, judgedAt, deadlineAtMs, ports)) {
      const scanned = await look;
      if (scanned) yield scanned;
    }
    jobs += page.jobs.length;
    yield { kind: 'progress', jobs };
    sentAtMs = ports.clock.now();
  }
  yield { kind: 'done', jobs };
  return undefined;
}

function looksOf(
  page: JobsPage,
  policies: Policies,
  { nowMs, ourNowMs }: Pick<Sight, 'nowMs' | 'ourNowMs'>,
  deadlineAtMs: number,
  ports: ScanPorts,
): readonly Promise<Scanned | undefined>[] {
  return page.jobs
    .filter((job) => matters(nominate(job, policies, nowMs, ourNowMs)))
    .map((job) => lookAt(job.name, policies, deadlineAtMs, ports));
}

/** Never rejects with what concerns this job alone. Undefined: nothing is to be told of it. */
async function lookAt(
  name: JobName,
  policies: Policies,
  deadlineAtMs: number,
  { jobs }: ScanPorts,
): Promise<Scanned | undefined> {
  try {
    const look = await jobs.get(name, { deadlineAtMs });
    const now = bigqueryNow(look);
    if (now.kind !== 'now') return { kind: 'failed', name, why: 'no-time' };
    const sight = sightOf(look.job, policies, now.nowMs, look.receivedAtMs);
    return matters(sight) ? { kind: 'job', sight } : undefined;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    if (error instanceof JobsApiError) return { kind: 'failed', name, why: error };
    throw error;
  }
}

function sightOf(job: Job, policies: Policies, nowMs: number, ourNowMs: number): Sight {
  const verdict = judge(job, policies, { nowMs, lackedAtMs: [], looked: true });
  return { job, policies, verdict, looked: true, nowMs, ourNowMs };
}

function matters({ verdict }: Sight): boolean {
  return verdict.findings.length > 0 || verdict.needs.length > 0;
}
