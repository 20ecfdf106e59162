import type { Job } from '../job/job.ts';
import type { Claim } from '../ledger/ledger.ts';

/**
 * Whether a job is another one than that of the claim: whoever deleted a job, its id may be used again. Nothing can be
 * created before the job that has its id has ended. Both times are BigQuery's.
 */
export function isIdUsedAgain({ purge }: Claim, { creationTimeMs }: Pick<Job, 'creationTimeMs'>): boolean {
  return purge !== undefined && creationTimeMs !== undefined && creationTimeMs > purge.endedAtMs;
}

/** Whether nothing is to be found out of a job: sweeps go on with its claim, or it has been purged. */
export function isSettledBy(claim: Claim, job: Pick<Job, 'creationTimeMs'>): boolean {
  if (claim.state === 'void') return false;
  return claim.state !== 'ended' || !isIdUsedAgain(claim, job);
}
