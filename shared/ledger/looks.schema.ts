import * as z from 'zod';

/** When answers about a job lacked what a policy wants, oldest first. */
export const Lacks = z.object({ atMs: z.array(z.number()) });
export type Lacks = z.infer<typeof Lacks>;
