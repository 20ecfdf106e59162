import { auditJob, jobNameOf } from './audit-job.ts';
import { lifeAt } from './job-life.ts';
import type { JobRecord } from './job-record.ts';
import type { JsonRecord } from './json.ts';
import { type LogEntry, logEntry } from './log-entry.ts';
import { rpcStatusOf } from './rpc-status.ts';

export type { LogEntry } from './log-entry.ts';

/** Entries in the newer format, BigQueryAuditMetadata [A2]. */

const METADATA_TYPE = 'type.googleapis.com/google.cloud.audit.BigQueryAuditMetadata';

export function insertionEntry(record: JobRecord, atMs: number): LogEntry {
  const isQuery = record.insertedBy === 'QUERY_REQUEST';
  return entryOf(record, atMs, {
    by: record.principal,
    methodName: isQuery ? 'Query' : 'InsertJob',
    event: { jobInsertion: { job: auditJob(record, atMs), reason: record.insertedBy } },
    permission: 'bigquery.jobs.create',
    operation: { first: true },
  });
}

/** In the wild `jobChange` comes only with `after: DONE`, and never with `before`. */
export function endEntry(record: JobRecord, atMs: number): LogEntry {
  const { error } = lifeAt(record, atMs);
  return entryOf(record, atMs, {
    by: record.principal,
    methodName: 'InsertJob',
    event: { jobChange: { job: auditJob(record, atMs), after: 'DONE' } },
    permission: 'bigquery.jobs.create',
    operation: { last: true },
    ...(error === undefined ? {} : { failure: rpcStatusOf(error) }),
  });
}

export function cancelEntry(record: JobRecord, atMs: number, by: string): LogEntry {
  const event = { jobCancel: { jobName: jobNameOf(record) } };
  return entryOf(record, atMs, { by, methodName: 'CancelJob', event, permission: 'bigquery.jobs.update' });
}

export function deletionEntry(record: JobRecord, atMs: number, by: string): LogEntry {
  const event = { jobDeletion: { jobName: jobNameOf(record), reason: 'JOB_DELETE_REQUEST' } };
  return entryOf(record, atMs, { by, methodName: 'DeleteJob', event, permission: 'bigquery.jobs.delete' });
}

interface NewerHappening {
  readonly by: string | undefined;
  readonly methodName: string;
  readonly event: JsonRecord;
  readonly permission: string;
  readonly operation?: JsonRecord;
  readonly failure?: JsonRecord;
}

function entryOf(record: JobRecord, atMs: number, happening: NewerHappening): LogEntry {
  const [event = ''] = Object.keys(happening.event);
  return logEntry(record, {
    ...happening,
    atMs,
    event,
    methodName: `google.cloud.bigquery.v2.JobService.${happening.methodName}`,
    resource: {
      type: 'bigquery_project',
      labels: { project_id: record.projectId, location: record.location },
    },
    resourceName: jobNameOf(record),
    told: { metadata: { '@type': METADATA_TYPE, ...happening.event } },
  });
}
