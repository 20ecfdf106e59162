import { checkedConfiguration, checkedReference } from '../insert-checks.ts';
import { insertJob } from '../inserted-job.ts';
import { type JsonRecord, recordAt } from '../json.ts';
import { isDryRun } from '../new-job.ts';
import { jobResource } from '../resource.ts';
import type { Route } from '../state.ts';

/** `POST projects/{p}/jobs` [doc: reference/rest/v2/jobs/insert.md]. */
export const insert: Route = (call, state) => {
  state.access.demand(call.caller, 'bigquery.jobs.create', call.projectId);
  const reference = checkedReference(call, state);
  const configuration = checkedConfiguration(
    recordAt(call.body, 'configuration'),
    { ...reference, caller: call.caller },
    state,
  );
  const insertedBy = 'JOB_INSERT_REQUEST';
  const error = call.fault?.kind === 'errorResult' ? { error: call.fault.error } : {};
  const record = insertJob(
    { ...reference, principal: call.caller, configuration, insertedBy, ...error },
    state,
  );
  const resource = jobResource(record, state.clock.now());
  if (isDryRun(configuration)) return dryRunAnswer(resource);
  if (call.fault?.kind !== 'withoutStatus') return resource;
  const { status: _, ...rest } = resource;
  return rest;
};

/**
 * A dry run is no job: it is DONE at once and has no id [wild]. How much it would read is not known here, and
 * BigQuery's way to say so is a 0 that is no estimate.
 */
function dryRunAnswer(resource: JsonRecord): JsonRecord {
  const { projectId, location } = recordAt(resource, 'jobReference') ?? {};
  const { id: _, selfLink: __, ...rest } = resource;
  const statistics = recordAt(resource, 'statistics') ?? {};
  const query = recordAt(statistics, 'query') ?? {};
  const unknown = { totalBytesProcessed: '0', totalBytesProcessedAccuracy: 'UNKNOWN', cacheHit: false };
  return {
    ...rest,
    jobReference: { projectId, location },
    statistics: { ...statistics, totalBytesProcessed: '0', query: { ...query, ...unknown } },
    status: { state: 'DONE' },
  };
}
