import type * as z from 'zod';
import { amount, flag, list, object, present, text } from './google-json.schema.ts';
import { RawError, RawTable } from './rest-job.schema.ts';

/**
 * What a Job of `jobs.get`, whole, tells besides of running it again [discovery document, revision 20250528:
 * JobConfigurationQuery, -Load, -Extract, -TableCopy, JobStatistics, -2, JobStatus].
 */
export const RerunResource = object({
  configuration: object({
    query: present({
      query: text,
      writeDisposition: text,
      destinationTable: RawTable,
      createSession: flag,
      connectionProperties: list(object({ key: text })),
    }),
    load: present({ sourceUris: list(text), writeDisposition: text }),
    extract: present({ destinationUri: text, destinationUris: list(text) }),
    copy: present({
      writeDisposition: text,
      destinationTable: RawTable,
      sourceTable: RawTable,
      sourceTables: list(RawTable),
    }),
  }),
  statistics: object({
    numChildJobs: amount,
    scriptStatistics: present({}),
    sessionInfo: present({}),
    transactionInfo: present({}),
    query: object({ referencedTables: list(RawTable), ddlTargetTable: RawTable }),
  }),
  status: object({ errors: list(RawError) }),
});
export type RerunResource = NonNullable<z.infer<typeof RerunResource>>;
