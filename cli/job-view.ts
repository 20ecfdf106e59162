import type { Job, JobError, TableName } from '../shared/job/job.ts';
import { formatJobName } from '../shared/job/job-name.ts';
import { printDuration } from '../shared/units/duration.ts';

/** A job for programs. What BigQuery did not tell is absent; the job's texts (query, error messages) always are. */
export function jobToJson(job: Job, nowMs: number) {
  const { projectId, location, jobId } = job.name;
  return {
    job: formatJobName(job.name),
    projectId,
    location,
    jobId,
    state: job.state,
    type: job.type,
    principal: job.principal,
    parent: job.parent ? formatJobName(job.parent) : undefined,
    creationTime: isoTime(job.creationTimeMs),
    startTime: isoTime(job.startTimeMs),
    endTime: isoTime(job.endTimeMs),
    runtimeMs: runtimeMsOf(job, nowMs),
    priority: job.priority,
    statementType: job.statementType ?? undefined,
    labels: job.labels && job.labels.size > 0 ? Object.fromEntries(job.labels) : undefined,
    reservation: job.reservation ?? undefined,
    edition: job.edition ?? undefined,
    slotMs: job.slotMs,
    bytesProcessed: job.bytesProcessed,
    bytesBilled: job.bytesBilled,
    estimatedBytes: job.estimatedBytes,
    referencedTables: job.referencedTables?.map(printTable),
    destinationTable: job.destinationTable ? printTable(job.destinationTable) : undefined,
    error: job.error ? printError(job.error) : undefined,
  };
}

/** In whole seconds; empty before the job's start. */
export function printRuntime(job: Job, nowMs: number): string {
  const runtimeMs = runtimeMsOf(job, nowMs);
  return runtimeMs === undefined ? '' : printDuration(Math.floor(runtimeMs / 1_000) * 1_000);
}

/** How long it ran (end minus start), or has run by `nowMs`; undefined before its start. */
function runtimeMsOf({ startTimeMs, endTimeMs }: Job, nowMs: number): number | undefined {
  return startTimeMs === undefined ? undefined : Math.max(0, (endTimeMs ?? nowMs) - startTimeMs);
}

export function isoTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

function printTable({ projectId, datasetId, tableId }: TableName): string {
  return `${projectId}.${datasetId}.${tableId}`;
}

/** BigQuery's word alone: its message may quote the query. */
function printError({ reason = 'unknown', stoppedBy }: JobError): string {
  return stoppedBy === undefined ? reason : `${reason} (by ${stoppedBy})`;
}
