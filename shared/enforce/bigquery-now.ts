import type { Look } from '../bigquery/jobs-client.ts';

const MAX_SKEW_MS = 30_000;

/** An answer's date, and the time around it by our own clock. */
export type Dated = Pick<Look, 'dateMs' | 'sentAtMs' | 'receivedAtMs'>;

/** The `Date` header has whole seconds: the true time lies in the second that it names. */
export const DATE_RESOLUTION_MS = 1_000;

export type BigQueryNow =
  | { readonly kind: 'now'; readonly nowMs: number }
  | { readonly kind: 'skewed'; readonly skewMs: number }
  /** The answer bore no date. */
  | { readonly kind: 'untold' };

/**
 * BigQuery's own time of a look: the beginning of the second in its `Date` header, so that no job is ever
 * judged to have run longer than it has. Skew is how far that second lies outside the time between sending
 * and receiving by our clock; beyond 30 s one of the two clocks is wrong, and nobody knows which.
 */
export function bigqueryNow({ dateMs, sentAtMs, receivedAtMs }: Dated): BigQueryNow {
  if (dateMs === undefined) return { kind: 'untold' };
  const before = sentAtMs - (dateMs + DATE_RESOLUTION_MS);
  const after = dateMs - receivedAtMs;
  const skewMs = Math.max(before, after, 0);
  return skewMs > MAX_SKEW_MS ? { kind: 'skewed', skewMs } : { kind: 'now', nowMs: dateMs };
}

/**
 * When our clock shows that BigQuery's `Date` header can tell that `ms` has come: the header names whole
 * seconds, and our clock may differ from BigQuery's by what was seen when the header said `nowMs` at
 * `ourNowMs`. As long as that second and our clock agree, they are taken for the same.
 */
export function tellableAtMs(ms: number, nowMs: number, ourNowMs: number): number {
  const tellableMs = Math.ceil(ms / DATE_RESOLUTION_MS) * DATE_RESOLUTION_MS;
  const aheadMs = Math.max(0, ourNowMs - (nowMs + DATE_RESOLUTION_MS));
  const behindMs = Math.max(0, nowMs - ourNowMs);
  return tellableMs + aheadMs - behindMs;
}
