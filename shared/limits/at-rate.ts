import type { Job } from '../job/job.ts';

/** A job close to its limit is not looked at more often than this. */
const SHORTEST_MS = 2_000;

/**
 * When a measure of use will stand at an amount, if the job goes on as it did on average since its start. It may
 * be faster or slower: a look tells then, and foretells anew.
 *
 * @param value what the job has used until `nowMs`, in any unit
 */
export function atRateSoFar(
  { startTimeMs }: Job,
  value: number,
  nowMs: number,
): { readonly reachesAtMs?: (amount: number) => number } {
  if (startTimeMs === undefined || nowMs <= startTimeMs || value <= 0) return {};
  const msPerUnit = (nowMs - startTimeMs) / value;
  return {
    reachesAtMs: (amount) => Math.ceil(nowMs + Math.max(SHORTEST_MS, (amount - value) * msPerUnit)),
  };
}
