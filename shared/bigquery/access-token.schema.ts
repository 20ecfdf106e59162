import * as z from 'zod';

/** `generateAccessToken` of IAM Credentials [doc: iam/docs/reference/credentials/rest]. */
export const TokenBody = z.object({
  accessToken: z.string().min(1),
  expireTime: z.iso.datetime({ offset: true }),
});
export type TokenBody = z.infer<typeof TokenBody>;

/** Google's error format with the details that IAM gives [google-github-actions/auth issue 340]. */
export const IamErrorBody = z.object({
  error: z.object({
    details: z
      .array(z.object({ reason: z.string().optional().catch(undefined) }))
      .optional()
      .catch(undefined),
  }),
});
export type IamErrorBody = z.infer<typeof IamErrorBody>;
