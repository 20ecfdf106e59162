import { checkedConfiguration, checkedReference } from '../insert-checks.ts';
import { insertJob } from '../inserted-job.ts';
import { isRecord, type JsonRecord, numberAt } from '../json.ts';
import { isDryRun } from '../new-job.ts';
import type { Call, Route } from '../state.ts';
import { queryAnswer, waitForJob } from './query-answer.ts';

/** Fields of a QueryRequest that a job has under the same name in `configuration.query`. */
const QUERY_FIELDS = [
  'query',
  'useLegacySql',
  'defaultDataset',
  'useQueryCache',
  'queryParameters',
  'parameterMode',
  'connectionProperties',
  'createSession',
  'maximumBytesBilled',
  'writeIncrementalResults',
  'continuous',
] as const;
const COMMON_FIELDS = ['labels', 'dryRun', 'jobTimeoutMs', 'reservation', 'maxSlots'] as const;

/**
 * `POST projects/{p}/queries` [doc: reference/rest/v2/jobs/query.md]: runs the query as a job (always as a job,
 * also with JOB_CREATION_OPTIONAL) and waits for it, at most `timeoutMs`.
 */
export const query: Route = async (call, state) => {
  state.access.demand(call.caller, 'bigquery.jobs.create', call.projectId);
  const request = isRecord(call.body) ? call.body : {};
  const withReference: Call = { ...call, body: { jobReference: { location: request['location'] } } };
  const { name } = checkedReference(withReference, state);
  const configuration = checkedConfiguration(configurationOf(request), { name, caller: call.caller }, state);
  const insertion = { name, principal: call.caller, configuration, insertedBy: 'QUERY_REQUEST' as const };
  const record = insertJob(insertion, state);
  if (!isDryRun(configuration)) await waitForJob(record, state, numberAt(request, 'timeoutMs'));
  return {
    ...queryAnswer(record, state.clock.now(), isDryRun(configuration)),
    kind: 'bigquery#queryResponse',
  };
};

function configurationOf(request: JsonRecord): JsonRecord {
  return { ...picked(request, COMMON_FIELDS), query: picked(request, QUERY_FIELDS) };
}

function picked(from: JsonRecord, fields: readonly string[]): JsonRecord {
  return Object.fromEntries(
    fields.filter((field) => from[field] !== undefined).map((field) => [field, from[field]]),
  );
}
