import { type Changed, changedBy } from './change.ts';
import type { JsonObject } from './json.ts';
import { removePath } from './remove-path.ts';

/**
 * The fields of a Job that BigQuery alone writes, from its discovery document (`readOnly`, or described as output
 * only), revisions 20250528 and 20260922. A test compares. The reference is not among them: it is made anew.
 */
export const OUTPUT_ONLY = [
  'etag',
  'id',
  'jobCreationReason',
  'kind',
  'principal_subject',
  'selfLink',
  'statistics',
  'status',
  'user_email',
  'configuration.jobType',
  'configuration.load.hivePartitioningOptions.fields',
  'configuration.query.systemVariables',
  'configuration.query.tableDefinitions{}.hivePartitioningOptions.fields',
] as const;

/** What only items of lists have; a Job read from one has it still. */
const OF_LIST_ITEMS = ['state', 'errorResult'] as const;

/** A resource without what BigQuery wrote into it. What is not in the table stays: it may be newer than we are. */
export function withoutOutputOnly(resource: JsonObject): Changed {
  const because = 'BigQuery writes it and takes it from nobody';
  return changedBy(
    resource,
    [...OUTPUT_ONLY, ...OF_LIST_ITEMS].map((path) => (object) => removePath(object, path, because)),
  );
}
