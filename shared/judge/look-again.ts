const SECOND_MS = 1_000;

/** BigQuery fills some fields in only after a while: look again after 5, then 15, then 45 seconds. */
const WAITS_MS = [5 * SECOND_MS, 15 * SECOND_MS, 45 * SECOND_MS] as const;

/** Of one start the series has these; one more shows, later, that the job is still looked at. */
export const LOOKS_KEPT = WAITS_MS.length + 1;

export type LookAgain =
  /** Another look is due at that time. `counts`: this look is one of the series, to be remembered. */
  | { readonly kind: 'later'; readonly atMs: number; readonly counts: boolean }
  /** Every look of the series lacked it. */
  | { readonly kind: 'undecided' };

/**
 * What follows when a `jobs.get` answer at `nowMs` lacks a field that a policy wants, and earlier ones
 * lacked it at `lackedAtMs` (oldest first). A look that comes before its time does not count.
 */
export function lookAgain(lackedAtMs: readonly number[], nowMs: number): LookAgain {
  const last = lackedAtMs.at(-1);
  const waited = WAITS_MS[lackedAtMs.length - 1];
  const dueAtMs = last === undefined || waited === undefined ? undefined : last + waited;
  if (dueAtMs !== undefined && nowMs < dueAtMs) return { kind: 'later', atMs: dueAtMs, counts: false };
  const wait = WAITS_MS[lackedAtMs.length];
  return wait === undefined ? { kind: 'undecided' } : { kind: 'later', atMs: nowMs + wait, counts: true };
}
