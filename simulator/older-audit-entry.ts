import { jobNameOf } from './audit-job.ts';
import { hexOf } from './filled-in.ts';
import { lifeAt } from './job-life.ts';
import type { JobRecord } from './job-record.ts';
import { type JsonRecord, textAt, withoutAbsent } from './json.ts';
import { type LogEntry, logEntry } from './log-entry.ts';
import { olderAuditJob, olderConfigurationOf } from './older-audit-job.ts';
import { rpcStatusOf } from './rpc-status.ts';

/** Entries in the older format, AuditData [A1]. It has none for a deletion. */

const DATA_TYPE = 'type.googleapis.com/google.cloud.bigquery.logging.v1.AuditData';

/** Request and response stand side by side; the request has no job name, for the client gave none, or `{}`. */
export function olderInsertionEntry(record: JobRecord, atMs: number): LogEntry {
  const job = olderAuditJob(record, atMs);
  const isQuery = record.insertedBy === 'QUERY_REQUEST';
  const data = isQuery
    ? { jobQueryRequest: queryRequestOf(record), jobQueryResponse: { job } }
    : {
        jobInsertRequest: { resource: { jobName: {}, jobConfiguration: olderConfigurationOf(record) } },
        jobInsertResponse: { resource: job },
      };
  return entryOf(record, atMs, {
    by: record.principal,
    method: isQuery ? 'query' : 'insert',
    data,
    permission: 'bigquery.jobs.create',
    // The job has no name yet when it is asked for.
    resourceName: `projects/${record.projectId}/${isQuery ? 'queries' : 'jobs'}`,
  });
}

/**
 * The end of a job. The event is documented for successes only, and failures are in the wild: here every other
 * failed job has one.
 */
export function olderEndEntry(record: JobRecord, atMs: number): LogEntry | undefined {
  const { error } = lifeAt(record, atMs);
  if (error !== undefined && !failuresAreTold(record)) return undefined;
  const kind = record.type === 'COPY' ? 'table_copy' : record.type.toLowerCase();
  return entryOf(record, atMs, {
    by: record.principal,
    method: 'jobcompleted',
    data: {
      jobCompletedEvent: { eventName: `${kind}_job_completed`, job: olderAuditJob(record, atMs) },
    },
    permission: 'bigquery.jobs.create',
    ...(error === undefined ? {} : { failure: rpcStatusOf(error) }),
  });
}

/** Somebody read the results of a query; by then it has ended, well or not. */
export function olderResultsEntry(record: JobRecord, atMs: number, by: string): LogEntry {
  const data = { jobGetQueryResultsResponse: { job: olderAuditJob(record, atMs) } };
  return entryOf(record, atMs, { by, method: 'getqueryresults', data, permission: 'bigquery.jobs.get' });
}

/** AuditData has no message for a cancel: the method and the resource's name are all. */
export function olderCancelEntry(record: JobRecord, atMs: number, by: string): LogEntry {
  return entryOf(record, atMs, { by, method: 'cancel', data: {}, permission: 'bigquery.jobs.update' });
}

function failuresAreTold(record: JobRecord): boolean {
  return Number.parseInt(hexOf(`completed ${record.jobId}`).slice(0, 2), 16) % 2 === 0;
}

function queryRequestOf(record: JobRecord): JsonRecord {
  const query = textAt(record.configuration, 'query', 'query');
  return withoutAbsent({ query, projectId: record.projectId });
}

interface OlderHappening {
  readonly by: string | undefined;
  readonly method: string;
  readonly data: JsonRecord;
  readonly permission: string;
  readonly resourceName?: string;
  readonly failure?: JsonRecord;
}

function entryOf(record: JobRecord, atMs: number, happening: OlderHappening): LogEntry {
  const { method, data, ...rest } = happening;
  return logEntry(record, {
    resourceName: jobNameOf(record),
    ...rest,
    atMs,
    event: `jobservice.${method}`,
    methodName: `jobservice.${method}`,
    // No location here: that is in the job's name.
    resource: { type: 'bigquery_resource', labels: { project_id: record.projectId } },
    told: { serviceData: { '@type': DATA_TYPE, ...data } },
  });
}
