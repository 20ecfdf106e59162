import { readAttemptId } from '../shared/retry/attempt-id.ts';
import type { InsertedJob, InsertedLife } from '../simulator/state.ts';
import type { PlannedJob } from './day.ts';

/** The lives of jobs that are run again: as the day planned them, until they have failed as often as they were to. */
export function secondLives(
  plan: readonly PlannedJob[],
): (job: Pick<InsertedJob, 'jobId'>) => InsertedLife | undefined {
  const planned = new Map(plan.map((job) => [job.jobId, job]));
  return ({ jobId }) => {
    const read = readAttemptId(jobId);
    const job = read && planned.get(read.rootId);
    if (!job) return undefined;
    const { failures = Number.POSITIVE_INFINITY, error, ...life } = job;
    return read.attempt < failures && error !== undefined ? { ...life, error } : life;
  };
}
