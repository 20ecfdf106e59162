import type { Limit } from './limit.ts';

/** BigQuery's duration is end minus start [manage-jobs]: the time in the queue is not part of it. */
export const runtime: Limit = {
  key: 'runtime',
  unit: 'duration',
  description: 'how long a job has been running since it started',
  measure(job, nowMs) {
    if (job.state !== 'RUNNING') return { kind: 'idle' };
    const { startTimeMs } = job;
    if (startTimeMs === undefined) return { kind: 'lacks', fields: ['startTimeMs'] };
    // A start that lies ahead of us is a difference between clocks, not a negative runtime.
    const value = Math.max(0, nowMs - startTimeMs);
    return { kind: 'value', value, reachesAtMs: (amount) => startTimeMs + amount };
  },
  sentence: (measured, allowed) => `has run ${measured} of at most ${allowed}`,
};
