import { readJob } from '../job/from-rest.ts';
import type { Job } from '../job/job.ts';
import type { RedactionOptions } from '../job/redacted.ts';
import { type RerunFacts, readRerunFacts } from '../job/rerun-facts.ts';

/** A failed job with what the whole of it tells of running it again. */
export interface RetryCandidate {
  readonly job: Job;
  readonly facts: RerunFacts;
}

/**
 * Reads a Job as `jobs.get` gives it, with every field.
 *
 * @throws BrokenJobError for what names no job or does not tell how far it is
 */
export function readCandidate(resource: unknown, options: RedactionOptions = {}): RetryCandidate {
  return { job: readJob(resource, options), facts: readRerunFacts(resource, options) };
}
