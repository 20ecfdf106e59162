import * as z from 'zod';

/** That everything is only observed until a person says otherwise. */
export const StoredStop = z.object({ atMs: z.number(), by: z.string(), reason: z.string().optional() });
export type StoredStop = z.infer<typeof StoredStop>;
