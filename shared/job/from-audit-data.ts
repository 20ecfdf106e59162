import type { AuditData, DataJob } from './audit-data.schema.ts';
import { jobOfAuditData } from './audit-data-job.ts';
import type { AuditLog } from './audit-entry.schema.ts';
import { type EntryReading, ignored, refusedInsert } from './entry-reading.ts';
import type { JobState } from './job.ts';
import { type JobName, nameOfParts } from './job-name.ts';
import { stateOf } from './job-words.ts';
import { principalOfEntry } from './principal.ts';
import type { RedactionOptions } from './redacted.ts';
import { ALREADY_EXISTS, isFailure } from './rpc-status.ts';

export const AUDIT_DATA_TYPE = 'type.googleapis.com/google.cloud.bigquery.logging.v1.AuditData';

/** What a telling of a job is worth. */
interface Telling {
  /** Known whatever the job's own status says. */
  readonly state?: JobState;
  /** When nothing tells it. */
  readonly otherwise?: JobState;
  /** Whether whoever called is who runs the job, and the call's status is the job's. */
  readonly isItsOwn: boolean;
}

export function hasJobDataKey(data: AuditData): boolean {
  const { jobInsertRequest, jobInsertResponse, jobQueryRequest, jobQueryResponse } = data;
  const { jobGetQueryResultsResponse, jobQueryDoneResponse, jobCompletedEvent } = data;
  return (
    (jobInsertRequest ??
      jobInsertResponse ??
      jobQueryRequest ??
      jobQueryResponse ??
      jobGetQueryResultsResponse ??
      jobQueryDoneResponse ??
      jobCompletedEvent) !== undefined
  );
}

/**
 * Reads AuditData, the older format, as both formats lead to the same Job. Of the parts that stand side by side the
 * one that knows most counts: the completed event, then a response, then the request. `jobCompletedEvent` is
 * documented for successes only, and failures are in the wild: its job tells. `location` is the resource's, for
 * names that have none; the format has it in `jobName`.
 *
 * Undefined: a job event without a usable name.
 */
export function readAuditData(
  payload: AuditLog,
  data: AuditData,
  location: string | undefined,
  options: RedactionOptions,
): EntryReading | undefined {
  const completed = data.jobCompletedEvent?.job;
  if (completed !== undefined) {
    return readJobOf(payload, completed, location, options, { state: 'DONE', isItsOwn: true });
  }
  // Whoever asks for results need not be who runs the job, nor does their failure make it fail.
  const asked = data.jobQueryDoneResponse?.job ?? data.jobGetQueryResultsResponse?.job;
  if (asked !== undefined) return readJobOf(payload, asked, location, options, { isItsOwn: false });
  const answered = data.jobInsertResponse?.resource ?? data.jobQueryResponse?.job;
  const inserted = answered ?? data.jobInsertRequest?.resource;
  if (inserted !== undefined) {
    return readInsertion(payload, inserted, location, options, answered !== undefined);
  }
  if (isFailure(payload.status)) return refusedInsert();
  return data.jobCompletedEvent === undefined ? ignored('the entry names no job, or none yet') : undefined;
}

/** `isAnswered`: BigQuery speaks, not only the client; it alone knows a job's name when the client gave none. */
function readInsertion(
  payload: AuditLog,
  job: DataJob,
  location: string | undefined,
  options: RedactionOptions,
  isAnswered: boolean,
): EntryReading | undefined {
  const refused = isFailure(payload.status);
  if (job.jobName?.jobId === undefined) {
    if (refused) return refusedInsert();
    if (job.jobConfiguration?.dryRun === true)
      return ignored('the entry tells of a dry run: no job came of it');
    return isAnswered ? undefined : ignored('the entry names no job, or none yet');
  }
  const name = nameOf(job, location);
  if (refused && payload.status?.code === ALREADY_EXISTS) {
    return name && { kind: 'look-at', name, because: 'id-taken' };
  }
  if (refused && !isAnswered) return name && refusedInsert();
  return readJobOf(payload, job, location, options, {
    otherwise: refused ? 'DONE' : 'PENDING',
    isItsOwn: true,
  });
}

function readJobOf(
  payload: AuditLog,
  raw: DataJob,
  location: string | undefined,
  options: RedactionOptions,
  telling: Telling,
): EntryReading | undefined {
  const name = nameOf(raw, location);
  if (name === undefined) return undefined;
  if (name.jobId.startsWith('script_job_')) return { kind: 'look-at', name, because: 'script-id' };
  const { createTime, startTime, endTime } = raw.jobStatistics ?? {};
  const times = { creationTimeMs: createTime, startTimeMs: startTime, endTimeMs: endTime };
  const state = stateOf([telling.state, raw.jobStatus?.state], times) ?? telling.otherwise;
  if (state === undefined) return { kind: 'look-at', name, because: 'cut-entry' };
  const frame = {
    name,
    state,
    principal: telling.isItsOwn ? principalOfEntry(payload) : undefined,
    entryStatus: telling.isItsOwn ? payload.status : undefined,
  };
  return { kind: 'job', job: jobOfAuditData(raw, frame, options) };
}

function nameOf({ jobName }: DataJob, location: string | undefined): JobName | undefined {
  return nameOfParts(jobName?.projectId, jobName?.location ?? location, jobName?.jobId);
}
