import { existsAt, type Life, lifeAt } from './job-life.ts';
import type { JobRecord } from './job-record.ts';
import { type JsonRecord, textAt, withoutAbsent } from './json.ts';
import { sessionIdOf } from './sessions.ts';
import { timelineOf } from './timeline.ts';

/** How fast a job without an end reads: half of its bytes in the first minute. */
const HALF_READ_MS = 60_000;
/** On-demand queries are billed in full MB, at least 10 MB (reference/bigquery-facts.md, Cost). */
const MEGABYTE = 1_048_576;
const LEAST_BILLED = 10 * MEGABYTE;

/** Slot time so far. A script's parent has the sum of its children; a copy has none (audit: no slot time). */
export function slotMsOf(record: JobRecord, nowMs: number): number {
  const { slots } = record.measures;
  if (record.given?.slotMs !== undefined) return record.given.slotMs + grownSlotMs(record, nowMs);
  if (slots !== undefined) return Math.floor(runningMs(lifeAt(record, nowMs), nowMs) * slots);
  const children = record.children.filter((child) => existsAt(child, nowMs));
  const sum = children.reduce((slotMs, child) => slotMs + slotMsOf(child, nowMs), 0);
  return sum + grownSlotMs(record, nowMs);
}

/** What a loaded job has used since it was loaded. */
export function grownSlotMs(record: JobRecord, nowMs: number): number {
  const { given } = record;
  if (given?.state !== 'RUNNING' || given.slots === 0) return 0;
  const untilMs = Math.min(lifeAt(record, nowMs).endTimeMs ?? nowMs, nowMs);
  return Math.floor(Math.max(0, untilMs - given.loadedAtMs) * given.slots);
}

/** Neither a script's parent nor a cache hit is told to have one [bigquery-facts: Cost]. */
export function reservationOf(record: JobRecord): { reservation?: string; edition?: string } {
  const { cacheHit, reservation, edition } = record.measures;
  if (record.given === undefined && (cacheHit === true || record.statementType === 'SCRIPT')) return {};
  return {
    ...(reservation === undefined ? {} : { reservation }),
    ...(edition === undefined ? {} : { edition }),
  };
}

export function bytesProcessedOf(record: JobRecord, nowMs: number): number {
  const life = lifeAt(record, nowMs);
  const full = record.measures.bytesProcessed;
  if (record.given !== undefined) return full;
  const elapsedMs = runningMs(life, nowMs);
  const fullMs = record.plan.endsAtMs - record.plan.startsAtMs;
  if (life.state === 'DONE' && life.error === undefined) return full;
  const part = Number.isFinite(fullMs)
    ? elapsedMs / Math.max(fullMs, 1)
    : elapsedMs / (elapsedMs + HALF_READ_MS);
  return Math.floor(full * Math.min(part, 1));
}

export function bytesBilledOf(record: JobRecord, nowMs: number): number {
  if (record.measures.bytesBilled !== undefined) return record.measures.bytesBilled;
  if (record.measures.cacheHit || record.measures.reservation !== undefined) return 0;
  const processed = bytesProcessedOf(record, nowMs);
  return processed === 0 ? 0 : Math.max(LEAST_BILLED, Math.ceil(processed / MEGABYTE) * MEGABYTE);
}

function runningMs(life: Life, nowMs: number): number {
  if (life.startTimeMs === undefined) return 0;
  return Math.max(0, Math.min(life.endTimeMs ?? nowMs, nowMs) - life.startTimeMs);
}

/** `get` has the query's timeline, too. */
export type Detail = 'get' | 'list';

