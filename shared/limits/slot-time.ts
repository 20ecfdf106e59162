import { atRateSoFar } from './at-rate.ts';
import type { Limit } from './limit.ts';

/**
 * `totalSlotMs`, which grows as the job runs. Copy jobs have none [bigquery-facts: Audit entries].
 */
export const slotTime: Limit = {
  key: 'slotTime',
  unit: 'duration',
  description: 'how much slot time a running job has used so far (one slot for one hour is 1h)',
  jobTypes: ['QUERY', 'LOAD', 'EXTRACT', 'UNKNOWN'],
  measure(job, nowMs) {
    if (job.state !== 'RUNNING' || job.type === 'COPY') return { kind: 'idle' };
    if (job.slotMs === undefined) return { kind: 'lacks', fields: ['slotMs'] };
    return { kind: 'value', value: job.slotMs, ...atRateSoFar(job, job.slotMs, nowMs) };
  },
  sentence: (measured, allowed) => `has used ${measured} of slot time of at most ${allowed}`,
};
