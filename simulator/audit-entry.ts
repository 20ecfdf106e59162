import { auditJob, jobNameOf, rpcStatusOf } from './audit-job.ts';
import { hexOf } from './filled-in.ts';
import { lifeAt } from './job-life.ts';
import type { JobRecord } from './job-record.ts';
import { type JsonRecord, withoutAbsent } from './json.ts';
import { subjectOf } from './resource.ts';

/** A LogEntry of Cloud Logging, as a sink sends it. */
export type LogEntry = Record<string, unknown>;

const METADATA_TYPE = 'type.googleapis.com/google.cloud.audit.BigQueryAuditMetadata';
/** A log entry is at most so long; then its metadata is cut and `jobs.get` is needed. */
const LONGEST_ENTRY = 100_000;

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
  return entryOf(record, atMs, {
    by: record.principal,
    methodName: 'InsertJob',
    event: { jobChange: { job: auditJob(record, atMs), after: 'DONE' } },
    permission: 'bigquery.jobs.create',
    operation: { last: true },
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

interface Happening {
  readonly by: string | undefined;
  readonly methodName: string;
  readonly event: JsonRecord;
  readonly permission: string;
  readonly operation?: JsonRecord;
}

function entryOf(record: JobRecord, atMs: number, happening: Happening): LogEntry {
  const { projectId, location, jobId } = record;
  const [eventName = ''] = Object.keys(happening.event);
  const hash = hexOf(`${projectId} ${location} ${jobId} ${eventName} ${atMs}`);
  const life = lifeAt(record, atMs);
  const hasFailed = eventName === 'jobChange' && life.error !== undefined;
  // Entries arrive in the log some hundred milliseconds after what they tell of.
  const receivedMs = atMs + 100 + (Number.parseInt(hash.slice(0, 4), 16) % 900);
  const entry = withoutAbsent({
    insertId: `-${hash.slice(0, 12)}`,
    logName: `projects/${projectId}/logs/cloudaudit.googleapis.com%2Fdata_access`,
    timestamp: new Date(atMs).toISOString(),
    receiveTimestamp: new Date(receivedMs).toISOString(),
    severity: hasFailed ? 'ERROR' : 'INFO',
    operation:
      happening.operation === undefined
        ? undefined
        : {
            id: `${record.creationTimeMs}-${projectId}:${jobId}`,
            producer: 'bigquery.googleapis.com',
            ...happening.operation,
          },
    resource: { type: 'bigquery_project', labels: { project_id: projectId, location } },
    protoPayload: payloadOf(record, happening, hasFailed ? rpcStatusOf(life.error) : {}),
  });
  if (JSON.stringify(entry).length <= LONGEST_ENTRY) return entry;
  return { ...entry, protoPayload: payloadOf(record, { ...happening, event: {} }, {}) };
}

function payloadOf(record: JobRecord, happening: Happening, status: JsonRecord): JsonRecord {
  const isCut = Object.keys(happening.event).length === 0;
  return {
    '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
    status,
    authenticationInfo: withoutAbsent({
      principalEmail: happening.by,
      principalSubject: subjectOf(happening.by),
    }),
    requestMetadata: { callerIp: '203.0.113.7', callerSuppliedUserAgent: 'simulator,gzip(gfe)' },
    serviceName: 'bigquery.googleapis.com',
    methodName: `google.cloud.bigquery.v2.JobService.${happening.methodName}`,
    authorizationInfo: [
      { resource: `projects/${record.projectId}`, permission: happening.permission, granted: true },
    ],
    resourceName: jobNameOf(record),
    ...(isCut ? {} : { metadata: { '@type': METADATA_TYPE, ...happening.event } }),
  };
}
