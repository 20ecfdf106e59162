import { filledIn, hexOf, typeOf } from './filled-in.ts';
import type { JobName, JobRecord, LifePlan, Measures } from './job-record.ts';
import type { CancelBehaviour, JobError } from './job-script.ts';
import { deepFreeze, type JsonRecord, numberAt, recordAt, textAt } from './json.ts';
import { statementTypeOf } from './statement-type.ts';

/** What a job is made of, whether it was scripted or inserted over the API. */
export interface NewJob {
  readonly name: JobName;
  readonly principal: string;
  readonly creationTimeMs: number;
  /** As the client sent it. */
  readonly configuration: JsonRecord;
  readonly statementType?: string;
  readonly parent?: JobName;
  readonly pendingMs: number;
  readonly runMs: number;
  readonly error?: JobError;
  readonly moreErrors?: readonly JobError[];
  readonly cancel: CancelBehaviour;
  readonly measures: Measures;
  readonly emitEntries: boolean;
  readonly insertedBy: 'JOB_INSERT_REQUEST' | 'QUERY_REQUEST';
}

export function newJob(job: NewJob): JobRecord {
  const { name, principal, creationTimeMs, measures, emitEntries, insertedBy } = job;
  const queryText = textAt(job.configuration, 'query', 'query');
  const guessed = queryText === undefined ? undefined : statementTypeOf(queryText);
  const statementType = job.statementType ?? guessed;
  const known = statementType === undefined ? {} : { statementType };
  return {
    ...name,
    type: typeOf(job.configuration),
    principal,
    creationTimeMs,
    configuration: deepFreeze(filledIn(structuredClone(job.configuration), { name, principal, ...known })),
    ...known,
    ...(job.parent === undefined ? {} : { parentJobId: job.parent.jobId }),
    children: [],
    plan: planOf(job),
    measures,
    emitEntries,
    insertedBy,
  };
}

function planOf(job: NewJob): LifePlan {
  const startsAtMs = job.creationTimeMs + job.pendingMs;
  const timeoutMs = numberAt(job.configuration, 'jobTimeoutMs');
  return {
    startsAtMs,
    endsAtMs: startsAtMs + job.runMs,
    ...(job.error === undefined ? {} : { error: job.error }),
    ...(job.moreErrors === undefined ? {} : { moreErrors: job.moreErrors }),
    ...(timeoutMs === undefined || timeoutMs <= 0
      ? {}
      : { timeout: { atMs: job.creationTimeMs + timeoutMs, seconds: Math.ceil(timeoutMs / 1_000) } }),
    cancel: job.cancel,
    cancelRequestedAtMs: [],
  };
}

const ID_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** An id as BigQuery gives to a job that comes without one: `job_` and 28 letters. */
export function generatedJobId(random: () => number): string {
  let id = 'job_';
  for (let count = 0; count < 28; count++) id += ID_LETTERS[Math.floor(random() * ID_LETTERS.length)];
  return id;
}

/** `script_job_<hex>_<n>`; the number counts from 0. */
export function childJobId(parent: JobName, index: number): string {
  return `script_job_${hexOf(`${parent.projectId} ${parent.location} ${parent.jobId} ${index}`).slice(0, 32)}_${index}`;
}

/** Whether a configuration says so, and not what the caller of this function hopes. */
export function isDryRun(configuration: JsonRecord): boolean {
  return configuration['dryRun'] === true;
}

export function isContinuous(configuration: JsonRecord): boolean {
  return recordAt(configuration, 'query')?.['continuous'] === true;
}
