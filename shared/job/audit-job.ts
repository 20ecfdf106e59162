import type { AuditJob, AuditJobConfig, AuditJobStats } from './audit-entry.schema.ts';
import { type AuditFrame, fieldsOfBoth } from './audit-fields.ts';
import type { Job, JobType, TableName } from './job.ts';
import { typeOf } from './job-words.ts';
import { Redacted, type RedactionOptions } from './redacted.ts';
import { errorOfStatuses } from './rpc-status.ts';
import { destinationOf, distinctTables, namedDestination, tableOfPath } from './table-name.ts';
import { told } from './told.ts';

/**
 * The Job that a `jobInsertion` or `jobChange` tells. An entry has no estimate of bytes, no reason of an error, no
 * word on dry runs or continuous queries: these stay absent [google/cloud/audit/bigquery_audit_metadata.proto].
 */
export function jobOfEntry(raw: AuditJob, frame: AuditFrame, options: RedactionOptions): Job {
  const { jobConfig: config, jobStats: stats } = raw;
  const type = typeOfEntry(config, stats);
  const query = config?.queryConfig;
  return told(fieldsOfBoth(type, frame, { config, query: query ?? {}, stats }), {
    referencedTables: tablesRead(type, config, stats),
    destinationTable: destination(type, config),
    bytesProcessed: stats?.queryStats?.totalProcessedBytes ?? stats?.extractStats?.totalInputBytes,
    bytesBilled: stats?.queryStats?.totalBilledBytes,
    cacheHit: stats?.queryStats?.cacheHit,
    error: errorOfStatuses([raw.jobStatus?.errorResult, frame.entryStatus], options),
    query:
      query?.query === undefined || query.queryTruncated === true
        ? undefined
        : new Redacted(query.query, options.redactionKey),
  });
}

function typeOfEntry(config: AuditJobConfig | undefined, stats: AuditJobStats | undefined) {
  return typeOf(config?.type, () => [
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
      return config?.extractConfig?.sourceModel === undefined ? [config?.extractConfig?.sourceTable] : [];
    case 'COPY': {
      const copy = config?.tableCopyConfig;
      return copy?.sourceTablesTruncated === true ? undefined : copy?.sourceTables;
    }
    default:
      return stats?.queryStats?.referencedTables;
  }
}

function destination(type: JobType | undefined, config: AuditJobConfig | undefined) {
  return destinationOf(type, {
    load: tableOfPath(config?.loadConfig?.destinationTable),
    copy: tableOfPath(config?.tableCopyConfig?.destinationTable),
    query: namedDestination(tableOfPath(config?.queryConfig?.destinationTable)),
  });
}
