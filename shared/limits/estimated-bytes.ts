import type { Limit } from './limit.ts';

/**
 * `estimatedBytesProcessed`, known before a query starts. It is an upper bound (clustered tables are read
 * less), so the sentence says "up to"; the key says by its name that a policy cancels on an estimate
 * (design, rule 7). No audit entry carries it: it takes a `jobs.get`.
 */
export const estimatedBytes: Limit = {
  key: 'estimatedBytes',
  unit: 'bytes',
  description: 'how much a query is estimated to read at most, known before it starts',
  jobTypes: ['QUERY'],
  measure(job) {
    if (job.state === 'DONE') return { kind: 'idle' };
    if (job.type !== undefined && job.type !== 'QUERY') return { kind: 'idle' };
    if (job.estimatedBytes === undefined) return { kind: 'lacks', fields: ['estimatedBytes'] };
    return { kind: 'value', value: job.estimatedBytes };
  },
  sentence: (measured, allowed) => `is estimated to read up to ${measured} of at most ${allowed}`,
};
