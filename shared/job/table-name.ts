import { isAnonymousTable } from './anonymous-table.ts';
import type { JobType, TableName } from './job.ts';
import type { RawTable } from './rest-job.schema.ts';

const PATH = /^projects\/([^/]+)\/datasets\/([^/]+)\/tables\/([^/]+)$/;

/** A table as audit entries write it: `projects/P/datasets/D/tables/T`. */
export function tableOfPath(path: string | undefined): TableName | undefined {
  const match = path === undefined ? null : PATH.exec(path);
  return match === null ? undefined : tableOfParts(match[1], match[2], match[3]);
}

/** A table as REST writes it. */
export function tableOfReference(raw: RawTable | undefined): TableName | undefined {
  return tableOfParts(raw?.projectId, raw?.datasetId, raw?.tableId);
}

/** `null` for a result that goes to no table that anyone named. */
export function namedDestination(table: TableName | undefined): TableName | null | undefined {
  if (table === undefined) return undefined;
  return isAnonymousTable(table) ? null : table;
}

/** Where jobs of each type write. */
export interface Destinations {
  readonly load: TableName | undefined;
  readonly copy: TableName | undefined;
  /** `null`: to no table that anyone named. */
  readonly query: TableName | null | undefined;
}

/** The table that a job writes to; `null` for an extract, which writes files. */
export function destinationOf(
  type: JobType | undefined,
  { load, copy, query }: Destinations,
): TableName | null | undefined {
  switch (type) {
    case 'EXTRACT':
      return null;
    case 'LOAD':
      return load;
    case 'COPY':
      return copy;
    default:
      return query;
  }
}

export function isSameTable(a: TableName, b: TableName): boolean {
  return a.projectId === b.projectId && a.datasetId === b.datasetId && a.tableId === b.tableId;
}

/**
 * Each table once, in the order given: lists of both sources hold doubles, and decorators make more. Undefined where
 * any cannot be read: a shorter list would tell that the job reads nothing else, and an exemption could name it.
 */
export function distinctTables(tables: readonly (TableName | undefined)[]): readonly TableName[] | undefined {
  const byName = new Map<string, TableName>();
  for (const table of tables) {
    if (table === undefined) return undefined;
    byName.set(JSON.stringify(table), table);
  }
  return [...byName.values()];
}

function tableOfParts(
  projectId: string | undefined,
  datasetId: string | undefined,
  decorated: string | undefined,
): TableName | undefined {
  // A partition (`t$20260101`) or a moment (`t@1788825600000`) of a table is read as the table.
  const tableId = decorated?.replace(/[$@].*$/s, '');
  if (projectId === undefined || datasetId === undefined || tableId === undefined || tableId === '') {
    return undefined;
  }
  return { projectId, datasetId, tableId };
}
