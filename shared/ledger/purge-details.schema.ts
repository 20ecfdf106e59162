import * as z from 'zod';

/** What keeps a purge that is due from being done, for now; in the words that alerts have for it (`because`). */
export const KeptBackBy = z.enum([
  'held',
  'holds-unreadable',
  'retry-pending',
  'stopped',
  'breaker-open',
  'capped',
  'permission-missing',
  'dry-run',
  'request-refused',
  'request-failed',
  'asked-and-still-there',
  'too-many-children',
]);
export type KeptBackBy = z.infer<typeof KeptBackBy>;

/** What makes a job sensitive, and where: names of ours only, never a text of the job. */
export const PurgeFound = z.object({
  /** A detector's name, or `labels`, `principals`, `datasets`, `tables`. */
  detector: z.string(),
  /** A path in a Job resource, as a `Finding` of shared/sensitive has it. */
  field: z.string(),
  /** HMAC-SHA-256 of the whole field, with WATCHDOG_REDACTION_KEY; absent without a key. */
  hash: z.exactOptional(z.string()),
});
export type PurgeFound = Readonly<z.infer<typeof PurgeFound>>;

/** What a claim to purge knows of its job, which is at the top of its family. Times are BigQuery's. */
export const PurgeDetails = z.object({
  /** Who ran the job. */
  principal: z.exactOptional(z.string()),
  endedAtMs: z.number(),
  dueAtMs: z.number(),
  /** Whose budget it spends: events and sweeps, the clean-up of history, a person. */
  by: z.enum(['live', 'history', 'hand']),
  /** Of a purge by hand: who wants it. */
  person: z.exactOptional(z.string()),
  found: z.array(PurgeFound).readonly(),
  /** `jobs.get` answered 200 and DONE, at the location of the claim's job. Written before the delete is sent. */
  seenDoneAtMs: z.exactOptional(z.number()),
  /** The ids of the children that were found then. */
  children: z.exactOptional(z.array(z.string()).readonly()),
  /** So many more it told of then, and no list showed them. */
  childrenUnseen: z.exactOptional(z.number()),
  /** What last kept it from being done when it was due. */
  heldBy: z.exactOptional(KeptBackBy),
});
export type PurgeDetails = Readonly<z.infer<typeof PurgeDetails>>;
