import { type AuditJob, type AuditLog, type AuditMetadata, LogEntry } from './audit-entry.schema.ts';
import { isFailure, jobOfEntry } from './audit-job.ts';
import { BrokenEntryError } from './errors.ts';
import { isRawObject } from './google-json.schema.ts';
import type { Job } from './job.ts';
import { isProjectId, type JobName, nameOfPath } from './job-name.ts';
import { stateOf } from './job-words.ts';
import { principalOf } from './principal.ts';
import type { RedactionOptions } from './redacted.ts';

/**
 * Why only `jobs.get` can tell what this entry is about.
 * - `child`: it is a child's; the name is its parent's, or its own where the parent's cannot be read.
 * - `script-id`: its id is like a script child's and no parent is named. Any user may choose such an id.
 * - `cut-entry`: what told of the job was cut off, as happens above 100 KB.
 * - `id-taken`: an insert was refused because the id exists; the entry's configuration is not that job's.
 */
export type LookReason = 'child' | 'script-id' | 'cut-entry' | 'id-taken';

export type EntryReading = (
  | { readonly kind: 'job'; readonly job: Job }
  | { readonly kind: 'look-at'; readonly name: JobName; readonly because: LookReason }
  | { readonly kind: 'cancel-requested'; readonly name: JobName; readonly principal?: string }
  | { readonly kind: 'deleted'; readonly name: JobName }
  /** `why`: one of a few static sentences, to count by. */
  | { readonly kind: 'not-a-job-event'; readonly why: string }
) & { readonly insertId?: string };

const SERVICE = 'bigquery.googleapis.com';
const METADATA_TYPE = 'type.googleapis.com/google.cloud.audit.BigQueryAuditMetadata';
/** Every LogEntry has at least one of these [Cloud Logging: LogEntry]. */
const LOG_ENTRY_KEYS = ['protoPayload', 'jsonPayload', 'textPayload', 'logName', 'httpRequest'];
/** How pipelines that write entries into tables spell the payload's key. */
const RECASED_PAYLOAD = /^proto_?payload/i;
/** Ids as Cloud Logging makes them; what is longer or stranger is not repeated in errors. */
const INSERT_ID = /^[\w.~+/=-]{1,128}$/;
/** `google.rpc.Code.ALREADY_EXISTS`. */
const ALREADY_EXISTS = 6;

const MISNAMED = 'it is a BigQuery job event whose job name is missing or is not projects/P/jobs/J';

/**
 * Reads a LogEntry of Cloud Logging as a sink sends it, the newer audit format (BigQueryAuditMetadata).
 *
 * What kind of event it is says the key inside `metadata`, never `methodName`: table events bear job methods too.
 * The job's location is `resource.labels.location`; the name in the entry has none. What BigQuery is known to send
 * is in bigquery-facts, "Audit entries".
 *
 * Throws `BrokenEntryError`, and nothing else, for what is no log entry or says that it is a job event and names no
 * job. Entries of other services, tables, datasets and the older format are `not-a-job-event`.
 */
export function readAuditEntry(entry: unknown, options: RedactionOptions = {}): EntryReading {
  const { reading, insertId } = read(entry, options);
  return insertId === undefined ? reading : { ...reading, insertId };
}

function read(
  entry: unknown,
  options: RedactionOptions,
): { reading: EntryReading; insertId: string | undefined } {
  if (!isRawObject(entry)) throw new BrokenEntryError('it is no JSON object');
  const parsed = LogEntry.parse(entry);
  const details = {
    insertId: parsed?.insertId !== undefined && INSERT_ID.test(parsed.insertId) ? parsed.insertId : undefined,
    projectId: projectOf(parsed),
  };
  const payload = parsed?.protoPayload;
  if (payload === undefined) {
    if (Object.keys(entry).some((key) => key !== 'protoPayload' && RECASED_PAYLOAD.test(key))) {
      throw new BrokenEntryError(
        'its fields were renamed by a pipeline; send entries straight from a log sink to Pub/Sub',
        details,
      );
    }
    if (!LOG_ENTRY_KEYS.some((key) => Object.hasOwn(entry, key))) {
      throw new BrokenEntryError('it is no log entry of Cloud Logging', details);
    }
    return { reading: ignored('the entry holds no audit log'), insertId: details.insertId };
  }
  const location = parsed?.resource?.labels?.location;
  const reading = readPayload(payload, location, options);
  if (reading === undefined) throw new BrokenEntryError(MISNAMED, details);
  return { reading, insertId: details.insertId };
}

