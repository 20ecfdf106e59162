import { auditReservation, int64 } from './audit-job.ts';
import { lifeAt } from './job-life.ts';
import type { JobRecord } from './job-record.ts';
import { type JsonRecord, recordAt, withoutAbsent } from './json.ts';
import { rpcStatusOf } from './rpc-status.ts';
import { bytesBilledOf, bytesProcessedOf, slotMsOf } from './statistics.ts';

/** A Job of AuditData [A1]: its location is in its name, tables are objects, and nothing names a parent. */
export function olderAuditJob(record: JobRecord, nowMs: number): JsonRecord {
  const { projectId, jobId, location } = record;
  const life = lifeAt(record, nowMs);
  const { error, moreErrors = [] } = life;
  return {
    jobName: { projectId, jobId, location },
    jobConfiguration: olderConfigurationOf(record),
    jobStatus: {
      state: life.state,
      // In the wild a job without an error has `{}`.
      error: error === undefined ? {} : rpcStatusOf(error),
      ...(error === undefined ? {} : { additionalErrors: [error, ...moreErrors].map(rpcStatusOf) }),
    },
    jobStatistics: statisticsOf(record, nowMs),
  };
}

const PARTS = { QUERY: 'query', LOAD: 'load', EXTRACT: 'extract', COPY: 'tableCopy' } as const;
/** What the format has of each kind of configuration, under the names of the jobs API. */
const FIELDS = {
  QUERY: ['query', 'destinationTable', 'createDisposition', 'writeDisposition'],
  LOAD: ['sourceUris', 'destinationTable', 'createDisposition', 'writeDisposition'],
  EXTRACT: ['destinationUris', 'sourceTable'],
  COPY: ['destinationTable', 'createDisposition', 'writeDisposition'],
} as const;

export function olderConfigurationOf(record: JobRecord): JsonRecord {
  const { configuration, type } = record;
  const labels = recordAt(configuration, 'labels') ?? {};
  return withoutAbsent({
    ...(type === 'UNKNOWN' ? {} : { [PARTS[type]]: partOf(record, type) }),
    dryRun: configuration['dryRun'] === true ? true : undefined,
    labels: Object.keys(labels).length === 0 ? undefined : labels,
  });
}

function partOf(record: JobRecord, type: keyof typeof FIELDS): JsonRecord {
  const given = recordAt(record.configuration, type.toLowerCase()) ?? {};
  const common = Object.fromEntries(FIELDS[type].map((field) => [field, given[field]]));
  if (type === 'COPY') {
    const sourceTables = given['sourceTables'] ?? [given['sourceTable']];
    return withoutAbsent({ ...common, sourceTables });
  }
  if (type !== 'QUERY') return withoutAbsent(common);
  return withoutAbsent({
    ...common,
    defaultDataset: given['defaultDataset'] ?? {},
    destinationTable: given['destinationTable'] ?? {},
    queryPriority: given['priority'] === 'BATCH' ? 'QUERY_BATCH' : 'QUERY_INTERACTIVE',
    statementType: record.statementType,
  });
}

function statisticsOf(record: JobRecord, nowMs: number): JsonRecord {
  const life = lifeAt(record, nowMs);
  return withoutAbsent({
    createTime: timestamp(record.creationTimeMs),
    startTime: timestamp(life.startTimeMs),
    endTime: timestamp(life.endTimeMs),
    reservation: auditReservation(record, nowMs),
    ...(life.state === 'DONE' ? finalStatistics(record, nowMs) : {}),
  });
}

function finalStatistics(record: JobRecord, nowMs: number): JsonRecord {
  const { measures, type } = record;
  const bytes = int64(bytesProcessedOf(record, nowMs));
  const slotMs = type === 'COPY' ? undefined : int64(slotMsOf(record, nowMs));
  const name = auditReservation(record, nowMs);
  const usage = slotMs === undefined || name === undefined ? undefined : [{ name, slotMs }];
  const common = { totalSlotMs: slotMs, reservationUsage: usage };
  if (type === 'LOAD') return { ...common, totalLoadOutputBytes: bytes };
  if (type !== 'QUERY') return { ...common, totalProcessedBytes: bytes };
  const billed = int64(bytesBilledOf(record, nowMs));
  const tables = measures.referencedTables ?? [];
  return {
    ...common,
    totalProcessedBytes: bytes,
    totalBilledBytes: billed,
    billingTier: billed === undefined ? undefined : 1,
    referencedTables: tables.length === 0 ? undefined : tables,
    totalTablesProcessed: tables.length === 0 ? undefined : tables.length,
    queryOutputRowCount: '1',
  };
}

function timestamp(timeMs: number | undefined): string | undefined {
  return timeMs === undefined ? undefined : new Date(timeMs).toISOString();
}
