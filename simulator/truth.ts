import { lifeAt, naturalEndOf } from './job-life.ts';
import type { JobRecord, JobState, JobType } from './job-record.ts';
import type { JobError, TableReference } from './job-script.ts';
import { isRecord, type JsonRecord, recordAt, textAt } from './json.ts';
import { isContinuous, isDryRun } from './new-job.ts';
import { bytesBilledOf, bytesProcessedOf, reservationOf, slotMsOf } from './statistics.ts';

/** What is true of a job at one moment, whatever anybody was told. */
export interface JobTruth {
  readonly projectId: string;
  readonly location: string;
  readonly jobId: string;
  readonly type: JobType;
  readonly principal?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly priority?: 'INTERACTIVE' | 'BATCH';
  readonly statementType?: string;
  readonly parentJobId?: string;
  readonly state: JobState;
  readonly creationTimeMs: number;
  readonly startTimeMs?: number;
  readonly endTimeMs?: number;
  readonly slotMs: number;
  readonly bytesProcessed: number;
  readonly estimatedBytes?: number;
  readonly errorReason?: string;
  /** That of its result first. */
  readonly errors: readonly JobError[];
  readonly cancelRequestedAtMs: readonly number[];
  /** No request will ever stop it: its cancel is stuck, or it is a copy job. */
  readonly cancelStuck: boolean;
  readonly reservation?: string;
  readonly edition?: string;
  /** What it reads; of a query only where BigQuery tells it. */
  readonly referencedTables?: readonly TableReference[];
  readonly destinationTable?: TableReference;
  readonly cacheHit?: boolean;
  /** Of a query that is DONE. */
  readonly bytesBilled?: number;
  readonly dryRun: boolean;
  readonly continuous: boolean;
  /** With what BigQuery fills in. */
  readonly configuration: JsonRecord;
  /** When it would have ended by itself; absent: never. */
  readonly naturalEndMs?: number;
}

export function truthOf(record: JobRecord, nowMs: number): JobTruth {
  const life = lifeAt(record, nowMs);
  const { configuration, measures, plan } = record;
  const naturalEndMs = naturalEndOf(record);
  const priority = textAt(configuration, 'query', 'priority');
  const destination = destinationOf(record);
  const referencedTables = tablesReadBy(record);
  return {
    projectId: record.projectId,
    location: record.location,
    jobId: record.jobId,
    type: record.type,
    ...(record.principal === undefined ? {} : { principal: record.principal }),
    labels: labelsOf(record),
    ...(priority === 'INTERACTIVE' || priority === 'BATCH' ? { priority } : {}),
    ...(record.statementType === undefined ? {} : { statementType: record.statementType }),
    ...(record.parentJobId === undefined ? {} : { parentJobId: record.parentJobId }),
    state: life.state,
    creationTimeMs: record.creationTimeMs,
    ...(life.startTimeMs === undefined ? {} : { startTimeMs: life.startTimeMs }),
    ...(life.endTimeMs === undefined ? {} : { endTimeMs: life.endTimeMs }),
    slotMs: slotMsOf(record, nowMs),
    bytesProcessed: bytesProcessedOf(record, nowMs),
    ...(measures.estimatedBytes === undefined ? {} : { estimatedBytes: measures.estimatedBytes }),
    ...(life.error === undefined ? {} : { errorReason: life.error.reason }),
    errors: life.error === undefined ? [] : [life.error, ...(life.moreErrors ?? [])],
    cancelRequestedAtMs: [...plan.cancelRequestedAtMs],
    cancelStuck: plan.cancel === 'stuck' || record.type === 'COPY',
    ...reservationOf(record),
    ...(referencedTables === undefined ? {} : { referencedTables }),
    ...(destination === undefined ? {} : { destinationTable: destination }),
    ...(measures.cacheHit === undefined ? {} : { cacheHit: measures.cacheHit }),
    ...(record.type === 'QUERY' && life.state === 'DONE'
      ? { bytesBilled: bytesBilledOf(record, nowMs) }
      : {}),
    dryRun: isDryRun(configuration),
    continuous: isContinuous(configuration),
    configuration,
    ...(Number.isFinite(naturalEndMs) ? { naturalEndMs } : {}),
  };
}

function labelsOf(record: JobRecord): Record<string, string> {
  const labels = recordAt(record.configuration, 'labels') ?? {};
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, String(value)]));
}

function destinationOf(record: JobRecord): TableReference | undefined {
  for (const part of ['query', 'load', 'copy']) {
    const table = tableOf(recordAt(record.configuration, part)?.['destinationTable']);
    if (table !== undefined) return table;
  }
  return undefined;
}

/** Extracts and copies name what they read in their configuration; loads read no table. */
function tablesReadBy({ type, configuration, measures }: JobRecord): readonly TableReference[] | undefined {
  if (type === 'LOAD') return [];
  if (type !== 'EXTRACT' && type !== 'COPY') return measures.referencedTables;
  const { sourceTable, sourceTables } = recordAt(configuration, type.toLowerCase()) ?? {};
  const tables = Array.isArray(sourceTables) ? sourceTables : [sourceTable];
  return tables.flatMap((table) => tableOf(table) ?? []);
}

function tableOf(table: unknown): TableReference | undefined {
  if (!isRecord(table)) return undefined;
  const { projectId, datasetId, tableId } = table;
  return { projectId: String(projectId), datasetId: String(datasetId), tableId: String(tableId) };
}
