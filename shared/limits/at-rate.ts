import type { Job } from '../job/job.ts';

/**
 * When a measure of use will stand at an amount, if the job goes on as it did on average since its start. It may
 * be faster or slower: a look tells then, and foretells anew; how often, `watch/waiting.ts` says.
 *
 * @param value what the job has used until `nowMs`, in any unit
 */
export function atRateSoFar(
  { startTimeMs }: Job,
  value: number,
  nowMs: number,
): { readonly reachesAtMs?: (amount: number) => number; readonly atItsRate?: true } {
  if (startTimeMs === undefined || nowMs <= startTimeMs || value <= 0) return {};
  const msPerUnit = (nowMs - startTimeMs) / value;
  return {
    atItsRate: true,
    reachesAtMs: (amount) => Math.ceil(nowMs + Math.max(0, (amount - value) * msPerUnit)),
  };
}
