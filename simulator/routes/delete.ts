import { ApiError, invalid, required } from '../api-error.ts';
import { lifeAt } from '../job-life.ts';
import type { JobRecord } from '../job-record.ts';
import { nameOf } from '../job-store.ts';
import type { Call, Route, SimulatorState } from '../state.ts';
import { findJob, namedJob } from './find-job.ts';

/**
 * `DELETE projects/{p}/jobs/{j}/delete`: the location is required [doc: reference/rest/v2/jobs/delete.md]; only
 * a top-level job that is DONE, and its children go with it [doc: managing-jobs.md].
 */
export const remove: Route = (call, state) => {
  const name = namedJob(call);
  if (name.location === undefined) throw required('location');
  const record = findJob(call, state, 'bigquery.jobs.delete');
  const refusal = refusalOf(record, state);
  if (refusal !== undefined) throw refusal;
  state.store.remove(record);
  recordWrite(record, call, state);
  state.audit.deleted(record, call.caller);
  return undefined;
};

function refusalOf(record: JobRecord, state: SimulatorState): ApiError | undefined {
  const place = `${record.projectId}:${record.location}.${record.jobId}`;
  if (record.parentJobId !== undefined) {
    // The code is undocumented; that it is refused is documented.
    return invalid(`Cannot delete child job ${place}. Delete its parent job ${record.parentJobId} instead.`);
  }
  if (lifeAt(record, state.clock.now()).state === 'DONE') return undefined;
  const message = `Cannot delete job ${place}: the job is not done.`;
  return new ApiError({ code: 400, reason: 'resourceInUse', message });
}

function recordWrite(record: JobRecord, call: Call, state: SimulatorState): void {
  const atMs = state.clock.now();
  const job = nameOf(record);
  state.writes.push({ atMs, method: 'delete', job, by: call.caller, effective: true, stateBefore: 'DONE' });
}
