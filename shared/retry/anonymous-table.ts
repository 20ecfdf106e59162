import { type JsonValue, jsonAt } from './json.ts';

/** A user's own hidden dataset begins with `_`, too: a short one is believed to be BigQuery's by its table alone. */
const SURE_DATASET = /^_(?:[0-9a-f]{32,}|script.*)$/i;
const LIKELY_DATASET = /^_[0-9a-f]+$/i;
const TABLE = /^anon/;
const LIKELY_TABLE = /^anon(?:ev_.*|[0-9a-f_-]*)$/i;

/**
 * Whether a table is where BigQuery keeps the results of a query that names no destination: in a dataset `_<hex>`, or
 * `_script…` for the statements of a script, under a name `anon…` [bigquery-facts: Failures and retries].
 */
export function isAnonymousTable(table: JsonValue | undefined): boolean {
  const dataset = jsonAt(table, 'datasetId');
  const name = jsonAt(table, 'tableId');
  if (typeof dataset !== 'string' || typeof name !== 'string') return false;
  if (SURE_DATASET.test(dataset)) return TABLE.test(name);
  return LIKELY_DATASET.test(dataset) && LIKELY_TABLE.test(name);
}
