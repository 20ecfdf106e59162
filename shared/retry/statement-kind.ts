import { statementForm } from '../job/statement-form.ts';
import { type JsonObject, jsonAt } from './json.ts';

/** What decides which fields of a query are the user's. `unknown`: BigQuery has not told. */
export type StatementKind = 'select' | 'script' | 'other' | 'unknown';

/** A CALL is run as a script: each statement of the procedure is a child job. */
const SCRIPTS: ReadonlySet<string> = new Set(['SCRIPT', 'CALL']);

/**
 * BigQuery's word from `statistics`. A job that failed early has none: then it is a SELECT if it can be nothing else by
 * its text, or is legacy SQL, which has no other statement [doc: reference/legacy-sql.md].
 */
export function statementKindOf(resource: JsonObject): StatementKind {
  const type = jsonAt(resource, 'statistics', 'query', 'statementType');
  if (typeof type === 'string' && type !== '' && !type.endsWith('_UNSPECIFIED')) {
    if (SCRIPTS.has(type)) return 'script';
    return type === 'SELECT' ? 'select' : 'other';
  }
  const children = jsonAt(resource, 'statistics', 'numChildJobs');
  if (children !== undefined && Number(children) > 0) return 'script';
  const query = jsonAt(resource, 'configuration', 'query');
  const text = jsonAt(query, 'query');
  const isSelect = typeof text === 'string' && statementForm(text).plainSelect;
  return isSelect || jsonAt(query, 'useLegacySql') === true ? 'select' : 'unknown';
}
