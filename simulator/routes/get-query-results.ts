import { invalid } from '../api-error.ts';
import { lifeAt } from '../job-life.ts';
import type { Route } from '../state.ts';
import { findJob } from './find-job.ts';
import { queryAnswer, waitForJob } from './query-answer.ts';

/** `GET projects/{p}/queries/{j}` [doc: reference/rest/v2/jobs/getQueryResults.md]: waits like `query`. */
export const getQueryResults: Route = async (call, state) => {
  const record = findJob(call, state, 'bigquery.jobs.get');
  if (record.type !== 'QUERY') throw invalid('Cannot get query results of a job that is no query');
  const timeout = call.parameters.get('timeoutMs');
  await waitForJob(record, state, timeout === null ? undefined : Number(timeout));
  if (lifeAt(record, state.clock.now()).state === 'DONE') state.audit.resultsRead(record, call.caller);
  return { ...queryAnswer(record, state.clock.now(), false), kind: 'bigquery#getQueryResultsResponse' };
};
