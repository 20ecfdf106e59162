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

/** The job that a call names, or BigQuery's 404: also for a wrong location, and outside US and EU for none. */
export function findJob(call: Call, state: SimulatorState): JobRecord {
  const name = namedJob(call);
  const record = state.store.find(name);
  if (record === undefined || !existsAt(record, state.clock.now())) throw jobNotFound(name);
  return record;
}
