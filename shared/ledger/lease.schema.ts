import * as z from 'zod';

/** What one holder left for the next, and until when that is worth anything. */
export const LeaseNote = z.object({ body: z.record(z.string(), z.unknown()), untilMs: z.number() });
export type LeaseNote = Readonly<z.infer<typeof LeaseNote>>;

/** Who has a lease, for how long it was taken and until when. The document may outlast it, for the note's sake. */
export const Lease = z.object({
  holder: z.string(),
  takenForMs: z.exactOptional(z.number()),
  untilMs: z.exactOptional(z.number()),
  left: z.exactOptional(LeaseNote),
});
export type Lease = z.infer<typeof Lease>;
