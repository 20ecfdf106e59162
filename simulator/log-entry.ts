import { hexOf } from './filled-in.ts';
import type { JobRecord } from './job-record.ts';
import { type JsonRecord, withoutAbsent } from './json.ts';
import { subjectOf } from './resource.ts';

/** A LogEntry of Cloud Logging, as a sink sends it. */
export type LogEntry = Record<string, unknown>;

/** A log entry is at most so long; then what it tells of the job is cut and `jobs.get` is needed. */
const LONGEST_ENTRY = 100_000;

/** What one happening puts into its entry, whichever the format. */
export interface Happening {
  readonly atMs: number;
  /** Tells one entry of a job from another. */
  readonly event: string;
  readonly by: string | undefined;
  readonly methodName: string;
  readonly permission: string;
  readonly operation?: JsonRecord;
  /** The error with which the job ended, as the entry's own status. */
  readonly failure?: JsonRecord;
  readonly resource: JsonRecord;
  readonly resourceName: string;
  /** `metadata` or `serviceData`; empty once it is cut. */
  readonly told: JsonRecord;
}

export function logEntry(record: JobRecord, happening: Happening): LogEntry {
  const { projectId, location, jobId } = record;
  const { atMs, event, operation, failure } = happening;
  const hash = hexOf(`${projectId} ${location} ${jobId} ${event} ${atMs}`);
  // Entries arrive in the log some hundred milliseconds after what they tell of.
  const receivedMs = atMs + 100 + (Number.parseInt(hash.slice(0, 4), 16) % 900);
  const entry = withoutAbsent({
    insertId: `-${hash.slice(0, 12)}`,
    logName: `projects/${projectId}/logs/cloudaudit.googleapis.com%2Fdata_access`,
    timestamp: new Date(atMs).toISOString(),
    receiveTimestamp: new Date(receivedMs).toISOString(),
    severity: failure === undefined ? 'INFO' : 'ERROR',
    operation:
      operation === undefined
        ? undefined
        : {
            id: `${record.creationTimeMs}-${projectId}:${jobId}`,
            producer: 'bigquery.googleapis.com',
            ...operation,
          },
    resource: happening.resource,
    protoPayload: payloadOf(record, happening),
  });
  if (JSON.stringify(entry).length <= LONGEST_ENTRY) return entry;
  const { failure: _, ...rest } = happening;
  return { ...entry, protoPayload: payloadOf(record, { ...rest, told: {} }) };
}

function payloadOf(record: JobRecord, happening: Happening): JsonRecord {
  return {
    '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
    status: happening.failure ?? {},
    authenticationInfo: withoutAbsent({
      principalEmail: happening.by,
      principalSubject: subjectOf(happening.by),
    }),
    requestMetadata: { callerIp: '203.0.113.7', callerSuppliedUserAgent: 'simulator,gzip(gfe)' },
    serviceName: 'bigquery.googleapis.com',
    methodName: happening.methodName,
    authorizationInfo: [
      { resource: `projects/${record.projectId}`, permission: happening.permission, granted: true },
    ],
    resourceName: happening.resourceName,
    ...happening.told,
  };
}
