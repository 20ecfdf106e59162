import { lifeAt, requestCancel } from '../job-life.ts';
import { nameOf } from '../job-store.ts';
import { jobResource } from '../resource.ts';
import type { Route } from '../state.ts';
import { findJob } from './find-job.ts';

/**
 * `POST projects/{p}/jobs/{j}/cancel` answers at once with the job as it is; whether it stops shows later.
 * Cancelling a job that is DONE has no effect [doc: managing-jobs.md].
 */
export const cancel: Route = (call, state) => {
  const record = findJob(call, state, 'bigquery.jobs.update');
  const nowMs = state.clock.now();
  const stateBefore = lifeAt(record, nowMs).state;
  const effective = requestCancel(record, nowMs, state.random);
  state.writes.push({
    atMs: nowMs,
    method: 'cancel',
    job: nameOf(record),
    by: call.caller,
    effective,
    stateBefore,
  });
  state.audit.cancelled(record, call.caller);
  return { kind: 'bigquery#jobCancelResponse', job: jobResource(record, nowMs) };
};
