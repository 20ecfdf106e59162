import { isRawObject } from './google-json.schema.ts';
import { stateOf } from './job-words.ts';
import { principalOf } from './principal.ts';
import { RestJob } from './rest-job.schema.ts';
import { told } from './told.ts';

/** A list item that is no job to be judged, with what it tells all the same. */
export interface UnreadJob {
  /** Perhaps no id that a job can have, but a plain word. */
  readonly jobId?: string;
  readonly location?: string;
  readonly principal?: string;
  readonly creationTimeMs?: number;
  /** It says so. */
  readonly hasEnded: boolean;
  /** It says that it has ended, and failed. */
  readonly hasFailed: boolean;
}

/** What is no plain word may be any text. */
const PLAIN = /^[\w.:@/-]{1,1024}$/;

/** Of a list item that `readListItem` does not take. */
export function readUnreadJob(item: unknown): UnreadJob {
  const job = (isRawObject(item) ? RestJob.parse(item) : undefined) ?? {};
  const { jobReference, statistics } = job;
  const state = stateOf([job.status?.state, job.state], { endTimeMs: statistics?.endTime });
  const error = job.status?.errorResult ?? job.errorResult;
  const hasEnded = state === 'DONE';
  return told(
    { hasEnded, hasFailed: hasEnded && error?.reason !== undefined },
    {
      jobId: plain(jobReference?.jobId ?? job.id),
      location: plain(jobReference?.location),
      principal: principalOf(job.user_email, job.principal_subject),
      creationTimeMs: statistics?.creationTime,
    },
  );
}

/** For a person who wants to find it: `US.odd.id, created at 2026-11-24T08:00:00.000Z`. */
export function printUnreadJob({ jobId, location, creationTimeMs }: UnreadJob): string {
  const id = jobId === undefined ? 'one without an id' : [location, jobId].filter(Boolean).join('.');
  return creationTimeMs === undefined ? id : `${id}, created at ${new Date(creationTimeMs).toISOString()}`;
}

function plain(text: string | undefined): string | undefined {
  return text !== undefined && PLAIN.test(text) ? text : undefined;
}
