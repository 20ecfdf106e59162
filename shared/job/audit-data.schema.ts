import type * as z from 'zod';
import {
  amount,
  flag,
  list,
  looseObject,
  object,
  present,
  text,
  textMap,
  timeMs,
} from './google-json.schema.ts';
import { RpcStatus } from './rpc-status.schema.ts';

/**
 * AuditData, the older format of BigQuery's audit log, in `protoPayload.serviceData`: only what we read
 * [google/cloud/bigquery/logging/v1/audit_data.proto, in proto3 JSON: zeros and unset fields are absent].
 */

/** Unlike in the newer format, a table is an object; `{}` where there is none. */
const DataTable = object({ projectId: text, datasetId: text, tableId: text });

const DataJob = object({
  jobName: object({ projectId: text, jobId: text, location: text }),
  jobConfiguration: object({
    query: object({ query: text, destinationTable: DataTable, queryPriority: text, statementType: text }),
    load: object({ destinationTable: DataTable }),
    extract: object({ sourceTable: DataTable }),
    tableCopy: object({ sourceTables: list(DataTable), destinationTable: DataTable }),
    dryRun: flag,
    labels: textMap,
  }),
  jobStatus: object({ state: text, error: RpcStatus }),
  jobStatistics: object({
    createTime: timeMs,
    startTime: timeMs,
    endTime: timeMs,
    totalProcessedBytes: amount,
    totalBilledBytes: amount,
    totalSlotMs: amount,
    reservation: text,
    referencedTables: list(DataTable),
    totalTablesProcessed: amount,
  }),
});
export type DataJob = NonNullable<z.infer<typeof DataJob>>;

/**
 * `present`: the key alone says that it is a job's. A request and its response stand side by side; loose, for
 * other keys are of tables and datasets.
 */
export const AuditData = looseObject({
  '@type': text,
  jobInsertRequest: present({ resource: DataJob }),
  jobInsertResponse: present({ resource: DataJob }),
  jobQueryRequest: present({}),
  jobQueryResponse: present({ job: DataJob }),
  jobGetQueryResultsResponse: present({ job: DataJob }),
  jobQueryDoneResponse: present({ job: DataJob }),
  jobCompletedEvent: present({ job: DataJob }),
});
export type AuditData = NonNullable<z.infer<typeof AuditData>>;
