import type { RawLook } from '../bigquery/jobs-client.ts';
import type { JobName } from '../job/job-name.ts';
import { type RerunFacts, readRerunFacts } from '../job/rerun-facts.ts';
import { hashesOfResource } from '../retry/configuration-hash.ts';
import { DATE_RESOLUTION_MS } from './bigquery-now.ts';
import type { Span } from './ports.ts';
import type { RetryPorts } from './retry-ports.ts';
import { toldOrGone } from './told-or-gone.ts';

/** A look at the whole of a job, with what it tells of running it again. */
export interface WholeLook extends RawLook {
  readonly facts: RerunFacts;
}

/**
 * `jobs.get` with every field; undefined: BigQuery knows no such job.
 *
 * @throws the errors of `bigquery/errors.ts` but NotFoundError; a ForbiddenError has been alerted
 */
export async function lookAtWhole(
  name: JobName,
  span: Span,
  ports: RetryPorts,
): Promise<WholeLook | undefined> {
  const look = await lookToCompare(name, span, ports);
  return look && { ...look, facts: readRerunFacts(look.resource.take(), ports) };
}

/** As `lookAtWhole`, of a job that is only compared: to read what a long text is takes a while. */
export function lookToCompare(
  name: JobName,
  { deadlineAtMs }: Span,
  ports: RetryPorts,
): Promise<RawLook | undefined> {
  return toldOrGone(name, ports.jobs.getWhole(name, { deadlineAtMs }), ports);
}

/**
 * When it ended, by BigQuery's clock; of an answer that does not say, no later than that. Never later than the second
 * in which it was looked at, which begins at `nowMs`: what was created since is compared with it.
 */
export function endOf({ job }: WholeLook, nowMs: number): number {
  const toldMs = job.endTimeMs ?? job.startTimeMs ?? job.creationTimeMs ?? nowMs;
  return Math.min(toldMs, nowMs + DATE_RESOLUTION_MS);
}

/** Whether both are of one account and do the same. */
export function doSame(a: RawLook, b: RawLook): boolean {
  return haveCommon(worksOf(a), worksOf(b));
}

/**
 * What a job does, and as whom: jobs that have one in common do the same. More than one while BigQuery does not tell
 * all of it; none of a job of nobody.
 */
export function worksOf(look: RawLook): readonly string[] {
  const { principal } = look.job;
  return principal === undefined ? [] : hashesOf(look).map((hash) => `${principal} ${hash}`);
}

export function haveCommon(a: readonly string[], b: readonly string[]): boolean {
  return a.some((one) => b.includes(one));
}

export function hashesOf({ resource }: RawLook): readonly string[] {
  return hashesOfResource(resource.take());
}

/**
 * Only `errorResult` says that a job failed. `status.errors` alone says nothing of it, not even `stopped`: "Errors here
 * do not necessarily mean that the job has not completed or was unsuccessful" [doc: reference/rest/v2/Job.md, JobStatus].
 * So nothing is run again for them, and who has them has done its work.
 */
export function hasFailed({ job }: RawLook): boolean {
  return job.state === 'DONE' && job.error !== null && job.error !== undefined;
}
