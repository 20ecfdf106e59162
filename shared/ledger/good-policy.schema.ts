import * as z from 'zod';

/** The owner's file as it was when it last compiled. */
export const StoredPolicy = z.object({
  text: z.string(),
  savedAtMs: z.number(),
  /** Since when the file has been refused, while it is. */
  refusedSinceMs: z.exactOptional(z.number()),
});
export type StoredPolicy = z.infer<typeof StoredPolicy>;
