import { invalid } from './api-error.ts';
import { type JsonRecord, recordAt, textAt } from './json.ts';

/** The most that a dataset's time travel may be set to [doc: time-travel.md]. */
const TIME_TRAVEL_MS = 7 * 86_400_000;

/** Refuses times that have passed: a destination that would be gone at once, a snapshot that nobody has any more. */
export function checkTimes(configuration: JsonRecord, nowMs: number): void {
  const copy = recordAt(configuration, 'copy') ?? {};
  const expiration = textAt(copy, 'destinationExpirationTime');
  if (expiration !== undefined && !(millisecondsOf(expiration) > nowMs)) {
    throw invalid('The expiration time of the destination table is in the past', 'destinationExpirationTime');
  }
  const copied: readonly unknown[] = Array.isArray(copy['sourceTables']) ? copy['sourceTables'] : [];
  const sources = [...copied, copy['sourceTable'], recordAt(configuration, 'extract', 'sourceTable')];
  for (const source of sources) {
    const [, atMs] = /@(\d+)/.exec(textAt(source, 'tableId') ?? '') ?? [];
    if (Number(atMs ?? 0) > 0 && Number(atMs) < nowMs - TIME_TRAVEL_MS) {
      throw invalid(`Invalid snapshot time ${atMs}: it is before the earliest time that can be read`);
    }
  }
}

function millisecondsOf(time: string): number {
  return /^\d+$/.test(time) ? Number(time) : Date.parse(time);
}
