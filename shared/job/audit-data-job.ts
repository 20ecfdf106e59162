import type { DataJob } from './audit-data.schema.ts';
import type { AuditFrame } from './audit-job.ts';
import type { Job, JobType, TableName } from './job.ts';
import { isNoQuery, priorityOf, statementTypeOf, typeOf } from './job-words.ts';
import { Redacted, type RedactionOptions } from './redacted.ts';
import { errorOfStatuses } from './rpc-status.ts';
import { distinctTables, namedDestination, tableOfReference } from './table-name.ts';
import { told } from './told.ts';

/** The newer format cuts a query there and says so; the older has no word for it, so one as long may be cut. */
const LONGEST_QUERY = 50_000;

/**
 * The Job that an entry of the older format tells. It has no estimate of bytes, no reason of an error, no edition
 * and no word on continuous queries: these stay absent [google/cloud/bigquery/logging/v1/audit_data.proto].
 */
export function jobOfAuditData(raw: DataJob, frame: AuditFrame, options: RedactionOptions): Job {
  const { jobConfiguration: config, jobStatistics: stats } = raw;
  const type = typeOf(undefined, [
    ['QUERY', config?.query],
    ['LOAD', config?.load],
    ['EXTRACT', config?.extract],
    ['COPY', config?.tableCopy],
  ]);
  return {
    name: frame.name,
    state: frame.state,
    ...told({
      type,
      principal: frame.principal,
      // The format never names a parent; ids that look like a script child's are told apart before.
      parent: null,
      creationTimeMs: stats?.createTime,
      startTimeMs: stats?.startTime,
      endTimeMs: stats?.endTime,
      // proto3 JSON leaves out empty maps and `false`: a configuration without them tells that there are none.
      labels: config === undefined ? undefined : (config.labels ?? new Map<string, string>()),
      dryRun: config === undefined ? undefined : (config.dryRun ?? false),
      priority: priorityOf(config?.query?.queryPriority),
      statementType: statementTypeOf(type, config?.query?.statementType),
      continuous: isNoQuery(type) ? false : undefined,
      reservation: stats?.reservation === 'unreserved' ? null : stats?.reservation,
      referencedTables: tablesRead(type, raw),
      destinationTable: destination(type, raw),
      slotMs: stats?.totalSlotMs,
      // Of a load it is not documented whether these are the bytes read or written.
      bytesProcessed: type === 'LOAD' ? undefined : stats?.totalProcessedBytes,
      bytesBilled: isNoQuery(type) ? undefined : stats?.totalBilledBytes,
      error: errorOfStatuses([raw.jobStatus?.error, frame.entryStatus], options),
      query: queryOf(config?.query?.query, options),
    }),
  };
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
  switch (type) {
    case 'EXTRACT':
      return null;
    case 'LOAD':
      return tableOfReference(config?.load?.destinationTable);
    case 'COPY':
      return tableOfReference(config?.tableCopy?.destinationTable);
    default:
      return namedDestination(tableOfReference(config?.query?.destinationTable));
  }
}
