import type { Limit } from './limit.ts';

/** Counts from creation, and only while the job waits: once it runs, the wait is over and past stopping. */
export const pending: Limit = {
  key: 'pending',
  unit: 'duration',
  description: 'how long a job has been waiting to start since it was created',
  measure(job, nowMs) {
    if (job.state !== 'PENDING') return { kind: 'idle' };
    const { creationTimeMs } = job;
    if (creationTimeMs === undefined) return { kind: 'lacks', fields: ['creationTimeMs'] };
    const value = Math.max(0, nowMs - creationTimeMs);
    return { kind: 'value', value, reachesAtMs: (amount) => creationTimeMs + amount };
  },
  sentence: (measured, allowed) => `has been pending ${measured} of at most ${allowed}`,
};
