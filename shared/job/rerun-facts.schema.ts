import type * as z from 'zod';
import { amount, flag, list, object, present, text } from './google-json.schema.ts';
import { RawError } from './rest-job.schema.ts';

/**
 * What a Job of `jobs.get`, whole, tells besides of running it again [discovery document, revision 20250528:
 * JobConfigurationQuery, -Load, -Extract, -TableCopy, JobStatistics, JobStatus].
 */
export const RerunResource = object({
  configuration: object({
    query: present({
      query: text,
      writeDisposition: text,
      createSession: flag,
      connectionProperties: list(object({ key: text })),
    }),
    load: present({ sourceUris: list(text), writeDisposition: text }),
    extract: present({ destinationUri: text, destinationUris: list(text) }),
    copy: present({ writeDisposition: text }),
  }),
  statistics: object({
    numChildJobs: amount,
    scriptStatistics: present({}),
    sessionInfo: present({}),
    transactionInfo: present({}),
  }),
  status: object({ errors: list(RawError) }),
});
export type RerunResource = NonNullable<z.infer<typeof RerunResource>>;
