import type { ApiError } from './api-error.ts';
import type { SimulatorMethod } from './faults.ts';
import { lifeAt } from './job-life.ts';
import { nameOf } from './job-store.ts';
import { textAt } from './json.ts';
import { namedJob } from './routes/find-job.ts';
import type { Call, SimulatorState } from './state.ts';

/** Notes a write that reached BigQuery and was refused; other calls are no writes. */
export function noteRefusedWrite(
  method: SimulatorMethod,
  call: Call,
  error: ApiError,
  { clock, store, writes }: SimulatorState,
): void {
  if (method !== 'insert' && method !== 'cancel' && method !== 'delete') return;
  const isInsert = method === 'insert';
  const jobId = textAt(call.body, 'jobReference', 'jobId') ?? '';
  const job = isInsert ? { projectId: call.projectId, jobId } : namedJob(call);
  const record = isInsert ? undefined : store.find(job);
  writes.push({
    atMs: clock.now(),
    method,
    job: record === undefined ? job : nameOf(record),
    by: call.caller,
    effective: false,
    refused: error.reason,
    ...(record === undefined ? {} : { stateBefore: lifeAt(record, clock.now()).state }),
  });
}
