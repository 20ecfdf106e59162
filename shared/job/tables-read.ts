import type { TableName } from './job.ts';
import type { RerunResource } from './rerun-facts.schema.ts';
import type { RawTable } from './rest-job.schema.ts';
import { isSameTable, tableOfReference } from './table-name.ts';

/** "Queries that reference more than 50 tables will not have a complete list" [doc: JobStatistics2, before 2025-05]. */
export const COMPLETE_BELOW = 50;

/**
 * Whether what a query or a copy puts in a table may be made of that table itself. Of lists that are cut, or hold what
 * cannot be read, nobody knows. Of a query without a list BigQuery tells nothing that it reads.
 */
export function mayReadDestination({ configuration, statistics }: RerunResource): boolean {
  const { copy, query } = configuration ?? {};
  if (copy) return mayHold(copy.sourceTables ?? [copy.sourceTable], copy.destinationTable);
  // Of a CREATE TABLE, either may be told.
  const written = query?.destinationTable ?? statistics?.query?.ddlTargetTable;
  const read = statistics?.query?.referencedTables ?? [];
  return read.length >= COMPLETE_BELOW || mayHold(read, written);
}

function mayHold(read: readonly (RawTable | undefined)[], raw: RawTable | undefined): boolean {
  const written = tableOfReference(raw);
  return read.map(tableOfReference).some((table) => !table || !written || mayBeSame(table, written));
}

/** Of a dataset that is case-insensitive nobody knows in which letters BigQuery tells a table. */
function mayBeSame(a: TableName, b: TableName): boolean {
  return isSameTable(inSmallLetters(a), inSmallLetters(b));
}

function inSmallLetters({ projectId, datasetId, tableId }: TableName): TableName {
  return { projectId, datasetId: datasetId.toLowerCase(), tableId: tableId.toLowerCase() };
}
