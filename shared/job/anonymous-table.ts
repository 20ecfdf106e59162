/**
 * Query results that nobody named lie in a dataset `_` and 40 hex digits, or `_script` and those for the statements of
 * a script, under a name `anon…` [bigquery-facts: Failures and retries; REST resources in the wild].
 */
const DATASET = /^_(?:script)?[0-9a-f]{32,}$/;
/** `anon` and hex digits, those of a UUID among them, or `anonev_…`; a decorator (`$20260101`) may follow. */
const TABLE = /^anon(?:ev_.*|[0-9a-f_]+(?:[$@].*)?)$/;

/**
 * Whether a table is where BigQuery keeps the results of a query that names no destination. Users have hidden datasets
 * too, which begin with `_`: what is not as BigQuery writes it is theirs.
 */
export function isAnonymousTable(table: { readonly datasetId: string; readonly tableId: string }): boolean {
  return DATASET.test(table.datasetId) && TABLE.test(table.tableId);
}
