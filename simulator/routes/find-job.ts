import { accessDenied, type Permission } from '../access.ts';
import { jobNotFound } from '../api-error.ts';
import { existsAt } from '../job-life.ts';
import type { JobRecord } from '../job-record.ts';
import type { Call, SimulatorState } from '../state.ts';

/** The name that a call gives: an empty location is none. */
export function namedJob(call: Call): { projectId: string; location?: string; jobId: string } {
  const location = call.parameters.get('location');
  return {
    projectId: call.projectId,
    ...(location === null || location === '' ? {} : { location }),
    jobId: call.target,
  };
}

/**
 * The job that a call names, or BigQuery's 404: also for a wrong location, and outside US and EU for none. Without
 * the permission a 403, whether or not there is such a job.
 */
export function findJob(call: Call, state: SimulatorState, permission: Permission): JobRecord {
  const name = namedJob(call);
  const found = state.store.find(name);
  const record = found !== undefined && existsAt(found, state.clock.now()) ? found : undefined;
  if (!isAllowed(call, state, permission, record)) throw accessDenied(permission, call.projectId);
  if (record === undefined) throw jobNotFound(name);
  return record;
}

/** Whoever may create jobs may get and cancel those of their own [doc: managing-jobs.md, Required permissions]. */
function isAllowed(
  { caller, projectId }: Call,
  { access }: SimulatorState,
  permission: Permission,
  record: JobRecord | undefined,
): boolean {
  if (access.allows(caller, permission, projectId)) return true;
  if (permission === 'bigquery.jobs.delete' || record?.principal !== caller) return false;
  return access.allows(caller, 'bigquery.jobs.create', projectId);
}
