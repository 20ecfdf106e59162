import type { Look } from '../bigquery/jobs-client.ts';

const MAX_SKEW_MS = 30_000;

/** The `Date` header has whole seconds: the true time lies in the second that it names. */
const DATE_RESOLUTION_MS = 1_000;

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
export function bigqueryNow({ dateMs, sentAtMs, receivedAtMs }: Look): BigQueryNow {
  if (dateMs === undefined) return { kind: 'untold' };
  const before = sentAtMs - (dateMs + DATE_RESOLUTION_MS);
  const after = dateMs - receivedAtMs;
  const skewMs = Math.max(before, after, 0);
  return skewMs > MAX_SKEW_MS ? { kind: 'skewed', skewMs } : { kind: 'now', nowMs: dateMs };
}

/** The first moment at which BigQuery's `Date` header can tell that `ms` has come. */
export function tellableAtMs(ms: number): number {
  return Math.ceil(ms / DATE_RESOLUTION_MS) * DATE_RESOLUTION_MS;
}
