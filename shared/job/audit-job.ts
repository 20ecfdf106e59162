import type { AuditJob, AuditJobConfig, AuditJobStats } from './audit-entry.schema.ts';
import type { Job, JobState, JobType, TableName } from './job.ts';
import type { JobName } from './job-name.ts';
import { isNoQuery, priorityOf, statementTypeOf, typeOf } from './job-words.ts';
import { Redacted, type RedactionOptions } from './redacted.ts';
import type { RpcStatus } from './rpc-status.schema.ts';
import { errorOfStatuses } from './rpc-status.ts';
import { distinctTables, namedDestination, tableOfPath } from './table-name.ts';
import { told } from './told.ts';

/** What stands around the job in its entry. */
export interface AuditFrame {
  readonly name: JobName;
  readonly state: JobState;
  readonly principal: string | undefined;
  /** The entry's own status: at times the only place that tells of a failure. */
  readonly entryStatus: RpcStatus | undefined;
}

/**
 * The Job that a `jobInsertion` or `jobChange` tells. An entry has no estimate of bytes, no reason of an error, no
 * word on dry runs or continuous queries: these stay absent [google/cloud/audit/bigquery_audit_metadata.proto].
 */
export function jobOfEntry(raw: AuditJob, frame: AuditFrame, options: RedactionOptions): Job {
  const { jobConfig: config, jobStats: stats } = raw;
  const type = typeOfEntry(config, stats);
  const query = config?.queryConfig;
  return {
    name: frame.name,
    state: frame.state,
    ...told({
      type,
      principal: frame.principal,
      // Children are told apart before (their parent is named, or their id is a script's): this is none.
      parent: null,
      creationTimeMs: stats?.createTime,
      startTimeMs: stats?.startTime,
      endTimeMs: stats?.endTime,
      // proto3 JSON leaves an empty map out, so a configuration without labels tells that there are none.
      labels: config === undefined ? undefined : (config.labels ?? new Map<string, string>()),
      priority: priorityOf(query?.priority),
      statementType: statementTypeOf(type, query?.statementType),
      continuous: isNoQuery(type) ? false : undefined,
      reservation: stats?.reservation === 'unreserved' ? null : stats?.reservation,
      referencedTables: tablesRead(type, config, stats),
      destinationTable: destination(type, config),
      slotMs: stats?.totalSlotMs,
      bytesProcessed: stats?.queryStats?.totalProcessedBytes ?? stats?.extractStats?.totalInputBytes,
      bytesBilled: stats?.queryStats?.totalBilledBytes,
      cacheHit: stats?.queryStats?.cacheHit,
      error: errorOfStatuses([raw.jobStatus?.errorResult, frame.entryStatus], options),
      query:
        query?.query === undefined || query.queryTruncated === true
          ? undefined
          : new Redacted(query.query, options.redactionKey),
    }),
  };
}

function typeOfEntry(config: AuditJobConfig | undefined, stats: AuditJobStats | undefined) {
  return typeOf(config?.type, [
    ['QUERY', config?.queryConfig],
    ['LOAD', config?.loadConfig],
    ['EXTRACT', config?.extractConfig],
    ['COPY', config?.tableCopyConfig],
    ['EXTRACT', stats?.extractStats],
    ['LOAD', stats?.loadStats],
    ['QUERY', stats?.queryStats],
  ]);
}

function tablesRead(
  type: JobType | undefined,
  config: AuditJobConfig | undefined,
  stats: AuditJobStats | undefined,
): readonly TableName[] | undefined {
  const paths = pathsRead(type, config, stats);
  return paths === undefined ? undefined : distinctTables(paths.map(tableOfPath));
}

/** Absent in an insertion of a query: its tables are known only afterwards. */
function pathsRead(
  type: JobType | undefined,
  config: AuditJobConfig | undefined,
  stats: AuditJobStats | undefined,
): readonly (string | undefined)[] | undefined {
  switch (type) {
    case 'LOAD':
      return [];
    case 'EXTRACT':
      return config?.extractConfig === undefined ? undefined : [config.extractConfig.sourceTable];
    case 'COPY': {
      const copy = config?.tableCopyConfig;
      return copy?.sourceTablesTruncated === true ? undefined : copy?.sourceTables;
    }
    default:
      return stats?.queryStats?.referencedTables;
  }
}

function destination(type: JobType | undefined, config: AuditJobConfig | undefined) {
  switch (type) {
    case 'EXTRACT':
      return null;
    case 'LOAD':
      return tableOfPath(config?.loadConfig?.destinationTable);
    case 'COPY':
      return tableOfPath(config?.tableCopyConfig?.destinationTable);
    default:
      return namedDestination(tableOfPath(config?.queryConfig?.destinationTable));
  }
}
