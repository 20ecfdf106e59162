import type { JobRecord } from './job-record.ts';
import { type JsonRecord, withoutAbsent } from './json.ts';

const FIRST_SAMPLE_MS = 1_000;
/** How many units of work a query is cut into; made up, as the units of BigQuery say nothing of slots. */
const UNITS = 100;

/**
 * `statistics.query.timeline`: a sample after each doubling of the time run, and one at the end. A script's parent
 * and a cache hit have none, for neither works itself.
 */
export function timelineOf(record: JobRecord, ranMs: number, hasEnded: boolean): JsonRecord[] | undefined {
  const { slots, cacheHit } = record.measures;
  if (record.statementType === 'SCRIPT' || slots === undefined || cacheHit === true) return undefined;
  const samples: JsonRecord[] = [];
  for (let elapsedMs = FIRST_SAMPLE_MS; elapsedMs < ranMs; elapsedMs *= 2) {
    samples.push(sampleAt(elapsedMs, slots, Math.min(UNITS - 1, samples.length * 5)));
  }
  if (hasEnded) samples.push(sampleAt(ranMs, slots, UNITS));
  return samples.length === 0 ? undefined : samples;
}

/** In the wild an entry may be without `activeUnits`: here the last, when nothing is active any more. */
function sampleAt(elapsedMs: number, slots: number, completed: number): JsonRecord {
  return withoutAbsent({
    elapsedMs: String(elapsedMs),
    totalSlotMs: String(Math.floor(elapsedMs * slots)),
    pendingUnits: String(UNITS - completed),
    completedUnits: String(completed),
    activeUnits: completed === UNITS ? undefined : String(Math.ceil(slots)),
  });
}
