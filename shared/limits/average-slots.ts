import { averagedOverMs } from '../cost/projection.ts';
import type { Limit } from './limit.ts';

/**
 * Slot time by runtime, as Google's own reports have it [doc: information-schema-jobs.md, Calculate average slot
 * utilization], over a minute at least. It falls by itself and rises as it likes: no time of crossing is given.
 */
export const averageSlots: Limit = {
  key: 'averageSlots',
  unit: 'slots',
  description: 'how many slots a job has used on average since it started, over a minute at least',
  jobTypes: ['QUERY', 'LOAD', 'EXTRACT', 'UNKNOWN'],
  measure(job, nowMs) {
    if (job.state !== 'RUNNING' || job.type === 'COPY') return { kind: 'idle' };
    const runtimeMs = averagedOverMs(job, nowMs);
    if (runtimeMs === undefined) return { kind: 'lacks', fields: ['startTimeMs'] };
    if (job.slotMs === undefined) return { kind: 'lacks', fields: ['slotMs'] };
    return { kind: 'value', value: job.slotMs / runtimeMs };
  },
  sentence: (measured, allowed) => `has used ${measured} on average of at most ${allowed}`,
};
