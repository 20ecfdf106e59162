import type { HistoryMark } from '../ledger/ledger.ts';
import { type HistoryRange, KEPT_MS } from './history-range.ts';
import { OVERLAP_MS } from './watermarks.ts';

/**
 * Where a walk begins, or goes on. What earlier walks by the same policies have gone through is not gone through again,
 * less what lists may have shown late; other policies, or a range that begins earlier or beyond what was gone through,
 * make a new walk. One that is unfinished goes on from where it stopped, whatever is asked for and however old that is:
 * nothing is skipped, and a list of what BigQuery no longer keeps is short.
 *
 * @param generation of the purge part of the policy
 * @returns undefined when all of the range is gone through
 */
export function planWalk(
  mark: HistoryMark | undefined,
  asked: HistoryRange,
  generation: string,
  nowMs: number,
): HistoryMark | undefined {
  const fromMs = Math.max(asked.fromMs, nowMs - KEPT_MS);
  // What lists do not show yet is the live path's, or the next walk's.
  const toMs = Math.min(asked.toMs, nowMs - OVERLAP_MS);
  if (fromMs >= toMs) return undefined;
  const fresh = { startedAtMs: nowMs, generation, looked: 0, found: 0, purged: 0 };
  const coveredFromMs = mark && (mark.coveredFromMs ?? mark.fromMs);
  const anew = { ...fresh, fromMs, toMs, doneToMs: fromMs };
  // Clocks of instances differ a little.
  const isWider = coveredFromMs !== undefined && fromMs < coveredFromMs - OVERLAP_MS;
  if (coveredFromMs === undefined || mark?.generation !== generation || isWider) return anew;
  if (mark.finishedAtMs === undefined) return mark;
  if (toMs <= mark.toMs) return undefined;
  // Nobody has gone through what lies between: it must not count as covered.
  if (fromMs > mark.toMs) return anew;
  const onMs = mark.toMs - OVERLAP_MS;
  return { ...fresh, fromMs: onMs, toMs, doneToMs: onMs, coveredFromMs };
}

/** When a walk will be at its end if it goes on as it did; undefined: nobody can tell yet. */
export function estimatedEndAtMs(
  { fromMs, toMs, doneToMs, startedAtMs }: HistoryMark,
  nowMs: number,
): number | undefined {
  const tookMs = nowMs - startedAtMs;
  if (doneToMs <= fromMs || tookMs <= 0) return undefined;
  return Math.round(nowMs + (tookMs * (toMs - doneToMs)) / (doneToMs - fromMs));
}
