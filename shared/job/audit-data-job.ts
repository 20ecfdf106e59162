import type { DataJob } from './audit-data.schema.ts';
import { type AuditFrame, fieldsOfBoth } from './audit-fields.ts';
import type { Job, JobType, TableName } from './job.ts';
import { isNoQuery, typeOf } from './job-words.ts';
import { Redacted, type RedactionOptions } from './redacted.ts';
import { errorOfStatuses } from './rpc-status.ts';
import { destinationOf, distinctTables, namedDestination, tableOfReference } from './table-name.ts';
import { told } from './told.ts';

/** The newer format cuts a query there and says so; the older has no word for it, so one as long may be cut. */
const LONGEST_QUERY = 50_000;

/**
 * The Job that an entry of the older format tells. It has no estimate of bytes, no reason of an error, no edition
 * and no word on continuous queries: these stay absent [google/cloud/bigquery/logging/v1/audit_data.proto].
 */
export function jobOfAuditData(raw: DataJob, frame: AuditFrame, options: RedactionOptions): Job {
  const { jobConfiguration: config, jobStatistics: stats } = raw;
  const type = typeOf(undefined, () => [
    ['QUERY', config?.query],
    ['LOAD', config?.load],
    ['EXTRACT', config?.extract],
    ['COPY', config?.tableCopy],
  ]);
  const query = config?.query;
  const both = fieldsOfBoth(type, frame, {
    config,
    query: { priority: query?.queryPriority, statementType: query?.statementType },
    stats,
  });
  return told(both, {
    // proto3 JSON leaves `false` out, too.
    dryRun: config === undefined ? undefined : (config.dryRun ?? false),
    referencedTables: tablesRead(type, raw),
    destinationTable: destination(type, raw),
    // Of a load it is not documented whether these are the bytes read or written.
    bytesProcessed: type === 'LOAD' ? undefined : stats?.totalProcessedBytes,
    bytesBilled: isNoQuery(type) ? undefined : stats?.totalBilledBytes,
    error: errorOfStatuses([raw.jobStatus?.error, frame.entryStatus], options),
    query: queryOf(query?.query, options),
  });
}

function queryOf(query: string | undefined, options: RedactionOptions): Redacted | undefined {
  if (query === undefined || query.length >= LONGEST_QUERY) return undefined;
  return new Redacted(query, options.redactionKey);
}

function tablesRead(type: JobType | undefined, raw: DataJob): readonly TableName[] | undefined {
  const { jobConfiguration: config, jobStatistics: stats } = raw;
  switch (type) {
    case 'LOAD':
      return [];
    case 'EXTRACT':
      return distinctTables([tableOfReference(config?.extract?.sourceTable)]);
    case 'COPY':
      return (
        config?.tableCopy?.sourceTables && distinctTables(config.tableCopy.sourceTables.map(tableOfReference))
      );
    default: {
      const tables = stats?.referencedTables;
      // "The first N tables": the count tells whether these are all [audit_data.proto: referenced_tables].
      if (tables === undefined || (stats?.totalTablesProcessed ?? 0) > tables.length) return undefined;
      return distinctTables(tables.map(tableOfReference));
    }
  }
}

function destination(type: JobType | undefined, { jobConfiguration: config }: DataJob) {
  return destinationOf(type, {
    load: tableOfReference(config?.load?.destinationTable),
    copy: tableOfReference(config?.tableCopy?.destinationTable),
    query: namedDestination(tableOfReference(config?.query?.destinationTable)),
  });
}
