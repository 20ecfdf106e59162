import * as z from 'zod';

/** What a body of `jobs.insert` must name, so that it can be sent twice and makes one job. */
export const NewJob = z.object({
  jobReference: z.object({
    projectId: z.string(),
    location: z.string().min(1),
    jobId: z.string().min(1),
  }),
});
export type NewJob = z.infer<typeof NewJob>;
