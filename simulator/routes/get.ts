import { jobResource } from '../resource.ts';
import type { Route } from '../state.ts';
import { findShownJob } from './find-job.ts';

/** `GET projects/{p}/jobs/{j}` [doc: reference/rest/v2/jobs/get.md]. */
export const get: Route = (call, state) =>
  jobResource(findShownJob(call, state, 'bigquery.jobs.get'), state.clock.now());
