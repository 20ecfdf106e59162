import type { AuditJob, AuditLog, AuditMetadata } from './audit-entry.schema.ts';
import { jobOfEntry } from './audit-job.ts';
import { cancelRequested, type EntryReading, refusedInsert } from './entry-reading.ts';
import { nameOfPath } from './job-name.ts';
import { stateOf } from './job-words.ts';
import { principalOfEntry } from './principal.ts';
import type { RedactionOptions } from './redacted.ts';
import { ALREADY_EXISTS, isFailure } from './rpc-status.ts';

export const METADATA_TYPE = 'type.googleapis.com/google.cloud.audit.BigQueryAuditMetadata';

export function hasJobKey({ jobInsertion, jobChange, jobCancel, jobDeletion }: AuditMetadata): boolean {
  return (jobInsertion ?? jobChange ?? jobCancel ?? jobDeletion) !== undefined;
}

/**
 * Reads BigQueryAuditMetadata, the newer format. One of its keys is set; pipelines may leave others beside it as
 * `{}`, so the first that says something counts. `location` is the resource's; the name in the entry has none.
 *
 * Undefined: a job event without a usable name.
 */
export function readAuditMetadata(
  payload: AuditLog,
  metadata: AuditMetadata,
  location: string | undefined,
  options: RedactionOptions,
): EntryReading | undefined {
  const { jobInsertion, jobChange, jobCancel, jobDeletion } = metadata;
  if (jobInsertion?.job !== undefined) return readInsertion(payload, jobInsertion.job, location, options);
  if (jobChange?.job !== undefined) {
    return readJobOf(payload, jobChange.job, location, options, [jobChange.after]);
  }
  if (jobCancel?.jobName !== undefined) {
    const name = nameOfPath(jobCancel.jobName, location);
    return name && cancelRequested(name, principalOfEntry(payload));
  }
  if (jobDeletion?.jobName !== undefined) {
    const name = nameOfPath(jobDeletion.jobName, location);
    return name && { kind: 'deleted', name };
  }
  return jobInsertion !== undefined && isFailure(payload.status) ? refusedInsert() : undefined;
}

function readInsertion(
  payload: AuditLog,
  job: AuditJob,
  location: string | undefined,
  options: RedactionOptions,
): EntryReading | undefined {
  const refused = isFailure(payload.status);
  if (refused && job.jobName === undefined) return refusedInsert();
  if (refused && payload.status?.code === ALREADY_EXISTS) {
    const name = nameOfPath(job.jobName, location);
    return name && { kind: 'look-at', name, because: 'id-taken' };
  }
  // A job that is told to exist and not how far it is has at least been queued; a failed one is over.
  return readJobOf(payload, job, location, options, [], refused ? 'DONE' : 'PENDING');
}

function readJobOf(
  payload: AuditLog,
  raw: AuditJob,
  location: string | undefined,
  options: RedactionOptions,
  words: readonly (string | undefined)[],
  otherwise?: 'PENDING' | 'DONE',
): EntryReading | undefined {
  const name = nameOfPath(raw.jobName, location);
  if (name === undefined) return undefined;
  const parent = raw.jobStats?.parentJobName;
  if (parent !== undefined) {
    return { kind: 'look-at', name: nameOfPath(parent, location) ?? name, because: 'child' };
  }
  if (name.jobId.startsWith('script_job_')) return { kind: 'look-at', name, because: 'script-id' };
  const { createTime, startTime, endTime } = raw.jobStats ?? {};
  const times = { creationTimeMs: createTime, startTimeMs: startTime, endTimeMs: endTime };
  const state = stateOf([...words, raw.jobStatus?.jobState], times) ?? otherwise;
  if (state === undefined) return { kind: 'look-at', name, because: 'cut-entry' };
  const principal = principalOfEntry(payload);
  return {
    kind: 'job',
    job: jobOfEntry(raw, { name, state, principal, entryStatus: payload.status }, options),
  };
}
