import type { Job } from '../job/job.ts';
import { type JobName, sameJob } from '../job/job-name.ts';
import type { CreatedWithin, Hold, Holds } from '../policy/holds/holds.ts';
import { attemptNamed } from '../retry/attempt-id.ts';
import { matchSelector } from './match.ts';

/** A job, and the job of which it is an attempt by its id: whoever holds a job holds what came of it. */
interface Candidate {
  readonly job: Job;
  readonly root: JobName | undefined;
}

/**
 * The hold that keeps a family: one that takes any of its jobs and has not ended. Of several, the one that lasts
 * longest; of equals, the first in the file. What a job does not tell speaks for its being held.
 */
export function holdOn(jobs: readonly Job[], { all }: Holds, nowMs: number): Hold | undefined {
  const candidates = jobs.map((job) => ({ job, root: attemptNamed(job.name)?.root }));
  let longest: Hold | undefined;
  for (const hold of all) {
    if (endOf(hold) < nowMs || (longest && endOf(hold) <= endOf(longest))) continue;
    if (candidates.some((candidate) => takes(hold, candidate))) longest = hold;
  }
  return longest;
}

function endOf({ untilMs = Number.POSITIVE_INFINITY }: Hold): number {
  return untilMs;
}

function takes({ jobs, created, match }: Hold, candidate: Candidate): boolean {
  const { job } = candidate;
  return (
    (jobs === undefined || jobs.some((name) => isNamed(name, candidate))) &&
    (created === undefined || isWithin(created, job.creationTimeMs)) &&
    matchSelector(match, job).kind !== 'no'
  );
}

function isNamed(name: JobName, { job, root }: Candidate): boolean {
  return sameJob(name, job.name) || (root !== undefined && sameJob(name, root));
}

function isWithin(
  { fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY }: CreatedWithin,
  createdAtMs: number | undefined,
): boolean {
  return createdAtMs === undefined || (createdAtMs >= fromMs && createdAtMs <= toMs);
}
