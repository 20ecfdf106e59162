import type { JobsPage } from '../bigquery/jobs-client.ts';
import { agreedNow } from '../enforce/agreed-now.ts';
import { tellableAtMs } from '../enforce/bigquery-now.ts';
import type { EnforcePorts, Span } from '../enforce/ports.ts';
import { jobKey } from '../job/job-name.ts';
import { lookCloser, nominate, type Sight } from './sight.ts';
import type { SweepLease } from './sweep-lease.ts';

/** Takes a failure of one job's work aside, so that the others go on. */
export type Guard = <T>(work: Promise<T>) => Promise<T | undefined>;

/** What one listing of a project gave. */
export interface Listed {
  /** How many jobs are pending or running. */
  readonly jobs: number;
  /** Those with something to tell, to do, or to wait for. */
  readonly sights: readonly Sight[];
  /** False when time ran out before the last page. */
  readonly complete: boolean;
}

/** How much of a sweep's time listing may take: the rest is for what was found. */
const LISTING_PART = 0.7;

/**
 * Every pending and running job is judged as its page comes in, by BigQuery's time of the page; only those
 * that matter are kept. `no-time` when that time cannot be trusted: then nobody may be called guilty.
 */
export async function listAndJudge(
  projectId: string,
  lease: SweepLease,
  span: Span,
  ports: EnforcePorts,
  guard: Guard,
): Promise<Listed | 'no-time'> {
  const { clock } = ports;
  const listUntilMs = clock.now() + (span.deadlineAtMs - clock.now()) * LISTING_PART;
  const seen = new Set<string>();
  const sights: Promise<Sight | undefined>[] = [];
  let complete = true;
  let sentAtMs = clock.now();
  const query = { projectId, states: ['pending', 'running'] } as const;
  for await (const page of ports.jobs.list(query, { deadlineAtMs: span.deadlineAtMs })) {
    const receivedAtMs = clock.now();
    const nowMs = await agreedNow({ ...page, sentAtMs, receivedAtMs }, ports);
    if (nowMs === undefined) return 'no-time';
    await lease.renew();
    logGaps(page, projectId, ports);
    const policies = await ports.policies.recent();
    for (const job of page.jobs) {
      const key = jobKey(job.name);
      // Jobs that come and go shift the pages, so that one may stand on two. None of another project is ours.
      if (seen.has(key) || job.name.projectId !== projectId) continue;
      seen.add(key);
      const sight = nominate(job, policies, nowMs, receivedAtMs);
      if (sight.verdict.needs.length > 0) sights.push(guard(closer(sight, span, ports)));
      else if (matters(sight, span)) sights.push(Promise.resolve(sight));
    }
    sentAtMs = clock.now();
    if (sentAtMs > listUntilMs) {
      complete = false;
      break;
    }
  }
  const judged = await Promise.all(sights);
  return { jobs: seen.size, sights: judged.filter((sight) => sight !== undefined), complete };
}

export function logGaps(
  { brokenItems, unreachable }: JobsPage,
  projectId: string,
  { log }: EnforcePorts,
): void {
  if (brokenItems > 0) log.warning('list items not understood', { projectId, count: brokenItems });
  if (unreachable.length > 0) log.warning('locations unreachable', { projectId, locations: unreachable });
}

async function closer(nominated: Sight, span: Span, ports: EnforcePorts): Promise<Sight | undefined> {
  const seen = await lookCloser(nominated, span, ports);
  return typeof seen !== 'string' && matters(seen, span) ? seen : undefined;
}

/** Whether there is anything to tell, to do, or to wait for. */
function matters({ verdict, nowMs, ourNowMs }: Sight, span: Span): boolean {
  if (verdict.findings.length > 0 || verdict.undecided.length > 0) return true;
  const { recheckAtMs } = verdict;
  return recheckAtMs !== undefined && tellableAtMs(recheckAtMs, nowMs, ourNowMs) <= span.horizonAtMs;
}
