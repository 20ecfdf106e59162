import * as z from 'zod';
import { AMOUNT_UNITS } from '../units/amount.ts';
import { HeldBy } from './held-by.schema.ts';
import { PurgeDetails } from './purge-details.schema.ts';
import { Verb } from './verb.schema.ts';

const StoredFinding = z.object({
  policy: z.string(),
  degree: z.enum(['warned', 'crossed']),
  action: z.enum(['alert', 'cancel', 'retry', 'purge']),
  mode: z.enum(['enforce', 'observe']),
  measured: z.exactOptional(
    z.object({
      limit: z.string(),
      unit: z.enum(AMOUNT_UNITS),
      value: z.number(),
      allowed: z.number(),
      basis: z.exactOptional(z.enum(['estimate', 'projection'])),
    }),
  ),
  sentence: z.string(),
  cannot: z.exactOptional(z.enum(['copy-job'])),
});

const StoredRetry = z.object({
  attemptId: z.string(),
  principal: z.string(),
  reason: z.string(),
  earlierReasons: z.exactOptional(z.array(z.string())),
  rootEndedAtMs: z.number(),
  failedAtMs: z.number(),
  deadlineAtMs: z.number(),
  configurationHash: z.exactOptional(z.string()),
  guardsHash: z.exactOptional(z.string()),
  comparedUpToMs: z.exactOptional(z.number()),
  createdAtMs: z.exactOptional(z.number()),
  missing: z.exactOptional(z.object({ jobId: z.string(), sinceMs: z.number() })),
  heldBy: z.exactOptional(HeldBy),
  failingSinceMs: z.exactOptional(z.number()),
});

/** A claim as it is stored; its key is that of the document. */
export const StoredClaim = z.object({
  job: z.object({
    projectId: z.string(),
    location: z.exactOptional(z.string()),
    jobId: z.string(),
  }),
  verb: Verb,
  attempt: z.number(),
  policy: z.string(),
  finding: StoredFinding,
  holder: z.string(),
  leaseUntilMs: z.number(),
  leaseMs: z.exactOptional(z.number()),
  state: z.enum(['claimed', 'asked', 'void', 'ended']),
  wonAtMs: z.number(),
  askedAtMs: z.array(z.number()),
  lookAtMs: z.exactOptional(z.number()),
  outcome: z.exactOptional(z.string()),
  endedAtMs: z.exactOptional(z.number()),
  retry: z.exactOptional(StoredRetry),
  purge: z.exactOptional(PurgeDetails),
});
export type StoredClaim = z.infer<typeof StoredClaim>;

/** An entry of the list of claims by the time they were won. */
export const ClaimTime = z.object({ claimKey: z.string(), wonAtMs: z.number() });
export type ClaimTime = z.infer<typeof ClaimTime>;
