import * as z from 'zod';

/** How far sweeps have come in a project; `digests` says what each bucket of the running set holds. */
export const StoredMark = z.object({
  watermarkMs: z.number(),
  behind: z.record(z.string(), z.number()),
  windowMs: z.exactOptional(z.number()),
  digests: z.array(z.string()),
});
export type StoredMark = z.infer<typeof StoredMark>;

/** A part of the running set: names without their project, `US.job_1`. */
export const StoredBucket = z.object({
  jobs: z.array(z.string().regex(/^(?:[a-z0-9-]{1,64}\.)?[\w-]{1,1024}$/i)),
});
export type StoredBucket = z.infer<typeof StoredBucket>;
