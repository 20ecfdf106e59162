import { jobCost } from '../cost/job-cost.ts';
import { averagedOverMs, inAnHourUsd } from '../cost/projection.ts';
import { costNotTold } from './cost-not-told.ts';
import type { Limit } from './limit.ts';

/**
 * Where a job is heading: on slots, its cost an hour from now at its average rate so far; on demand, its
 * estimate. Nobody knows how long a job will run, so people are told and nothing is cancelled by it.
 */
export const projectedCost: Limit = {
  key: 'projectedCost',
  unit: 'usd',
  description: 'how much a running job will have cost in an hour at its present rate, or on demand may cost',
  jobTypes: ['QUERY', 'LOAD', 'EXTRACT'],
  alertOnly: 'nothing is cancelled by a projection; cancel by "cost", and put this into a policy that alerts',
  measure(job, nowMs, { prices }) {
    if (job.state !== 'RUNNING' || job.type === 'COPY') return { kind: 'idle' };
    const told = jobCost(job, prices);
    const runtimeMs = averagedOverMs(job, nowMs);
    switch (told.model) {
      case 'free':
      case 'children':
        return { kind: 'idle' };
      case 'slots':
        if (runtimeMs === undefined) return { kind: 'lacks', fields: ['startTimeMs'] };
        return { kind: 'value', value: inAnHourUsd(told.spentUsd, runtimeMs), basis: 'projection' };
      case 'on-demand':
        if (told.upToUsd === undefined) return { kind: 'lacks', fields: ['estimatedBytes'] };
        return { kind: 'value', value: told.upToUsd, basis: 'estimate' };
      case 'unknown': {
        const times = runtimeMs === undefined ? Number.POSITIVE_INFINITY : inAnHourUsd(1, runtimeMs);
        return costNotTold(job, told.lacks, { prices, estimate: true, times });
      }
    }
  },
  sentence: (measured, allowed, basis) =>
    basis === 'estimate'
      ? `is estimated to cost up to ${measured} of at most ${allowed}`
      : `will have cost ${measured} in an hour at its present rate, of at most ${allowed}`,
};
