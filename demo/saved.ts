import { jobCost, slotsUsd } from '../shared/cost/job-cost.ts';
import { onDemandUsd } from '../shared/cost/on-demand.ts';
import type { PriceTable } from '../shared/cost/price-table.ts';
import type { Job } from '../shared/job/job.ts';
import type { JobTruth } from '../simulator/truth.ts';

/** A job that was cancelled, when it has ended: as the API tells it, and as it is. */
export interface CancelledJob {
  readonly job: Job;
  readonly truth: JobTruth;
}

/** What the cancelled jobs would have gone on to use. */
export interface Saved {
  readonly jobs: number;
  /** Milliseconds of running. */
  readonly runMs: number;
  /** Slot milliseconds. */
  readonly slotMs: number;
  /** US dollars at most: slot time at its price, and what an estimate says beyond what was billed. */
  readonly upToUsd: number;
  /** Those of which nobody can say what they would have cost: they are not in `upToUsd`. */
  readonly unknownCost: number;
  /** Those that would never have ended by themselves: counted up to `untilMs`. */
  readonly endless: number;
  /** Those that had not started: nobody can say what they would have used. */
  readonly unstarted: number;
}

export function savedBy(cancelled: readonly CancelledJob[], untilMs: number, prices: PriceTable): Saved {
  const ran = cancelled.flatMap(({ job, truth }) => {
    const { startTimeMs, endTimeMs, slotMs: usedMs, naturalEndMs } = truth;
    if (startTimeMs === undefined || endTimeMs === undefined) return [];
    const runMs = Math.max(0, (naturalEndMs ?? untilMs) - endTimeMs);
    const slotMs = (usedMs / Math.max(1, endTimeMs - startTimeMs)) * runMs;
    return [{ runMs, slotMs, isEndless: naturalEndMs === undefined, usd: moreUsd(job, slotMs, prices) }];
  });
  return {
    jobs: ran.length,
    runMs: ran.reduce((sum, { runMs }) => sum + runMs, 0),
    slotMs: ran.reduce((sum, { slotMs }) => sum + slotMs, 0),
    upToUsd: ran.reduce((sum, { usd = 0 }) => sum + usd, 0),
    unknownCost: ran.filter(({ usd }) => usd === undefined).length,
    endless: ran.filter(({ isEndless }) => isEndless).length,
    unstarted: cancelled.length - ran.length,
  };
}

/** What a job would have cost beyond what it did cost; `undefined` when that cannot be known. */
function moreUsd(job: Job, slotMs: number, prices: PriceTable): number | undefined {
  const cost = jobCost(job, prices);
  switch (cost.model) {
    case 'free':
      return 0;
    case 'slots':
      return slotsUsd(slotMs, cost.usdPerSlotHour);
    case 'on-demand':
      if (job.estimatedBytes === undefined || cost.spentUsd === undefined) return undefined;
      return Math.max(0, onDemandUsd(job.estimatedBytes, cost.usdPerTiB) - cost.spentUsd);
    case 'children':
    case 'unknown':
      return undefined;
  }
}
