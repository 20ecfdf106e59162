import { type JsonObject, jsonAt } from './json.ts';

/** What decides which fields of a query are the user's. `unknown`: BigQuery has not told. */
export type StatementKind = 'select' | 'script' | 'other' | 'unknown';

/** A CALL is run as a script: each statement of the procedure is a child job. */
const SCRIPTS: ReadonlySet<string> = new Set(['SCRIPT', 'CALL']);

/**
 * From `statistics`, for the text of a query does not tell it reliably. Legacy SQL has nothing but SELECT
 * [doc: reference/legacy-sql.md].
 */
export function statementKindOf(resource: JsonObject): StatementKind {
  const type = jsonAt(resource, 'statistics', 'query', 'statementType');
  if (typeof type === 'string' && type !== '' && !type.endsWith('_UNSPECIFIED')) {
    if (SCRIPTS.has(type)) return 'script';
    return type === 'SELECT' ? 'select' : 'other';
  }
  const children = jsonAt(resource, 'statistics', 'numChildJobs');
  if (children !== undefined && Number(children) > 0) return 'script';
  return jsonAt(resource, 'configuration', 'query', 'useLegacySql') === true ? 'select' : 'unknown';
}
