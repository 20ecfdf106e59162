import { JobsApiError } from '../bigquery/errors.ts';
import type { ListQuery } from '../bigquery/jobs-client.ts';
import { agreedNow } from '../enforce/agreed-now.ts';
import { tellableAtMs } from '../enforce/bigquery-now.ts';
import type { EnforcePorts, Span } from '../enforce/ports.ts';
import type { Policies } from '../policy/policy.ts';
import { ListPlace, type Reached } from './list-place.ts';
import { lookCloser, nominate, type Sight } from './sight.ts';
import type { SweepLease } from './sweep-lease.ts';
import { tellGaps } from './tell-unwatched.ts';

/** Takes a failure of one job's work aside, so that the others go on. */
export type Guard = <T>(work: Promise<T>) => Promise<T | undefined>;

/** What one listing of a project gave, from its newest job on or from where the sweep before stopped. */
export interface Listed {
  /** How many jobs are pending or running that the sweep before did not see. */
  readonly jobs: number;
  /** Those with something to tell, to do, or to wait for. */
  readonly sights: readonly Sight[];
  /** What they were judged by. */
  readonly policies: Policies;
  /** Present when it did not come to the last page. */
  readonly stopped?: Stopped;
}

export interface Stopped {
  readonly reached?: Reached;
  /** A page that did not come though others had; absent when time ran out. */
  readonly why?: JobsApiError;
}

/** How much of a sweep's time listing may take: the rest is for what was found. */
const LISTING_PART = 0.7;

/**
 * Every pending and running job is judged as its page comes in, by BigQuery's time of the page; only those
 * that matter are kept. `no-time` when that time cannot be trusted: then nobody may be called guilty.
 *
 * @throws JobsApiError when no page with a job came
 */
export async function listAndJudge(
  projectId: string,
  lease: SweepLease,
  span: Span,
  ports: EnforcePorts,
  guard: Guard,
): Promise<Listed | 'no-time'> {
  const { clock } = ports;
  const { position } = lease;
  // The whole sweep is judged by one policy; each act reads it again.
  const policies = await ports.policies.latest();
  const listUntilMs = clock.now() + (span.deadlineAtMs - clock.now()) * LISTING_PART;
  const place = new ListPlace(position);
  const sights: Promise<Sight | undefined>[] = [];
  let stopped: Stopped | undefined;
  let sentAtMs = clock.now();
  try {
    for await (const page of ports.jobs.list(queryOf(projectId, position), span)) {
      const receivedAtMs = clock.now();
      const nowMs = await agreedNow({ ...page, sentAtMs, receivedAtMs }, ports);
      if (nowMs === undefined) return 'no-time';
      await lease.renew();
      await tellGaps(page, projectId, ports);
      for (const job of page.jobs) {
        // None of another project is ours.
        if (job.name.projectId !== projectId || !place.pass(job)) continue;
        const sight = nominate(job, policies, nowMs, receivedAtMs);
        if (sight.verdict.needs.length > 0) sights.push(guard(closer(sight, span, ports)));
        else if (matters(sight, span)) sights.push(Promise.resolve(sight));
      }
      sentAtMs = clock.now();
      if (page.isLast || sentAtMs <= listUntilMs) continue;
      stopped = stoppedAt(place);
      break;
    }
  } catch (error) {
    if (!(error instanceof JobsApiError) || place.jobs === 0) throw error;
    stopped = { ...stoppedAt(place), why: error };
  }
  const judged = (await Promise.all(sights)).filter((sight) => sight !== undefined);
  return { jobs: place.jobs, sights: judged, policies, ...(stopped && { stopped }) };
}

function queryOf(projectId: string, position: Reached | undefined): ListQuery {
  return {
    projectId,
    states: ['pending', 'running'],
    ...(position && { maxCreationTimeMs: position.createdUpToMs }),
  };
}

function stoppedAt(place: ListPlace): Stopped {
  const reached = place.reached();
  return reached === undefined ? {} : { reached };
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
