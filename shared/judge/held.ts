import type { Job } from '../job/job.ts';
import { sameJob } from '../job/job-name.ts';
import type { CreatedWithin, Hold, Holds } from '../policy/holds/holds.ts';
import { attemptNamed } from '../retry/attempt-id.ts';
import { matchSelector } from './match.ts';

/**
 * The hold that keeps a family: one that takes any of its jobs and has not ended. Of several, the one that lasts
 * longest; of equals, the first in the file. What a job does not tell speaks for its being held.
 */
export function holdOn(jobs: readonly Job[], { all }: Holds, nowMs: number): Hold | undefined {
  let longest: Hold | undefined;
  for (const hold of all) {
    if (endOf(hold) < nowMs || (longest && endOf(hold) <= endOf(longest))) continue;
    if (jobs.some((job) => takes(hold, job))) longest = hold;
  }
  return longest;
}

function endOf({ untilMs = Number.POSITIVE_INFINITY }: Hold): number {
  return untilMs;
}

function takes({ jobs, created, match }: Hold, job: Job): boolean {
  return (
    (jobs === undefined || isNamed(jobs, job)) &&
    (created === undefined || isWithin(created, job.creationTimeMs)) &&
    matchSelector(match, job).kind !== 'no'
  );
}

/** By its own name, or as an attempt of a job that is: whoever holds a job holds what came of it. */
function isNamed(names: NonNullable<Hold['jobs']>, { name }: Job): boolean {
  const root = attemptNamed(name)?.root;
  return names.some((held) => sameJob(held, name) || (root !== undefined && sameJob(held, root)));
}

function isWithin(
  { fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY }: CreatedWithin,
  createdAtMs: number | undefined,
): boolean {
  return createdAtMs === undefined || (createdAtMs >= fromMs && createdAtMs <= toMs);
}
