import type { Job } from '../job/job.ts';
import type { Policies } from '../policy/policy.ts';

/**
 * Whether a look at a job that ended may lead to a purge, by what a list or an entry tells of it. What it tells acquits
 * only where neither the job nor a child of it can be sensitive.
 */
export function mayBeSensitive(job: Job, { purge }: Pick<Policies, 'purge'>): boolean {
  return job.state === 'DONE' && purge.length > 0;
}
