import type { RetryCaps } from './retry-rule.ts';

const HOUR_MS = 3_600_000;

/** How long one count of `pressureOf` spans. */
export const PRESSURE_SPAN_MS = 5 * 60_000;

/** So many failures of a project with one reason within a span are everyday life. */
const CALM_FAILURES = 10;

/** More would put retries off beyond any deadline. */
const MOST_PRESSURE = 60;

/**
 * How much wider than usual retries are to be spread, at least 1. When many jobs of a project fail with one reason at
 * once, BigQuery has trouble there, and what comes back at once makes it worse. The pressure of a span is its
 * failures over an everyday number, and half of it is left after each further span: retries come back slowly after
 * the last wave, though nothing fails any more.
 *
 * @param failures jobs that failed with the reason in the project, per span of `PRESSURE_SPAN_MS`, the latest first
 */
export function pressureOf(failures: readonly number[]): number {
  const pressures = failures.map((count, age) => count / CALM_FAILURES / 2 ** age);
  return Math.min(MOST_PRESSURE, Math.max(1, ...pressures));
}

export interface RecentInserts {
  /** When retries were inserted lately, in any order: milliseconds since the epoch. */
  readonly ofProjectAtMs: readonly number[];
  readonly ofPrincipalAtMs: readonly number[];
}

/**
 * When the caps allow the next insert: now, or the first moment at which fewer than the cap lie within the hour
 * before it. A cap of n allows n inserts within any hour.
 */
export function allowedAtMs(
  { ofProjectAtMs, ofPrincipalAtMs }: RecentInserts,
  caps: RetryCaps,
  nowMs: number,
): number {
  return Math.max(
    freeAtMs(ofProjectAtMs, caps.perProjectPerHour, nowMs),
    freeAtMs(ofPrincipalAtMs, caps.perPrincipalPerHour, nowMs),
  );
}

function freeAtMs(insertedAtMs: readonly number[], cap: number, nowMs: number): number {
  // The one that must have left the hour: the cap-th from the latest.
  const nth = insertedAtMs.toSorted((a, b) => b - a)[cap - 1];
  return nth === undefined ? nowMs : Math.max(nowMs, nth + HOUR_MS);
}
