import * as z from 'zod';

/** A point in time as Google's client gives it. */
const Timestamp = z.custom<{ toMillis(): number }>(
  (value) => typeof value === 'object' && value !== null && 'toMillis' in value,
);

/** The fields of a document in Firestore. */
export const FirestoreFields = z.object({
  /** Which write left it like this. */
  write: z.string().optional(),
  /** JSON. Not a map: Firestore refuses some keys, and changes some text. */
  body: z.string().optional(),
  /** Of counters, which have no body. */
  count: z.number().optional(),
  group: z.string().optional(),
  dueAtMs: z.number().optional(),
  expiresAt: Timestamp.optional(),
});
export type FirestoreFields = z.infer<typeof FirestoreFields>;
