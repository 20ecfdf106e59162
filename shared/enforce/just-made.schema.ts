import * as z from 'zod';

/** A job that was inserted, or may have been, and that lists may not show yet. In the project and location of the work. */
export const JustMade = z.object({
  jobId: z.string(),
  /** By our own clock. */
  atMs: z.number(),
});
export type JustMade = Readonly<z.infer<typeof JustMade>>;