/** Undefined: a job event without a usable name. */
function readPayload(
  payload: AuditLog,
  location: string | undefined,
  options: RedactionOptions,
): EntryReading | undefined {
  const { metadata, serviceName } = payload;
  const type = metadata?.['@type'];
  if (serviceName === undefined ? type !== METADATA_TYPE : serviceName !== SERVICE) {
    return ignored('the entry is of another service');
  }
  if (type !== undefined && type !== METADATA_TYPE) return ignored('the entry tells of something else');
  if (payload.serviceData !== undefined && metadata === undefined) {
    return ignored('the entry is in the older format, AuditData');
  }
  if (metadata !== undefined) {
    if (hasJobKey(metadata)) return readJobEvent(payload, metadata, location, options);
    if (Object.keys(metadata).some((key) => key !== '@type')) {
      return ignored('the entry tells of a table, a dataset or another resource');
    }
  }
  const cut = nameOfPath(payload.resourceName, location);
  return cut === undefined
    ? ignored('the entry holds no event and names no job')
    : { kind: 'look-at', name: cut, because: 'cut-entry' };
}

function hasJobKey({ jobInsertion, jobChange, jobCancel, jobDeletion }: AuditMetadata): boolean {
  return [jobInsertion, jobChange, jobCancel, jobDeletion].some((event) => event !== undefined);
}

/** One of these keys is set; pipelines may leave others beside it as `{}`, so the first that says something counts. */
function readJobEvent(
  payload: AuditLog,
  metadata: AuditMetadata,
  location: string | undefined,
  options: RedactionOptions,
): EntryReading | undefined {
  const { jobInsertion, jobChange, jobCancel, jobDeletion } = metadata;
  if (jobInsertion?.job !== undefined) return readInsertion(payload, jobInsertion.job, location, options);
  if (jobChange?.job !== undefined) {
    return readJobOf(payload, jobChange.job, location, options, [jobChange.after]);
  }
  if (jobCancel?.jobName !== undefined) {
    const name = nameOfPath(jobCancel.jobName, location);
    const principal = principalOfEntry(payload);
    return name && { kind: 'cancel-requested', name, ...(principal === undefined ? {} : { principal }) };
  }
  if (jobDeletion?.jobName !== undefined) {
    const name = nameOfPath(jobDeletion.jobName, location);
    return name && { kind: 'deleted', name };
  }
  return jobInsertion !== undefined && isFailure(payload.status) ? refusedInsert() : undefined;
}

function readInsertion(
  payload: AuditLog,
  job: AuditJob,
  location: string | undefined,
  options: RedactionOptions,
): EntryReading | undefined {
  const refused = isFailure(payload.status);
  if (refused && job.jobName === undefined) return refusedInsert();
  if (refused && payload.status?.code === ALREADY_EXISTS) {
    const name = nameOfPath(job.jobName, location);
    return name && { kind: 'look-at', name, because: 'id-taken' };
  }
  // A job that is told to exist and not how far it is has at least been queued; a failed one is over.
  return readJobOf(payload, job, location, options, [], refused ? 'DONE' : 'PENDING');
}

function readJobOf(
  payload: AuditLog,
  raw: AuditJob,
  location: string | undefined,
  options: RedactionOptions,
  words: readonly (string | undefined)[],
  otherwise?: 'PENDING' | 'DONE',
): EntryReading | undefined {
  const name = nameOfPath(raw.jobName, location);
  if (name === undefined) return undefined;
  const parent = raw.jobStats?.parentJobName;
  if (parent !== undefined) {
    return { kind: 'look-at', name: nameOfPath(parent, location) ?? name, because: 'child' };
  }
  if (name.jobId.startsWith('script_job_')) return { kind: 'look-at', name, because: 'script-id' };
  const { createTime, startTime, endTime } = raw.jobStats ?? {};
  const times = { creationTimeMs: createTime, startTimeMs: startTime, endTimeMs: endTime };
  const state = stateOf([...words, raw.jobStatus?.jobState], times) ?? otherwise;
  if (state === undefined) return { kind: 'look-at', name, because: 'cut-entry' };
  const principal = principalOfEntry(payload);
  return {
    kind: 'job',
    job: jobOfEntry(raw, { name, state, principal, entryStatus: payload.status }, options),
  };
}

function principalOfEntry({ authenticationInfo }: AuditLog): string | undefined {
  return principalOf(authenticationInfo?.principalEmail, authenticationInfo?.principalSubject);
}

function refusedInsert(): EntryReading {
  return ignored('the insert was refused: no job came of it');
}

function ignored(why: string): EntryReading {
  return { kind: 'not-a-job-event', why };
}

function projectOf(entry: LogEntry | undefined): string | undefined {
  const project =
    entry?.resource?.labels?.project_id ?? /^projects\/([^/]+)\//.exec(entry?.logName ?? '')?.[1];
  return project !== undefined && isProjectId(project) ? project : undefined;
}
