import { type JsonRecord, textAt, withoutAbsent } from './json.ts';
import { withoutCommentsAndLiterals } from './statement-type.ts';

const TARGET =
  /^\s*(?:INSERT(?:\s+INTO)?|UPDATE|DELETE(?:\s+FROM)?|MERGE(?:\s+INTO)?|TRUNCATE\s+TABLE|CREATE\s+(?:OR\s+REPLACE\s+)?(?:(?:EXTERNAL|MATERIALIZED|SNAPSHOT)\s+)?(?:TABLE|VIEW|MODEL)(?:\s+IF\s+NOT\s+EXISTS)?|DROP\s+(?:(?:EXTERNAL|MATERIALIZED|SNAPSHOT)\s+)?(?:TABLE|VIEW|MODEL)(?:\s+IF\s+EXISTS)?|ALTER\s+(?:TABLE|VIEW)(?:\s+IF\s+EXISTS)?)\s+/i;
const PATH = /^(?:`[^`]+`|[\w-]+)(?:\s*\.\s*(?:`[^`]+`|[\w-]+))*/;

/** The table that a DML or DDL statement names, as far as its first words tell; undefined when it has no dataset. */
export function targetTableOf(query: JsonRecord, projectId: string): JsonRecord | undefined {
  const text = textAt(query, 'query') ?? '';
  const [opening] = TARGET.exec(withoutCommentsAndLiterals(text)) ?? [];
  if (opening === undefined) return undefined;
  const [path = ''] = PATH.exec(text.slice(opening.length)) ?? [];
  const parts = path.replaceAll(/[`\s]/g, '').split('.');
  const tableId = parts.pop();
  const datasetId = parts.pop() ?? textAt(query, 'defaultDataset', 'datasetId');
  if (tableId === undefined || tableId === '' || datasetId === undefined) return undefined;
  const inDefault = parts.length === 0 ? textAt(query, 'defaultDataset', 'projectId') : parts.join('.');
  return withoutAbsent({ projectId: inDefault ?? projectId, datasetId, tableId });
}
