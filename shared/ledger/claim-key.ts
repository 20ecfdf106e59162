import type { JobName } from '../job/job-name.ts';
import { jobKey } from '../job/job-name.ts';
import { documentKey } from './document-key.ts';
import type { Verb } from './ledger.ts';

/**
 * The key of the claim to do one act: job, verb, attempt.
 *
 * A location is part of a job's name, so claim a job under the name that `jobs.get` or `jobs.list` told:
 * a name without location makes another key than the same name with one.
 */
export function claimKey(job: JobName, verb: Verb, attempt: number): string {
  return documentKey(verb, String(attempt), jobKey(job));
}
