import { typeOf } from './filled-in.ts';
import type { JobRecord, JobState, JobType } from './job-record.ts';
import type { JobError } from './job-script.ts';
import { deepFreeze, isRecord, type JsonRecord, numberAt, recordAt, textAt } from './json.ts';
import { loadedMeasures, loadedSlotMs } from './loaded-measures.ts';

/** Thrown for a resource that cannot be played; the message names the field, what it is and what it must be. */
export class UnplayableJob extends Error {
  override readonly name = 'UnplayableJob';
}

const STATES: readonly string[] = ['PENDING', 'RUNNING', 'DONE'];

/** How the jobs of a file go on. */
export interface Loading {
  readonly loadedAtMs: number;
  /** Slots that a RUNNING job goes on using. */
  readonly slots: number;
}

/**
 * A record for a Job resource as `jobs.get` gives it. Read tolerantly: times in any of the forms seen in the
 * wild, no location, an id without prefix, no configuration (reference/bigquery-facts.md, "REST resources in
 * the wild"). It needs a reference, a state and a creation time, for without these it cannot be found or listed.
 */
export function loadedJob(given: unknown, loading: Loading): JobRecord {
  const resource = deepFreeze(structuredClone(given));
  if (!isRecord(resource))
    throw new UnplayableJob(`a Job resource must be a JSON object, not ${kindOf(resource)}`);
  const state = stateOf(resource);
  const startTimeMs = timeOf(resource, 'startTime');
  const endTimeMs = timeOf(resource, 'endTime');
  const error = errorOf(resource);
  const parentJobId = textAt(resource, 'statistics', 'parentJobId');
  const principal = textAt(resource, 'user_email');
  const statementType = textAt(resource, 'statistics', 'query', 'statementType');
  return {
    projectId: referenceField(resource, 'projectId'),
    // Jobs of 2017 have no location; they are found where a get without one looks first.
    location: textAt(resource, 'jobReference', 'location') ?? 'US',
    jobId: referenceField(resource, 'jobId'),
    type: typeOfResource(resource),
    ...(principal === undefined ? {} : { principal }),
    creationTimeMs: creationTimeOf(resource),
    configuration: recordAt(resource, 'configuration') ?? {},
    ...(statementType === undefined ? {} : { statementType }),
    ...(parentJobId === undefined ? {} : { parentJobId }),
    children: [],
    plan: {
      startsAtMs: startTimeMs ?? Infinity,
      endsAtMs: endTimeMs ?? Infinity,
      cancel: {},
      cancelRequestedAtMs: [],
    },
    measures: loadedMeasures(resource),
    emitEntries: true,
    insertedBy: 'JOB_INSERT_REQUEST',
    given: {
      resource,
      state,
      ...loadedSlotMs(resource),
      ...loading,
      ...(startTimeMs === undefined ? {} : { startTimeMs }),
      ...(endTimeMs === undefined ? {} : { endTimeMs }),
      ...(error === undefined ? {} : { error }),
    },
  };
}

function referenceField(resource: JsonRecord, field: 'projectId' | 'jobId'): string {
  const value = textAt(resource, 'jobReference', field);
  if (value === undefined || value === '')
    throw new UnplayableJob(`jobReference.${field} is missing: it must be a string`);
  return value;
}

function stateOf(resource: JsonRecord): JobState {
  const state = textAt(resource, 'status', 'state') ?? textAt(resource, 'state');
  if (state === 'PENDING' || state === 'RUNNING' || state === 'DONE') return state;
  const found = state === undefined ? 'is missing' : `is ${JSON.stringify(state)}`;
  throw new UnplayableJob(`status.state ${found}: it must be one of ${STATES.join(', ')}`);
}

function creationTimeOf(resource: JsonRecord): number {
  const creationTimeMs = timeOf(resource, 'creationTime');
  if (creationTimeMs === undefined) {
    throw new UnplayableJob('statistics.creationTime is missing: it must be milliseconds since the epoch');
  }
  return creationTimeMs;
}

function timeOf(resource: JsonRecord, field: string): number | undefined {
  const given = recordAt(resource, 'statistics')?.[field];
  if (given === undefined || given === null) return undefined;
  const timeMs = numberAt(given === undefined ? undefined : { given }, 'given');
  if (timeMs === undefined) {
    throw new UnplayableJob(
      `statistics.${field} is ${JSON.stringify(given)}: it must be milliseconds since the epoch`,
    );
  }
  return Math.floor(timeMs);
}

function errorOf(resource: JsonRecord): JobError | undefined {
  const error = recordAt(resource, 'status', 'errorResult') ?? recordAt(resource, 'errorResult');
  if (error === undefined) return undefined;
  return { ...error, reason: textAt(error, 'reason') ?? '', message: textAt(error, 'message') ?? '' };
}

/** From the configuration; list items have none, and then the statistics tell. */
function typeOfResource(resource: JsonRecord): JobType {
  const type = typeOf(recordAt(resource, 'configuration') ?? {});
  return type === 'UNKNOWN' ? typeOf(recordAt(resource, 'statistics') ?? {}) : type;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
