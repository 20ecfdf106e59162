import { atRateSoFar } from './at-rate.ts';
import type { Limit } from './limit.ts';

/**
 * What a query has read so far. Loads and extracts tell theirs when they have ended [bigquery-facts: Jobs API].
 */
export const processedBytes: Limit = {
  key: 'processedBytes',
  unit: 'bytes',
  description: 'how much a running query has read so far',
  jobTypes: ['QUERY'],
  measure(job, nowMs) {
    if (job.state !== 'RUNNING') return { kind: 'idle' };
    if (job.type !== undefined && job.type !== 'QUERY') return { kind: 'idle' };
    // A dry run reads nothing: what it tells as its bytes is an estimate.
    if (job.dryRun === true) return { kind: 'idle' };
    if (job.bytesProcessed === undefined) return { kind: 'lacks', fields: ['bytesProcessed'] };
    return {
      kind: 'value',
      value: job.bytesProcessed,
      ...atRateSoFar(job, job.bytesProcessed, nowMs),
    };
  },
  sentence: (measured, allowed) => `has read ${measured} of at most ${allowed}`,
};
