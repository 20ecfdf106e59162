import * as z from 'zod';
import { PurgeFound } from './purge-details.schema.ts';

/**
 * A certificate as it is stored, for ever. Of copies any word is read: a later version may know of others, and an
 * old certificate must stay readable.
 */
export const StoredCertificate = z.object({
  job: z.object({
    projectId: z.string(),
    location: z.exactOptional(z.string()),
    jobId: z.string(),
  }),
  children: z.array(z.string()).readonly(),
  childrenUnseen: z.exactOptional(z.number()),
  principal: z.exactOptional(z.string()),
  policy: z.string(),
  by: z.string(),
  found: z.array(PurgeFound).readonly(),
  seenDoneAtMs: z.number(),
  askedAtMs: z.array(z.number()).readonly(),
  verifiedAtMs: z.number(),
  copiesNotReached: z.array(z.string()).readonly(),
});
export type StoredCertificate = z.infer<typeof StoredCertificate>;
