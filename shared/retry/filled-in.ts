import { isAnonymousTable } from '../job/anonymous-table.ts';
import { type Changed, changedBy } from './change.ts';
import { type JsonObject, type JsonValue, jsonAt } from './json.ts';
import { removePath } from './remove-path.ts';
import type { StatementKind } from './statement-kind.ts';

/** What BigQuery fills in for queries, also for DML, DDL and CTAS [bigquery-facts: Failures and retries]. */
const DESTINATION = ['destinationTable', 'createDisposition', 'writeDisposition'] as const;

/** What a script may not carry [doc: multi-statement-queries.md]. */
const NOT_IN_SCRIPTS = [
  ...DESTINATION,
  'clustering',
  'destinationEncryptionConfiguration',
  'rangePartitioning',
  'schemaUpdateOptions',
  'timePartitioning',
  'userDefinedFunctionResources',
] as const;

const ANONYMOUS = 'it was the anonymous table of the old run, which BigQuery filled in';
const NOT_SELECT = 'BigQuery filled it in, and refuses it from a client beside a statement that is no SELECT';
const SCRIPT = 'BigQuery refuses it from a client beside a script';
const TWICE = 'BigQuery tells it twice, and takes it once';

/**
 * A resource without what BigQuery filled into its configuration. A SELECT with a destination that the user named keeps
 * it and its dispositions; a statement of unknown kind, too (who may insert that, sanitize.ts decides).
 */
export function withoutFilledIn(resource: JsonObject, kind: StatementKind): Changed {
  return changedBy(resource, [
    (object) => withoutFields(object, ...filledInBeside(object, kind)),
    (object) => withoutTwin(object, 'copy', 'sourceTable', 'sourceTables'),
    (object) => withoutTwin(object, 'extract', 'destinationUri', 'destinationUris'),
  ]);
}

function filledInBeside(resource: JsonObject, kind: StatementKind): [readonly string[], string] {
  const destination = destinationOf(resource);
  if (kind === 'script') return [NOT_IN_SCRIPTS, SCRIPT];
  if (kind === 'other') return [DESTINATION, NOT_SELECT];
  if (isAnonymousDestination(destination)) return [DESTINATION, ANONYMOUS];
  // Without a destination a disposition means nothing; beside DML it would be refused.
  const isBare = kind === 'unknown' && destination === undefined;
  return [isBare ? DESTINATION : [], NOT_SELECT];
}

export function destinationOf(resource: JsonObject): JsonValue | undefined {
  return jsonAt(resource, 'configuration', 'query', 'destinationTable');
}

export function isAnonymousDestination(destination: JsonValue | undefined): boolean {
  const datasetId = jsonAt(destination, 'datasetId');
  const tableId = jsonAt(destination, 'tableId');
  return (
    typeof datasetId === 'string' && typeof tableId === 'string' && isAnonymousTable({ datasetId, tableId })
  );
}

function withoutFields(resource: JsonObject, fields: readonly string[], because: string): Changed {
  return changedBy(
    resource,
    fields.map((field) => (object) => removePath(object, `configuration.query.${field}`, because)),
  );
}

/** Of `[Pick one]` fields both are shown [bigquery-facts: REST resources in the wild]; the list says more. */
function withoutTwin(resource: JsonObject, part: string, single: string, list: string): Changed {
  const isTwin = jsonAt(resource, 'configuration', part, list) !== undefined;
  return isTwin
    ? removePath(resource, `configuration.${part}.${single}`, TWICE)
    : { object: resource, changes: [] };
}
