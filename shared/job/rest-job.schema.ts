import type * as z from 'zod';
import { amount, flag, list, object, present, text, textMap, timeMs } from './google-json.schema.ts';

/**
 * A Job as `jobs.get`, `jobs.insert` and `jobs.cancel` give it, and a ListFormatJob of `jobs.list`: only what we
 * read [discovery document, revision 20250528: Job, JobList.jobs, JobConfiguration, JobStatistics].
 */

export const RawTable = object({ projectId: text, datasetId: text, tableId: text });
export type RawTable = NonNullable<z.infer<typeof RawTable>>;

export const RawError = object({ reason: text, message: text });
export type RawError = NonNullable<z.infer<typeof RawError>>;

const Configuration = object({
  jobType: text,
  dryRun: flag,
  labels: textMap,
  // All that it holds may be the text, which a get and a list do not ask for (shared/bigquery/job-fields.ts).
  query: present({ query: text, priority: text, continuous: flag, destinationTable: RawTable }),
  load: object({ destinationTable: RawTable }),
  // A model has no tables. Of its name a part is enough to know that there is one.
  extract: object({ sourceTable: RawTable, sourceModel: object({ modelId: text }) }),
  // `sourceTable` stands beside `sourceTables` in the wild; either may be all there is.
  copy: object({ destinationTable: RawTable, sourceTable: RawTable, sourceTables: list(RawTable) }),
});
export type RestConfiguration = NonNullable<z.infer<typeof Configuration>>;

const Statistics = object({
  creationTime: timeMs,
  startTime: timeMs,
  endTime: timeMs,
  parentJobId: text,
  reservation_id: text,
  edition: text,
  totalSlotMs: amount,
  totalBytesProcessed: amount,
  query: object({
    statementType: text,
    estimatedBytesProcessed: amount,
    totalBytesProcessed: amount,
    totalBytesProcessedAccuracy: text,
    totalBytesBilled: amount,
    cacheHit: flag,
    totalSlotMs: amount,
    referencedTables: list(RawTable),
  }),
  load: object({ inputFileBytes: amount }),
  extract: object({ inputBytes: amount }),
  copy: object({}),
});
export type RestStatistics = NonNullable<z.infer<typeof Statistics>>;

export const RestJob = object({
  id: text,
  jobReference: object({ projectId: text, location: text, jobId: text }),
  configuration: Configuration,
  statistics: Statistics,
  status: object({ state: text, errorResult: RawError }),
  /** `state` and `errorResult` of list items; in the minimal projection there is no `status`. */
  state: text,
  errorResult: RawError,
  user_email: text,
  principal_subject: text,
});
export type RestJob = NonNullable<z.infer<typeof RestJob>>;
