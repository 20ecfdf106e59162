import type * as z from 'zod';
import { AuditData } from './audit-data.schema.ts';
import {
  amount,
  flag,
  list,
  looseObject,
  object,
  present,
  text,
  textMap,
  timeMs,
} from './google-json.schema.ts';
import { RpcStatus } from './rpc-status.schema.ts';

/**
 * A LogEntry of Cloud Logging with a BigQueryAuditMetadata or, in the older format, an AuditData inside: only what we
 * read [google/cloud/audit/bigquery_audit_metadata.proto, in proto3 JSON: zeros and unset fields are absent].
 */

const JobConfig = object({
  type: text,
  labels: textMap,
  queryConfig: object({
    query: text,
    queryTruncated: flag,
    destinationTable: text,
    priority: text,
    statementType: text,
  }),
  loadConfig: object({ destinationTable: text }),
  extractConfig: object({ sourceTable: text, sourceModel: text }),
  tableCopyConfig: object({
    sourceTables: list(text),
    sourceTablesTruncated: flag,
    destinationTable: text,
  }),
});
export type AuditJobConfig = NonNullable<z.infer<typeof JobConfig>>;

const JobStats = object({
  createTime: timeMs,
  startTime: timeMs,
  endTime: timeMs,
  totalSlotMs: amount,
  reservation: text,
  parentJobName: text,
  queryStats: object({
    totalProcessedBytes: amount,
    totalBilledBytes: amount,
    cacheHit: flag,
    referencedTables: list(text),
  }),
  loadStats: object({}),
  extractStats: object({ totalInputBytes: amount }),
});
export type AuditJobStats = NonNullable<z.infer<typeof JobStats>>;

const AuditJob = object({
  jobName: text,
  jobConfig: JobConfig,
  jobStatus: object({ jobState: text, errorResult: RpcStatus }),
  jobStats: JobStats,
});
export type AuditJob = NonNullable<z.infer<typeof AuditJob>>;

/**
 * `present`: the key alone says that this is a job event, even when nothing usable is in it.
 * Loose: other keys are other events (table reads, dataset changes), and none at all is an entry that was cut.
 */
const Metadata = looseObject({
  '@type': text,
  jobInsertion: present({ job: AuditJob }),
  jobChange: present({ after: text, job: AuditJob }),
  jobCancel: present({ jobName: text }),
  jobDeletion: present({ jobName: text }),
});
export type AuditMetadata = NonNullable<z.infer<typeof Metadata>>;

const AuditLog = object({
  serviceName: text,
  methodName: text,
  resourceName: text,
  authenticationInfo: object({ principalEmail: text, principalSubject: text }),
  status: RpcStatus,
  metadata: Metadata,
  serviceData: AuditData,
});
export type AuditLog = NonNullable<z.infer<typeof AuditLog>>;

export const LogEntry = object({
  insertId: text,
  logName: text,
  resource: object({ labels: object({ project_id: text, location: text }) }),
  protoPayload: AuditLog,
});
export type LogEntry = NonNullable<z.infer<typeof LogEntry>>;
