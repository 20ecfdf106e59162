import * as z from 'zod';
import { Verb } from './verb.schema.ts';

/** A message that nobody can act on, without its payload. */
export const StoredDeadLetter = z.object({
  atMs: z.number(),
  verb: Verb,
  insertId: z.exactOptional(z.string()),
  messageId: z.exactOptional(z.string()),
  projectId: z.exactOptional(z.string()),
  fault: z.string(),
});
export type StoredDeadLetter = z.infer<typeof StoredDeadLetter>;
