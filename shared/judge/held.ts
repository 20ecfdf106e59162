import type { Job } from '../job/job.ts';
import { type JobName, sameJob } from '../job/job-name.ts';
import type { CreatedWithin, Hold, Holds } from '../policy/holds/holds.ts';
import { attemptNamed } from '../retry/attempt-id.ts';
import { type Family, membersOf } from './family.ts';
import { matchSelector } from './match.ts';
import type { HeldByHold } from './purge-verdict.ts';

/** A job that may be on hold. */
interface Candidate {
  readonly job: Job;
  /** The job of which it is an attempt by its id: whoever holds a job holds what came of it. */
  readonly root?: JobName | undefined;
  /** When it was created, at some time within. */
  readonly createdFromMs: number;
  readonly createdToMs: number;
  /** Nobody knows its id: any that is named in its project and location may be it. */
  readonly isUnseen?: boolean;
}

/** What keeps a family: a hold on one of its jobs, or else one that may be on a child that nobody could look at. */
export function heldBy(family: Family, holds: Holds, nowMs: number): HeldByHold | undefined {
  const onSeen = holdOn(
    membersOf(family).map(({ job }) => job),
    holds,
    nowMs,
  );
  if (onSeen) return toHeld(onSeen);
  const { unseen = 0, root } = family;
  const onUnseen = unseen > 0 ? longestOn([childOf(root.job)], holds, nowMs) : undefined;
  return onUnseen && { ...toHeld(onUnseen), unseen };
}

function toHeld({ id, untilMs }: Hold): HeldByHold {
  return { hold: id, ...(untilMs !== undefined && { untilMs }) };
}

/**
 * The hold that keeps a family: one that takes any of its jobs and has not ended. Of several, the one that lasts
 * longest; of equals, the first in the file. What a job does not tell speaks for its being held.
 */
export function holdOn(jobs: readonly Job[], holds: Holds, nowMs: number): Hold | undefined {
  return longestOn(jobs.map(candidateOf), holds, nowMs);
}

function candidateOf(job: Job): Candidate {
  const { name, creationTimeMs } = job;
  return {
    job,
    root: attemptNamed(name)?.root,
    createdFromMs: creationTimeMs ?? Number.NEGATIVE_INFINITY,
    createdToMs: creationTimeMs ?? Number.POSITIVE_INFINITY,
  };
}

/** A child of which nothing is known but where it is, and that it was created while its parent ran. */
function childOf({ name, state, creationTimeMs, endTimeMs }: Job): Candidate {
  return {
    job: { name, state },
    createdFromMs: creationTimeMs ?? Number.NEGATIVE_INFINITY,
    createdToMs: endTimeMs ?? Number.POSITIVE_INFINITY,
    isUnseen: true,
  };
}

function longestOn(candidates: readonly Candidate[], { all }: Holds, nowMs: number): Hold | undefined {
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
    (created === undefined || overlap(created, candidate)) &&
    matchSelector(match, job).kind !== 'no'
  );
}

function isNamed(name: JobName, { job, root, isUnseen = false }: Candidate): boolean {
  if (isUnseen) return sameJob({ ...name, jobId: job.name.jobId }, job.name);
  return sameJob(name, job.name) || (root !== undefined && sameJob(name, root));
}

function overlap(
  { fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY }: CreatedWithin,
  { createdFromMs, createdToMs }: Candidate,
): boolean {
  return createdToMs >= fromMs && createdFromMs <= toMs;
}
