/** A part of a project's history, by the time of creation: from then on, up to but not including the other. */
export interface HistoryRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** So long BigQuery keeps jobs: six months, which INFORMATION_SCHEMA.JOBS gives as 180 days [bigquery-facts: Jobs API]. */
export const KEPT_MS = 180 * 86_400_000;

/** All of the history that is left, and then some of what is yet to come. */
export function wholeHistory(nowMs: number): HistoryRange {
  return { fromMs: nowMs - KEPT_MS, toMs: nowMs };
}
