import type { Job, JobError, TableName } from '../shared/job/job.ts';
import { formatJobName } from '../shared/job/job-name.ts';
import { printDuration } from '../shared/units/duration.ts';

/** A job for programs. What BigQuery did not tell is absent; the job's texts (query, error messages) always are. */
export function jobToJson(job: Job) {
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

/** How long it ran (end minus start), or has run by `nowMs`; empty before its start. */
export function printRuntime({ startTimeMs, endTimeMs }: Job, nowMs: number): string {
  if (startTimeMs === undefined) return '';
  const wholeSeconds = Math.floor(((endTimeMs ?? nowMs) - startTimeMs) / 1_000) * 1_000;
  return printDuration(Math.max(0, wholeSeconds));
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
