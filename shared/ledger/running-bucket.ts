import { createHash } from 'node:crypto';
import { canonicalLocation, type JobName } from '../job/job-name.ts';

/**
 * Into so many documents a running set is split by a hash of the names, so that one job that comes or goes costs
 * one small document, however many run. Changing it loses what ledgers hold.
 */
export const RUNNING_BUCKETS = 64;

/** What one document may hold, in characters of its names: Firestore takes 1 MiB [Firestore: quotas]. */
export const MOST_IN_A_BUCKET = 800_000;
/** Quotes and a comma. */
const AROUND_A_NAME = 3;

/** A job's name within its project: `US.job_1`, or `job_1` where the location is unknown. */
export function nameInProject({ location, jobId }: JobName): string {
  return location === undefined ? jobId : `${canonicalLocation(location)}.${jobId}`;
}

/** The bucket that a name (of `nameInProject`) belongs in, from 0 on. */
export function bucketOf(name: string): number {
  return createHash('sha256').update(name).digest().readUInt32BE(0) % RUNNING_BUCKETS;
}

/** The same for the same names, in whatever order, and another for others. Of none: the empty string. */
export function digestOf(names: Iterable<string>): string {
  const sorted = [...names].sort();
  if (sorted.length === 0) return '';
  return createHash('sha256').update(sorted.join('\n')).digest('hex').slice(0, 32);
}

export function roomFor(name: string): number {
  return name.length + AROUND_A_NAME;
}
