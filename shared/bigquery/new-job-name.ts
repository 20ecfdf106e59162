import { formatJobName, type JobName } from '../job/job-name.ts';
import { TerminalError } from './errors.ts';
import { NewJob } from './new-job.schema.ts';

/**
 * The name that a body of `jobs.insert` asks for. Without one BigQuery makes up an id, and an insert whose answer is
 * lost could be neither found nor repeated: then nothing is sent.
 *
 * @throws TerminalError
 */
export function newJobName(projectId: string, body: unknown): JobName {
  const reference = NewJob.safeParse(body).data?.jobReference;
  if (reference === undefined || reference.projectId !== projectId) {
    throw new TerminalError(
      { method: 'insert', target: printNewJob(projectId, body) },
      'its jobReference must hold that projectId, a location and a jobId; nothing was sent',
    );
  }
  return reference;
}

/** An insert as errors name it. */
export function printNewJob(projectId: string, body: unknown): string {
  const reference = NewJob.safeParse(body).data?.jobReference;
  return reference?.projectId === projectId ? formatJobName(reference) : `a job of ${projectId}`;
}
