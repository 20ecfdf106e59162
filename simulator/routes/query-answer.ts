import { ApiError } from '../api-error.ts';
import { endingOf, lifeAt } from '../job-life.ts';
import type { JobRecord } from '../job-record.ts';
import { nameOf } from '../job-store.ts';
import type { JsonRecord } from '../json.ts';
import type { SimulatorState } from '../state.ts';
import { statementKindOf } from '../statement-type.ts';
import { bytesProcessedOf } from '../statistics.ts';

/** Both methods wait that long unless told otherwise. */
const USUAL_WAIT_MS = 10_000;
/** How often a waiting call looks whether the job's end has been moved, by a cancel for one. */
const LOOK_EVERY_MS = 500;

/** Whatever was asked, the simulator has one row to give: it keeps no data and reads no SQL. */
const SCHEMA = { fields: [{ name: 'f0_', type: 'INTEGER', mode: 'NULLABLE' }] };
const ROWS = [{ f: [{ v: '1' }] }];

export async function waitForJob(
  record: JobRecord,
  state: SimulatorState,
  timeoutMs?: number,
): Promise<void> {
  const deadlineMs = state.clock.now() + (Number.isFinite(timeoutMs) ? (timeoutMs ?? 0) : USUAL_WAIT_MS);
  for (let nowMs = state.clock.now(); nowMs < deadlineMs; nowMs = state.clock.now()) {
    if (lifeAt(record, nowMs).state === 'DONE') return;
    await state.clock.sleep(
      Math.min(deadlineMs - nowMs, Math.max(1, endingOf(record).atMs - nowMs), LOOK_EVERY_MS),
    );
  }
}

/** The part that a QueryResponse and a GetQueryResultsResponse share. A failed query is answered as an error. */
export function queryAnswer(record: JobRecord, nowMs: number, isDryRun: boolean): JsonRecord {
  const life = lifeAt(record, nowMs);
  const jobReference = nameOf(record);
  if (isDryRun) {
    const { projectId, location } = jobReference;
    return {
      jobReference: { projectId, location },
      jobComplete: true,
      totalBytesProcessed: '0',
      cacheHit: false,
      schema: SCHEMA,
    };
  }
  if (life.state !== 'DONE') return { jobReference, jobComplete: false };
  if (life.error !== undefined) throw new ApiError({ code: 400, ...life.error });
  const common = {
    jobReference,
    jobComplete: true,
    cacheHit: record.measures.cacheHit ?? false,
    totalBytesProcessed: String(bytesProcessedOf(record, nowMs)),
  };
  const kind = statementKindOf(record.statementType ?? 'SELECT');
  if (kind === 'DML') return { ...common, numDmlAffectedRows: '0', totalRows: '0' };
  if (kind !== 'SELECT' && kind !== 'SCRIPT') return { ...common, totalRows: '0' };
  return { ...common, schema: SCHEMA, rows: ROWS, totalRows: String(ROWS.length) };
}
