import { jobCost } from '../cost/job-cost.ts';
import { atRateSoFar } from './at-rate.ts';
import { costNotTold } from './cost-not-told.ts';
import type { Limit } from './limit.ts';

/**
 * What is known to have been spent: slot time at its price. Of an on-demand query nothing is known before it
 * ends, when there is nothing left to stop; with `basis: estimate` its upper bound counts, seconds after the
 * start (design, rule 7: never without these words). What nobody can know crosses nothing.
 */
export const cost: Limit = {
  key: 'cost',
  unit: 'usd',
  description: 'how much a running job is known to have cost so far; see `basis`',
  jobTypes: ['QUERY', 'LOAD', 'EXTRACT'],
  measure(job, nowMs, { prices, byEstimate }) {
    if (job.state === 'DONE' || job.type === 'COPY') return { kind: 'idle' };
    if (job.state === 'PENDING' && !byEstimate) return { kind: 'idle' };
    const told = jobCost(job, prices);
    switch (told.model) {
      case 'free':
      case 'children':
        return { kind: 'idle' };
      case 'slots':
        return { kind: 'value', value: told.spentUsd, ...atRateSoFar(job, told.spentUsd, nowMs) };
      case 'on-demand':
        if (!byEstimate) return { kind: 'idle' };
        if (told.upToUsd === undefined) return { kind: 'lacks', fields: ['estimatedBytes'] };
        return { kind: 'value', value: told.upToUsd, basis: 'estimate' };
      case 'unknown':
        return costNotTold(job, told.lacks, { prices, estimate: byEstimate, times: 1 });
    }
  },
  sentence: (measured, allowed, basis) =>
    basis === 'estimate'
      ? `is estimated to cost up to ${measured} of at most ${allowed}`
      : `has cost ${measured} of at most ${allowed}`,
};
