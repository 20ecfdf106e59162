import { jobCost } from '../shared/cost/job-cost.ts';
import type { PriceTable } from '../shared/cost/price-table.ts';
import type { Job } from '../shared/job/job.ts';

/** What jobs cost, in US dollars. What is not known of a job is in no sum: it is counted. */
export interface Spending {
  /** Known to have been spent. */
  readonly spentUsd: number;
  /** What queries on demand that have not ended can come to at most, by their estimates. */
  readonly upToUsd: number;
  /** How many jobs there are of which neither is known. */
  readonly unknown: number;
}

/** @param jobs with the children of scripts, which are charged in place of the script */
export function spendingOf(jobs: readonly Job[], prices: PriceTable): Spending {
  let [spentUsd, upToUsd, unknown] = [0, 0, 0];
  for (const job of jobs) {
    const cost = jobCost(job, prices);
    const spent = cost.model === 'unknown' ? undefined : cost.spentUsd;
    const upTo = cost.model === 'on-demand' ? cost.upToUsd : undefined;
    if (spent === undefined && upTo === undefined) unknown += 1;
    spentUsd += spent ?? 0;
    upToUsd += upTo ?? 0;
  }
  return { spentUsd, upToUsd, unknown };
}
