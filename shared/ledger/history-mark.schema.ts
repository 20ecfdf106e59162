import * as z from 'zod';

/** How far the clean-up of a project's history has come, as it is stored. */
export const StoredHistory = z.object({
  fromMs: z.number(),
  toMs: z.number(),
  doneToMs: z.number(),
  startedAtMs: z.number(),
  finishedAtMs: z.exactOptional(z.number()),
  generation: z.string(),
  looked: z.number(),
  found: z.number(),
  purged: z.number(),
  coveredFromMs: z.exactOptional(z.number()),
  stuckSinceMs: z.exactOptional(z.number()),
});
export type StoredHistory = z.infer<typeof StoredHistory>;
