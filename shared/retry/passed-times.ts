import type { Refused } from './change.ts';
import { ExactNumber, isList, type JsonObject, type JsonValue, jsonAt } from './json.ts';

const DAY_MS = 86_400_000;
/** The longest that time travel reaches back; a dataset may be set to less [doc: time-travel.md]. */
const LONGEST_TIME_TRAVEL_MS = 7 * DAY_MS;

const EXPIRATIONS = [
  ['copy', 'destinationExpirationTime'],
  ['load', 'destinationTableProperties', 'expirationTime'],
] as const;

/**
 * Whether a configuration speaks of a time that has passed. It is never changed: without the expiration a table would
 * live for ever, and the table of today is not the one of that moment. Times that a schedule hands in (the parameters
 * `run_time` and `run_date`, partitions in names) say what the run is for, and stay.
 */
export function refusedTime(resource: JsonObject, nowMs: number): Refused | undefined {
  const expirations = EXPIRATIONS.map((path) => jsonAt(resource, 'configuration', ...path));
  return (
    expirations.map((time) => refusedExpiration(time, nowMs)).find((refused) => refused !== undefined) ??
    refusedSnapshot(resource, nowMs)
  );
}

function refusedExpiration(time: JsonValue | undefined, nowMs: number): Refused | undefined {
  if (time === undefined || time === null) return undefined;
  const timeMs = timeOf(time);
  if (timeMs === undefined) {
    return refused(
      'time-not-understood',
      'its destination is to expire at a time that cannot be read; send it again yourself',
    );
  }
  return timeMs > nowMs
    ? undefined
    : refused(
        'expiration-passed',
        'its destination was to expire at a time that has passed, so that nothing would be left of a retry',
      );
}

/** RFC 3339 with a zone (the discovery document's google-datetime), or milliseconds. */
function timeOf(time: JsonValue): number | undefined {
  const text = time instanceof ExactNumber ? time.text : String(time);
  if (/^-?\d+(\.\d+)?(e\+?\d+)?$/i.test(text)) return Number(text);
  if (!/\d\d:\d\d.*(z|[+-]\d\d:?\d\d)$/i.test(text)) return undefined;
  const timeMs = Date.parse(text);
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

/** Tables that a copy or an extract reads; what a query's text says of times only BigQuery can tell. */
function refusedSnapshot(resource: JsonObject, nowMs: number): Refused | undefined {
  const copied = jsonAt(resource, 'configuration', 'copy', 'sourceTables');
  const tables = [
    ...(isList(copied) ? copied : []),
    jsonAt(resource, 'configuration', 'copy', 'sourceTable'),
    jsonAt(resource, 'configuration', 'extract', 'sourceTable'),
  ];
  const isTooOld = tables.some((table) => {
    const atMs = snapshotMsOf(jsonAt(table, 'tableId'));
    return atMs !== undefined && atMs < nowMs - LONGEST_TIME_TRAVEL_MS;
  });
  return isTooOld
    ? refused(
        'snapshot-too-old',
        'it reads a table as it was more than 7 days ago, which no longer can be had',
      )
    : undefined;
}

/**
 * The `ms` of `table@ms` and of a range `table@ms-ms`. None where it counts back from now (`@-ms`), and none for
 * `@0`, the oldest that there is [doc: table-decorators.md].
 */
function snapshotMsOf(tableId: JsonValue | undefined): number | undefined {
  const [, text] = typeof tableId === 'string' ? (/@(\d+)(?:-\d*)?$/.exec(tableId) ?? []) : [];
  const atMs = Number(text ?? 0);
  return atMs === 0 ? undefined : atMs;
}

function refused(why: Refused['why'], sentence: string): Refused {
  return { kind: 'refused', why, sentence };
}
