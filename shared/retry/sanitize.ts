import type { JobName } from '../job/job-name.ts';
import { typeOf } from '../job/job-words.ts';
import { isLegalJobId } from './attempt-id.ts';
import { type Change, changedBy, type Refused } from './change.ts';
import { destinationOf, isAnonymousDestination } from './filled-in.ts';
import { guarded } from './guards.ts';
import { isJsonObject, isList, type JsonObject, type JsonValue, jsonAt } from './json.ts';
import { withoutOldRun } from './old-run.ts';
import { refusedTime } from './passed-times.ts';
import type { RefusalCode } from './refusal.ts';
import { labelled } from './retry-labels.ts';
import type { RetryGuards } from './retry-rule.ts';
import { statementKindOf } from './statement-kind.ts';

export interface SanitizeRequest {
  /** The job that failed, whole, as `jobs.get` gives it. */
  readonly resource: JsonObject;
  readonly attemptId: string;
  /** The job that the chain began with. */
  readonly origin: JobName;
  readonly attempt: number;
  readonly guards: RetryGuards;
  readonly nowMs: number;
}

export interface SanitizedJob {
  readonly kind: 'sanitized';
  /** What `jobs.insert` takes. */
  readonly body: JsonObject;
  readonly changes: readonly Change[];
}

export type Sanitized = SanitizedJob | Refused;

/** The parts of a configuration that say what a job is [discovery document: JobConfiguration, Pick one]. */
const PARTS = ['query', 'load', 'copy', 'extract'] as const;

/**
 * What to insert so that a job runs again: its configuration without anything of the old run, under a new id in the
 * same project and location, with the policy's guards and with labels for people. Fields that we do not know stay.
 * Refused, with the reason, when that cannot be made right. Nothing of the job's text stands in changes or sentences.
 */
export function sanitize(request: SanitizeRequest): Sanitized {
  const { resource, nowMs } = request;
  const refused = refusedId(request) ?? refusedConfiguration(resource) ?? refusedTime(resource, nowMs);
  if (refused !== undefined) return refused;
  const { object: rest, changes } = withoutOldRun(resource);
  const configuration = rest['configuration'];
  const { origin, attempt, guards } = request;
  const guardedAndLabelled = changedBy(isJsonObject(configuration) ? configuration : {}, [
    (object) => guarded(object, guards),
    (object) => labelled(object, { origin, attempt, ...guards }),
  ]);
  const named: Change = { path: 'jobReference.jobId', kind: 'set', because: 'an id is used once' };
  return {
    kind: 'sanitized',
    body: { ...rest, jobReference: referenceOf(request), configuration: guardedAndLabelled.object },
    changes: [named, ...changes, ...guardedAndLabelled.changes],
  };
}

/** The same place, whatever else BigQuery says of it. */
function referenceOf({ resource, attemptId, origin }: SanitizeRequest): JsonObject {
  const { projectId, location } = origin;
  const given = resource['jobReference'];
  return {
    ...(isJsonObject(given) ? given : {}),
    projectId,
    ...(location === undefined ? {} : { location }),
    jobId: attemptId,
  };
}

function refusedId({ attemptId }: SanitizeRequest): Refused | undefined {
  if (isLegalJobId(attemptId)) return undefined;
  return refusal('id-too-long', 'an id that says which job it repeats would be no legal one');
}

function refusedConfiguration(resource: JsonObject): Refused | undefined {
  const parts = PARTS.filter((part) => isJsonObject(jsonAt(resource, 'configuration', part)));
  const [part] = parts;
  if (part === undefined || parts.length > 1) {
    return refusal('no-configuration', 'its configuration does not say what to run');
  }
  const configured = jsonAt(resource, 'configuration', part);
  return (
    refusedPart(part, jsonAt(resource, 'configuration', 'jobType'), configured) ??
    refusedConnection(configured) ??
    (part === 'query' ? refusedDestination(resource) : undefined)
  );
}

/** What may be run again is judged by what is read of a job, and what is sent is all of it: both must be the same. */
function refusedPart(
  part: (typeof PARTS)[number],
  word: JsonValue | undefined,
  configured: JsonValue | undefined,
): Refused | undefined {
  const type = typeof word === 'string' ? typeOf(word, () => []) : undefined;
  if (type !== undefined && type !== 'UNKNOWN' && type !== part.toUpperCase()) {
    return refusal('no-configuration', 'its configuration is of another kind than its type says');
  }
  const disposition = jsonAt(configured, 'writeDisposition') ?? '';
  return typeof disposition === 'string'
    ? undefined
    : refusal('no-configuration', 'how it writes to its table cannot be read');
}

/** A session is of the old run, and who runs a retry is decided from `user_email` alone [doc: sessions-intro.md]. */
function refusedConnection(part: JsonValue | undefined): Refused | undefined {
  const properties = jsonAt(part, 'connectionProperties');
  const keys = isList(properties) ? properties.map(keyOf) : [];
  if ((properties ?? null) !== null && (!isList(properties) || keys.includes(undefined))) {
    return refusal('no-configuration', 'its connection properties cannot be read');
  }
  if (jsonAt(part, 'createSession') === true || keys.includes('session_id')) {
    return refusal('session', 'it made a session or ran inside one, which cannot be had again');
  }
  return keys.includes('service_account')
    ? refusal('names-an-account', 'its configuration says as whom it runs; send it again yourself')
    : undefined;
}

/**
 * BigQuery fills in the destination of DML and DDL, too: while nothing tells what kind of statement it is, a named
 * one may be either's.
 */
function refusedDestination(resource: JsonObject): Refused | undefined {
  const destination = destinationOf(resource);
  const isNamed = destination !== undefined && !isAnonymousDestination(destination);
  return isNamed && statementKindOf(resource) === 'unknown'
    ? refusal(
        'statement-type-unknown',
        'it has a destination, and BigQuery does not tell its statement type, so that nobody knows whose it is',
      )
    : undefined;
}

/** Undefined: it cannot be read. In small letters, lest BigQuery take another spelling for the same. */
function keyOf(property: JsonValue): string | undefined {
  const key = jsonAt(property, 'key');
  return typeof key === 'string' ? key.trim().toLowerCase() : undefined;
}

function refusal(why: RefusalCode, sentence: string): Refused {
  return { kind: 'refused', why, sentence };
}
