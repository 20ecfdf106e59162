import * as z from 'zod';

/** A counter, as stores keep it. */
export const StoredCount = z.object({ count: z.number() });
export type StoredCount = z.infer<typeof StoredCount>;
