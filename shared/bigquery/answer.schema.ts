import * as z from 'zod';

/**
 * Google's error format [bigquery-facts: Failures and retries]. What is not as expected is read as absent:
 * an error must be told even when it is told badly.
 */
export const ErrorBody = z.object({
  error: z.object({
    code: z.number().optional().catch(undefined),
    message: z.string().optional().catch(undefined),
    errors: z
      .array(z.object({ reason: z.string().optional().catch(undefined) }))
      .optional()
      .catch(undefined),
  }),
});
export type ErrorBody = z.infer<typeof ErrorBody>;

/** `jobs.list`: absent `jobs` is an empty page, so that it is a list must show in its kind. */
export const ListBody = z
  .object({
    kind: z.string().optional(),
    jobs: z.array(z.unknown()).optional(),
    nextPageToken: z.string().optional(),
    unreachable: z.array(z.string()).optional(),
  })
  .refine((body) => body.jobs !== undefined || body.kind === 'bigquery#jobList');
export type ListBody = z.infer<typeof ListBody>;

/** `jobs.cancel`: the job as it stood when it was asked. */
export const CancelBody = z.object({ job: z.unknown() });
export type CancelBody = z.infer<typeof CancelBody>;
