import * as z from 'zod';

/**
 * Where a sweep stopped that did not come to the last page, and what the next one must know of the pages before.
 * Names of jobs and policies only: no text of a job.
 */
export const SweepPosition = z.object({
  /** The list goes on with jobs created at that time of BigQuery's, or before. */
  createdUpToMs: z.number(),
  /** Keys of the jobs created just then that were seen: they come again. */
  seenThen: z.array(z.string()),
  /** How many pending and running jobs were seen. */
  jobs: z.number(),
  /** Jobs that an act is called for. */
  postponed: z.array(z.object({ location: z.exactOptional(z.string()), jobId: z.string() })),
  /** How many more acts each policy calls for, where there are too many to name. */
  unnamed: z.array(z.object({ policy: z.string(), acts: z.number() })),
});
export type SweepPosition = z.infer<typeof SweepPosition>;
