import type { Measures } from './job-record.ts';
import type { TableReference } from './job-script.ts';
import { isRecord, type JsonRecord, numberAt, textAt, valueAt, withoutAbsent } from './json.ts';

/** What a loaded resource tells of its job's use; what it leaves out is unknown, and absent here too. */
export function loadedMeasures(resource: JsonRecord): Measures {
  const optional = withoutAbsent({
    bytesBilled: numberAt(resource, 'statistics', 'query', 'totalBytesBilled'),
    estimatedBytes: numberAt(resource, 'statistics', 'query', 'estimatedBytesProcessed'),
    cacheHit: valueAt(resource, 'statistics', 'query', 'cacheHit') === true ? true : undefined,
    reservation: textAt(resource, 'statistics', 'reservation_id'),
    edition: textAt(resource, 'statistics', 'edition'),
    referencedTables: tablesOf(valueAt(resource, 'statistics', 'query', 'referencedTables')),
  });
  const bytesProcessed =
    numberAt(resource, 'statistics', 'totalBytesProcessed') ??
    numberAt(resource, 'statistics', 'query', 'totalBytesProcessed');
  return { bytesProcessed: bytesProcessed ?? 0, lateFields: {}, ...optional };
}

export function loadedSlotMs(resource: JsonRecord): { slotMs?: number } {
  const slotMs =
    numberAt(resource, 'statistics', 'totalSlotMs') ??
    numberAt(resource, 'statistics', 'query', 'totalSlotMs');
  return slotMs === undefined ? {} : { slotMs };
}

function tablesOf(tables: unknown): readonly TableReference[] | undefined {
  if (!Array.isArray(tables)) return undefined;
  return tables.filter(isRecord).map(({ projectId, datasetId, tableId }) => ({
    projectId: String(projectId),
    datasetId: String(datasetId),
    tableId: String(tableId),
  }));
}
