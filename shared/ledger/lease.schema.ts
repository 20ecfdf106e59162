import * as z from 'zod';

/** Who has a lease; until when is the document's expiry. */
export const Lease = z.object({ holder: z.string() });
export type Lease = z.infer<typeof Lease>;
