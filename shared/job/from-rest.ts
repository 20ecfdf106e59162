import { BrokenJobError } from './errors.ts';
import { isRawObject, type RawObject } from './google-json.schema.ts';
import type { Job, JobError, JobState } from './job.ts';
import { type JobName, nameOfParts, parseJobName } from './job-name.ts';
import { stateOf } from './job-words.ts';
import { principalOf } from './principal.ts';
import type { RedactionOptions } from './redacted.ts';
import { detailsOf, type Source } from './rest-details.ts';
import { errorOfRest } from './rest-error.ts';
import { RestJob } from './rest-job.schema.ts';
import { told } from './told.ts';

/**
 * Reads a Job resource: the answer of `jobs.get` or `jobs.insert`, or the `job` inside that of `jobs.cancel`
 * [discovery document: Job]. Tolerant of everything that bigquery-facts lists as seen in the wild.
 *
 * Throws `BrokenJobError`, and nothing else, for what names no job or does not tell how far it is.
 */
export function readJob(resource: unknown, options: RedactionOptions = {}): Job {
  return read(resource, 'get', options);
}

/**
 * Reads one item of `jobs.list`, in either projection [discovery document: JobList.jobs]. What only `jobs.get` can be
 * trusted to tell (that there is no reservation, no destination) stays absent.
 *
 * Throws `BrokenJobError`, and nothing else.
 */
export function readListItem(item: unknown, options: RedactionOptions = {}): Job {
  return read(item, 'list', options);
}

function read(raw: unknown, source: Source, options: RedactionOptions): Job {
  if (!isRawObject(raw)) throw new BrokenJobError('it is no JSON object');
  const job = RestJob.parse(raw) ?? {};
  const name = nameOf(job);
  if (name === undefined) {
    throw new BrokenJobError('its jobReference holds no usable projectId and jobId');
  }
  const state = stateIn(job);
  if (state === undefined) {
    const { projectId, jobId } = name;
    throw new BrokenJobError('it tells neither its state nor a time', { projectId, jobId });
  }
  const own = {
    name,
    state,
    principal: principalOf(job.user_email, job.principal_subject),
    parent: parentOf(raw, name),
    creationTimeMs: job.statistics?.creationTime,
    startTimeMs: job.statistics?.startTime,
    endTimeMs: job.statistics?.endTime,
    error: errorOf(raw, job, options),
  };
  return told(own, detailsOf(job, state, source, options));
}

/** From `jobReference`; what that lacks, from `id` (`project:US.id`, of old jobs `project:id`, at times only `id`). */
function nameOf({ jobReference, id }: RestJob): JobName | undefined {
  const fromId = nameOfId(id, jobReference?.projectId);
  if (jobReference?.jobId === undefined) return fromId;
  const sameId = fromId?.jobId === jobReference.jobId;
  return nameOfParts(
    jobReference.projectId ?? (sameId ? fromId.projectId : undefined),
    jobReference.location ?? (sameId ? fromId.location : undefined),
    jobReference.jobId,
  );
}

function nameOfId(id: string | undefined, projectId: string | undefined): JobName | undefined {
  if (id === undefined) return undefined;
  try {
    return parseJobName(id, { projectId });
  } catch {
    // parseJobName throws JobNameError only, and here a name that cannot be read is no name.
    return undefined;
  }
}

function stateIn(job: RestJob): JobState | undefined {
  const { creationTime, startTime, endTime } = job.statistics ?? {};
  const times = { creationTimeMs: creationTime, startTimeMs: startTime, endTimeMs: endTime };
  return stateOf([job.status?.state, job.state], times);
}

/**
 * A resource with statistics and without `parentJobId` is of no child. A parent lives where its child does.
 * One that is told and cannot be read makes the job a child of nobody knows whom: as no job to be judged it is
 * refused, for read as "no parent" it would be acted on by itself.
 */
function parentOf(raw: RawObject, { projectId, location, jobId }: JobName): JobName | null | undefined {
  const { statistics } = raw;
  if (!isRawObject(statistics) || Object.keys(statistics).length === 0) return undefined;
  const { parentJobId } = statistics;
  if (parentJobId === undefined || parentJobId === null || parentJobId === '') return null;
  const parent = typeof parentJobId === 'string' ? nameOfParts(projectId, location, parentJobId) : undefined;
  if (parent !== undefined) return parent;
  throw new BrokenJobError('it has a parentJobId that is no job id', { projectId, jobId });
}

/**
 * There is no error where the status, or what the minimal projection shows of it, has none. Without either, or with one
 * that cannot be read, nobody knows: then the job has neither failed nor succeeded.
 *
 * `status.errors` is not read: it may hold warnings of a job that succeeded. A retry reads them, see `rerun-facts.ts`.
 */
function errorOf(raw: RawObject, job: RestJob, options: RedactionOptions): JobError | null | undefined {
  const error = job.status?.errorResult ?? job.errorResult;
  if (error !== undefined) return errorOfRest(error, options);
  const { status } = raw;
  const given = [isRawObject(status) ? status['errorResult'] : undefined, raw['errorResult']];
  const isTold = job.status !== undefined || job.state !== undefined;
  return isTold && given.every(isNothing) ? null : undefined;
}

/** Google writes `{}` for what is not there, too. */
function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (isRawObject(value) && Object.keys(value).length === 0);
}