/** `statistics` as `jobs.get` gives them: int64 as strings, what is not known yet absent. */
export function statisticsOf(record: JobRecord, nowMs: number, detail: Detail): JsonRecord {
  const life = lifeAt(record, nowMs);
  const { reservation, edition } = reservationOf(record);
  const hasStarted = life.startTimeMs !== undefined;
  const isDone = life.state === 'DONE';
  const children = record.children.filter((child) => existsAt(child, nowMs));
  const isCopy = record.type === 'COPY';
  const statistics = withoutAbsent({
    creationTime: String(record.creationTimeMs),
    startTime: life.startTimeMs === undefined ? undefined : String(life.startTimeMs),
    endTime: life.endTimeMs === undefined ? undefined : String(life.endTimeMs),
    totalBytesProcessed:
      hasStarted && record.type === 'QUERY' ? String(bytesProcessedOf(record, nowMs)) : undefined,
    totalSlotMs: hasStarted && !isCopy ? String(slotMsOf(record, nowMs)) : undefined,
    finalExecutionDurationMs: hasStarted && isDone ? String(runningMs(life, nowMs)) : undefined,
    reservation_id: reservation,
    edition,
    parentJobId: record.parentJobId,
    numChildJobs: children.length === 0 ? undefined : String(children.length),
    scriptStatistics: record.parentJobId === undefined ? undefined : scriptStatisticsOf(record),
    sessionInfo: sessionIdOf(record) === undefined ? undefined : { sessionId: sessionIdOf(record) },
    ...kindStatistics(record, life, nowMs, detail),
  });
  return withoutLateFields(statistics, record, life, nowMs);
}

/** Where in the script the statement stands is made up, but for its text: bq prints it. */
function scriptStatisticsOf(record: JobRecord): JsonRecord {
  const line = (record.parent?.children.indexOf(record) ?? 0) + 1;
  const text = textAt(record.configuration, 'query', 'query') ?? '';
  const frame = { startLine: line, startColumn: 1, endLine: line, endColumn: text.length + 1, text };
  return { evaluationKind: 'STATEMENT', stackFrames: [frame] };
}

function kindStatistics(record: JobRecord, life: Life, nowMs: number, detail: Detail): JsonRecord {
  const isDone = life.state === 'DONE' && life.startTimeMs !== undefined;
  const bytes = String(bytesProcessedOf(record, nowMs));
  switch (record.type) {
    case 'QUERY':
      return { query: queryStatistics(record, life, nowMs, detail) };
    case 'LOAD':
      return {
        load: isDone ? { inputFiles: '1', inputFileBytes: bytes, outputRows: '0', outputBytes: bytes } : {},
      };
    case 'EXTRACT':
      return { extract: isDone ? { destinationUriFileCounts: ['1'], inputBytes: bytes } : {} };
    case 'COPY':
      return isDone ? { copy: { copiedRows: '0', copiedLogicalBytes: bytes } } : {};
    case 'UNKNOWN':
      return {};
  }
}

function queryStatistics(record: JobRecord, life: Life, nowMs: number, detail: Detail): JsonRecord {
  const { measures } = record;
  const hasStarted = life.startTimeMs !== undefined;
  const hasEnded = hasStarted && life.state === 'DONE';
  return withoutAbsent({
    statementType: record.statementType,
    estimatedBytesProcessed:
      measures.estimatedBytes === undefined ? undefined : String(measures.estimatedBytes),
    referencedTables: measures.referencedTables,
    totalBytesProcessed: hasStarted ? String(bytesProcessedOf(record, nowMs)) : undefined,
    totalSlotMs: hasStarted ? String(slotMsOf(record, nowMs)) : undefined,
    totalBytesBilled: hasEnded ? String(bytesBilledOf(record, nowMs)) : undefined,
    billingTier: hasEnded && bytesBilledOf(record, nowMs) > 0 ? 1 : undefined,
    cacheHit: hasEnded ? (measures.cacheHit ?? false) : undefined,
    timeline: detail === 'get' ? timelineOf(record, runningMs(life, nowMs), hasEnded) : undefined,
  });
}

function withoutLateFields(statistics: JsonRecord, record: JobRecord, life: Life, nowMs: number): JsonRecord {
  const late = Object.entries(record.measures.lateFields);
  if (late.length === 0) return statistics;
  const sinceMs = nowMs - (life.startTimeMs ?? record.creationTimeMs);
  const hidden = new Set(late.filter(([, forMs]) => sinceMs < forMs).map(([field]) => field));
  const visible = (fields: JsonRecord): JsonRecord =>
    Object.fromEntries(Object.entries(fields).filter(([field]) => !hidden.has(field)));
  const { query, ...rest } = statistics;
  return query === undefined ? visible(rest) : { ...visible(rest), query: visible({ ...Object(query) }) };
}
