import { hexOf } from './filled-in.ts';
import { lifeAt } from './job-life.ts';
import type { JobRecord } from './job-record.ts';
import { isRecord, type JsonRecord, recordAt, textAt, withoutAbsent } from './json.ts';
import { rpcStatusOf } from './rpc-status.ts';
import { bytesBilledOf, bytesProcessedOf, reservationOf, slotMsOf } from './statistics.ts';

/** Beyond this a query is cut and `queryTruncated` set [A2: queryConfig.query]. */
const LONGEST_QUERY = 50_000;

/** The name in an entry has no location: that is in `resource.labels`. */
export function jobNameOf(record: { projectId: string; jobId: string }): string {
  return `projects/${record.projectId}/jobs/${record.jobId}`;
}

/** `job` of `jobInsertion` and `jobChange`: proto3 JSON, so int64 are strings, zeros and unset fields absent. */
export function auditJob(record: JobRecord, nowMs: number): JsonRecord {
  const life = lifeAt(record, nowMs);
  const writesEmpty = writesEmptyObjects(record);
  return {
    jobName: jobNameOf(record),
    jobConfig: jobConfigOf(record, writesEmpty),
    jobStatus: withoutAbsent({
      jobState: life.state,
      errorResult: life.error === undefined ? (writesEmpty ? {} : undefined) : rpcStatusOf(life.error),
      errors:
        life.error === undefined ? undefined : [life.error, ...(life.moreErrors ?? [])].map(rpcStatusOf),
    }),
    jobStats: jobStatsOf(record, nowMs),
  };
}

/** In the wild some entries write `{}` for what is absent and others leave it out; here every other job does. */
function writesEmptyObjects(record: JobRecord): boolean {
  return Number.parseInt(hexOf(record.jobId).slice(0, 2), 16) % 2 === 0;
}

const TYPE_WORDS = {
  QUERY: 'QUERY',
  LOAD: 'IMPORT',
  EXTRACT: 'EXPORT',
  COPY: 'COPY',
  UNKNOWN: undefined,
} as const;

function jobConfigOf(record: JobRecord, writesEmpty: boolean): JsonRecord {
  const { configuration } = record;
  const labels = recordAt(configuration, 'labels') ?? {};
  return withoutAbsent({
    type: TYPE_WORDS[record.type],
    ...kindConfigOf(record, writesEmpty),
    labels: Object.keys(labels).length === 0 ? undefined : labels,
  });
}

function kindConfigOf(record: JobRecord, writesEmpty: boolean): JsonRecord {
  const { configuration } = record;
  switch (record.type) {
    case 'QUERY':
      return { queryConfig: queryConfigOf(record, recordAt(configuration, 'query') ?? {}, writesEmpty) };
    case 'LOAD': {
      const load = recordAt(configuration, 'load') ?? {};
      return {
        loadConfig: withoutAbsent({ sourceUris: load['sourceUris'], ...targetOf(load, writesEmpty) }),
      };
    }
    case 'EXTRACT': {
      const extract = recordAt(configuration, 'extract') ?? {};
      const sourceTable = tableNameOf(extract['sourceTable']);
      return { extractConfig: withoutAbsent({ destinationUris: extract['destinationUris'], sourceTable }) };
    }
    case 'COPY': {
      const copy = recordAt(configuration, 'copy') ?? {};
      const sources = Array.isArray(copy['sourceTables']) ? copy['sourceTables'] : [copy['sourceTable']];
      const sourceTables = sources.map(tableNameOf).filter((table) => table !== undefined);
      return { tableCopyConfig: { sourceTables, ...targetOf(copy, writesEmpty) } };
    }
    case 'UNKNOWN':
      return {};
  }
}

function queryConfigOf(record: JobRecord, query: JsonRecord, writesEmpty: boolean): JsonRecord {
  const text = textAt(query, 'query') ?? '';
  const isCut = text.length > LONGEST_QUERY;
  const dataset = recordAt(query, 'defaultDataset');
  return withoutAbsent({
    query: isCut ? text.slice(0, LONGEST_QUERY) : text,
    queryTruncated: isCut ? true : undefined,
    ...targetOf(query, writesEmpty),
    defaultDataset:
      dataset === undefined
        ? undefined
        : `projects/${textAt(dataset, 'projectId') ?? record.projectId}/datasets/${textAt(dataset, 'datasetId') ?? ''}`,
    priority: query['priority'] === 'BATCH' ? 'QUERY_BATCH' : 'QUERY_INTERACTIVE',
    statementType: record.statementType,
  });
}

function targetOf(part: JsonRecord, writesEmpty: boolean): JsonRecord {
  return withoutAbsent({
    destinationTable: tableNameOf(part['destinationTable']) ?? (writesEmpty ? {} : undefined),
    createDisposition: part['createDisposition'],
    writeDisposition: part['writeDisposition'],
  });
}

function jobStatsOf(record: JobRecord, nowMs: number): JsonRecord {
  const life = lifeAt(record, nowMs);
  const { projectId } = record;
  const isDone = life.state === 'DONE';
  return withoutAbsent({
    createTime: new Date(record.creationTimeMs).toISOString(),
    startTime: life.startTimeMs === undefined ? undefined : new Date(life.startTimeMs).toISOString(),
    endTime: life.endTimeMs === undefined ? undefined : new Date(life.endTimeMs).toISOString(),
    ...(isDone ? kindStatsOf(record, nowMs) : {}),
    totalSlotMs: isDone && record.type !== 'COPY' ? int64(slotMsOf(record, nowMs)) : undefined,
    reservation: auditReservation(record, nowMs),
    parentJobName:
      record.parentJobId === undefined ? undefined : jobNameOf({ projectId, jobId: record.parentJobId }),
  });
}

/** A name from the start; that a query ran on demand is told once it has ended. */
export function auditReservation(record: JobRecord, nowMs: number): string | undefined {
  const { reservation } = reservationOf(record);
  if (reservation !== undefined) return reservation;
  return record.type === 'QUERY' && lifeAt(record, nowMs).state === 'DONE' ? 'unreserved' : undefined;
}

function kindStatsOf(record: JobRecord, nowMs: number): JsonRecord {
  const bytes = int64(bytesProcessedOf(record, nowMs));
  switch (record.type) {
    case 'QUERY': {
      const billed = int64(bytesBilledOf(record, nowMs));
      const tables = (record.measures.referencedTables ?? []).map(tableNameOf);
      return {
        queryStats: withoutAbsent({
          totalProcessedBytes: bytes,
          totalBilledBytes: billed,
          billingTier: billed === undefined ? undefined : 1,
          referencedTables: tables.length === 0 ? undefined : tables,
          cacheHit: record.measures.cacheHit === true ? true : undefined,
        }),
      };
    }
    case 'LOAD':
      return { loadStats: withoutAbsent({ totalOutputBytes: bytes }) };
    case 'EXTRACT':
      return { extractStats: withoutAbsent({ totalInputBytes: bytes }) };
    default:
      // Copies have no stats union.
      return {};
  }
}

/** proto3 JSON: a string, and nothing for zero. */
export function int64(value: number): string | undefined {
  return value === 0 ? undefined : String(value);
}

function tableNameOf(table: unknown): string | undefined {
  if (!isRecord(table)) return undefined;
  const { projectId, datasetId, tableId } = table;
  return `projects/${String(projectId)}/datasets/${String(datasetId)}/tables/${String(tableId)}`;
}
