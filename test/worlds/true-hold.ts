import type { JobTruth } from '../../simulator/truth.ts';
import { readAttemptName } from './attempt-name.ts';
import type { HoldDescription } from './holds-description.ts';
import type { TrueFamily } from './purge-oracle.ts';
import { holds } from './true-match.ts';

// What is on hold, by what is true of it: written anew from the design.

/** The hold that keeps a family at that moment, if there is one. What a job does not tell keeps it. */
export function holdOf(
  all: readonly HoldDescription[],
  { root, children }: TrueFamily,
  atMs: number,
): HoldDescription | undefined {
  return all.find(
    (hold) =>
      (hold.untilMs === 'indefinite' || hold.untilMs >= atMs) &&
      [root, ...children].some((member) => takes(hold, member)),
  );
}

function takes({ jobs, created, match }: HoldDescription, job: JobTruth): boolean {
  const { fromMs = 0, toMs = Number.POSITIVE_INFINITY } = created ?? {};
  return (
    (jobs === undefined || jobs.some((name) => isNamed(name, job))) &&
    job.creationTimeMs >= fromMs &&
    job.creationTimeMs <= toMs &&
    holds(match, job) !== false
  );
}

/** By its own name, or by that of the job that it is an attempt of; with its location or without. */
function isNamed(name: string, { projectId, location, jobId }: JobTruth): boolean {
  const ids = [jobId, readAttemptName(jobId)?.rootId ?? jobId];
  return ids.some((id) => name === `${projectId}:${location}.${id}` || name === `${projectId}:${id}`);
}
