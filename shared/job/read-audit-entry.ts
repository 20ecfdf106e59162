import { type AuditLog, LogEntry } from './audit-entry.schema.ts';
import { cancelRequested, type EntryReading, ignored } from './entry-reading.ts';
import { BrokenEntryError } from './errors.ts';
import { AUDIT_DATA_TYPE, hasJobDataKey, readAuditData } from './from-audit-data.ts';
import { hasJobKey, METADATA_TYPE, readAuditMetadata } from './from-audit-metadata.ts';
import { isRawObject, type RawObject, readPiece } from './google-json.schema.ts';
import { isProjectId, nameOfPath } from './job-name.ts';
import { principalOfEntry } from './principal.ts';
import type { RedactionOptions } from './redacted.ts';

const SERVICE = 'bigquery.googleapis.com';
/** Every LogEntry has at least one of these [Cloud Logging: LogEntry]. */
const LOG_ENTRY_KEYS = ['protoPayload', 'jsonPayload', 'textPayload', 'logName', 'httpRequest'];
/** How pipelines that write entries into tables spell the payload's key. */
const RECASED_PAYLOAD = /^proto_?payload/i;
/** Ids as Cloud Logging makes them; what is longer or stranger is not repeated in errors. */
const INSERT_ID = /^[\w.~+/=-]{1,128}$/;
/** The older format has no message of its own for a cancel: only the method tells. */
const OLDER_CANCEL = 'jobservice.cancel';

const MISNAMED = 'it is a BigQuery job event whose job name is missing or is not projects/P/jobs/J';

/**
 * Reads a LogEntry of Cloud Logging as a sink sends it, in either audit format: the newer, `metadata` with a
 * BigQueryAuditMetadata, or the older, `serviceData` with an AuditData. A job that shows up in both is one job: the
 * names, and so the keys, are the same.
 *
 * What kind of event it is says the key inside, never `methodName`: table events bear job methods too. What BigQuery
 * is known to send is in bigquery-facts, "Audit entries".
 *
 * Throws `BrokenEntryError`, and nothing else, for what is no log entry or says that it is a job event and names no
 * job. Entries of other services, tables and datasets are `not-a-job-event`.
 */
export function readAuditEntry(entry: unknown, options: RedactionOptions = {}): EntryReading {
  if (!isRawObject(entry)) throw new BrokenEntryError('it is no JSON object');
  const parsed: LogEntry | undefined = readPiece(LogEntry, entry);
  const reading = read(entry, parsed, options);
  const insertId = insertIdOf(parsed);
  return insertId === undefined ? reading : { ...reading, insertId };
}

function read(entry: RawObject, parsed: LogEntry | undefined, options: RedactionOptions): EntryReading {
  const payload = parsed?.protoPayload;
  if (payload === undefined) {
    if (Object.keys(entry).some((key) => key !== 'protoPayload' && RECASED_PAYLOAD.test(key))) {
      throw new BrokenEntryError(
        'its fields were renamed by a pipeline; send entries straight from a log sink to Pub/Sub',
        detailsOf(parsed),
      );
    }
    if (!LOG_ENTRY_KEYS.some((key) => Object.hasOwn(entry, key))) {
      throw new BrokenEntryError('it is no log entry of Cloud Logging', detailsOf(parsed));
    }
    return ignored('the entry holds no audit log');
  }
  const location = parsed?.resource?.labels?.location;
  const reading = readPayload(payload, location, options);
  if (reading === undefined) throw new BrokenEntryError(MISNAMED, detailsOf(parsed));
  return reading;
}

function detailsOf(parsed: LogEntry | undefined) {
  return { insertId: insertIdOf(parsed), projectId: projectOf(parsed) };
}

function insertIdOf(parsed: LogEntry | undefined): string | undefined {
  const insertId = parsed?.insertId;
  return insertId !== undefined && INSERT_ID.test(insertId) ? insertId : undefined;
}

/** Undefined: a job event without a usable name. */
function readPayload(
  payload: AuditLog,
  location: string | undefined,
  options: RedactionOptions,
): EntryReading | undefined {
  const { metadata, serviceData } = payload;
  const foreign = foreignTo(payload);
  if (foreign !== undefined) return ignored(foreign);
  if (metadata !== undefined && hasJobKey(metadata)) {
    return readAuditMetadata(payload, metadata, location, options);
  }
  if (serviceData !== undefined && hasJobDataKey(serviceData)) {
    return readAuditData(payload, serviceData, location, options);
  }
  if ([metadata, serviceData].some(tellsSomething)) {
    return ignored('the entry tells of a table, a dataset or another resource');
  }
  const name = nameOfPath(payload.resourceName, location);
  if (name === undefined) return ignored('the entry holds no event and names no job');
  if (payload.methodName === OLDER_CANCEL) return cancelRequested(name, principalOfEntry(payload));
  return { kind: 'look-at', name, because: 'cut-entry' };
}

/** Why the entry is none of BigQuery's job log, if it is not. Entries without a service are known by their types. */
function foreignTo({ serviceName, metadata, serviceData }: AuditLog): string | undefined {
  const newer = metadata?.['@type'];
  const older = serviceData?.['@type'];
  const isOurs = newer === METADATA_TYPE || older === AUDIT_DATA_TYPE;
  if (serviceName === undefined ? !isOurs : serviceName !== SERVICE) return 'the entry is of another service';
  const isOther = !isOurs && (newer !== undefined || older !== undefined);
  return isOther ? 'the entry tells of something else' : undefined;
}

function tellsSomething(part: Readonly<Record<string, unknown>> | undefined): boolean {
  return Object.entries(part ?? {}).some(([key, value]) => key !== '@type' && value !== undefined);
}

function projectOf(entry: LogEntry | undefined): string | undefined {
  const project =
    entry?.resource?.labels?.project_id ?? /^projects\/([^/]+)\//.exec(entry?.logName ?? '')?.[1];
  return project !== undefined && isProjectId(project) ? project : undefined;
}
