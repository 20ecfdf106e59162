import { ApiError, invalid, required } from '../api-error.ts';
import { deletedJobs, familyOf } from '../deleted-job.ts';
import type { Fault } from '../faults.ts';
import { lifeAt } from '../job-life.ts';
import type { Deletion, JobRecord } from '../job-record.ts';
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
  const family = familyOf(record);
  const refusal = refusalOf(record, family, state);
  if (refusal !== undefined) throw refusal;
  const atMs = state.clock.now();
  noteDeletion(record, family, call, state);
  state.store.remove(family, deletionAt(atMs, call.fault));
  state.audit.deleted(record, call.caller);
  return undefined;
};

function refusalOf(
  record: JobRecord,
  family: readonly JobRecord[],
  state: SimulatorState,
): ApiError | undefined {
  const place = `${record.projectId}:${record.location}.${record.jobId}`;
  if (record.parentJobId !== undefined) {
    // The code is undocumented; that it is refused is documented.
    return invalid(`Cannot delete child job ${place}. Delete its parent job ${record.parentJobId} instead.`);
  }
  const nowMs = state.clock.now();
  if (family.every((member) => lifeAt(member, nowMs).state === 'DONE')) return undefined;
  const message = `Cannot delete job ${place}: the job is not done.`;
  return new ApiError({ code: 400, reason: 'resourceInUse', message });
}

function deletionAt(atMs: number, fault: Fault | undefined): Deletion {
  const { getsMs = 0, listsMs = 0 } = fault?.kind === 'lingers' ? fault : {};
  return { getsUntilMs: atMs + getsMs, listsUntilMs: atMs + listsMs };
}

/** While it can still be told what was there. */
function noteDeletion(
  record: JobRecord,
  family: readonly JobRecord[],
  { caller: by }: Call,
  { clock, writes, deleted }: SimulatorState,
): void {
  const atMs = clock.now();
  const gone = deletedJobs(family, { atMs, by, named: record });
  const children = gone.slice(1).map(({ truth }) => nameOf(truth));
  deleted.push(...gone);
  writes.push({
    atMs,
    method: 'delete',
    job: nameOf(record),
    by,
    effective: true,
    stateBefore: 'DONE',
    ...(children.length === 0 ? {} : { children }),
  });
}
