import * as z from 'zod';

/** Who has a lease, and for how long it was taken; until when is the document's expiry. */
export const Lease = z.object({ holder: z.string(), takenForMs: z.exactOptional(z.number()) });
export type Lease = z.infer<typeof Lease>;
