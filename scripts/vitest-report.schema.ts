import * as z from 'zod';

/** What the summary reads of the report of vitest's JSON reporter. */
export const VitestReport = z.object({
  testResults: z.array(
    z.object({
      /** The file, as an absolute path. */
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({ status: z.string(), ancestorTitles: z.array(z.string()), title: z.string() }),
      ),
    }),
  ),
});
export type VitestReport = z.infer<typeof VitestReport>;
