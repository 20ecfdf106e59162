import { accessDenied, type Permission } from '../access.ts';
import { jobNotFound } from '../api-error.ts';
import { existsAt, isRememberedAt } from '../job-life.ts';
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
  return demanded(call, state, permission, state.store.find(namedJob(call)));
}

/** The same, by a reader that may lag behind: for a moment it still has what was deleted. */
export function findShownJob(call: Call, state: SimulatorState, permission: Permission): JobRecord {
  const name = namedJob(call);
  const deleted = state.store.findDeleted(name);
  const isShown = state.clock.now() < (deleted?.deletion?.getsUntilMs ?? 0);
  return demanded(call, state, permission, state.store.find(name) ?? (isShown ? deleted : undefined));
}

function demanded(
  call: Call,
  state: SimulatorState,
  permission: Permission,
  found: JobRecord | undefined,
): JobRecord {
  const name = namedJob(call);
  const record = found !== undefined && isThere(found, state) ? found : undefined;
  if (!isAllowed(call, state, permission, record)) throw accessDenied(permission, call.projectId);
  if (record === undefined) throw jobNotFound(name);
  return record;
}

function isThere(record: JobRecord, { clock, lists }: SimulatorState): boolean {
  const nowMs = clock.now();
  return existsAt(record, nowMs) && isRememberedAt(record, nowMs, lists.historyMs);
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
