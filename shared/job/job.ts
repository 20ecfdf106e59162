import type { JobName } from './job-name.ts';
import type { Redacted } from './redacted.ts';

export type JobState = 'PENDING' | 'RUNNING' | 'DONE';

/** `UNKNOWN`: a kind of job that BigQuery has and we have no word for. It is judged like any other. */
export type JobType = 'QUERY' | 'LOAD' | 'EXTRACT' | 'COPY' | 'UNKNOWN';

export type Priority = 'INTERACTIVE' | 'BATCH';

/** A table's three names, without partition or snapshot decorators (`t$20260101`, `t@1788825600000`). */
export interface TableName {
  readonly projectId: string;
  readonly datasetId: string;
  readonly tableId: string;
}

export interface JobError {
  /** BigQuery's word (`stopped`, `backendError`, …). Audit entries have none. */
  readonly reason?: string;
  readonly message?: Redacted;
  /**
   * Who stopped a job whose reason is `stopped`: somebody who asked, or its own `jobTimeoutMs`.
   * Read from BigQuery's message at the edge, for the message itself stays wrapped.
   */
  readonly stoppedBy?: 'request' | 'job-timeout';
  /** Of a `badRequest`: rows that were streamed in lately cannot be changed yet. Read at the edge likewise. */
  readonly about?: 'streaming-buffer';
}

/**
 * A job as one source told it, at one moment. Nothing behind the edge knows which source it was.
 *
 * Absent means that the source did not tell. `null`, an empty list or an empty map mean that the source
 * told there is none. Times are milliseconds since the epoch.
 */
export interface Job {
  readonly name: JobName;
  readonly state: JobState;
  readonly type?: JobType;
  /**
   * The e-mail of who runs it (`user_email`, `principalEmail`); where there is none, the principal subject,
   * an e-mail again when it is one behind a `user:` or `serviceAccount:`.
   */
  readonly principal?: string;
  /** The script that this job is a child of. */
  readonly parent?: JobName | null;
  readonly creationTimeMs?: number;
  /** Absent on a job that has not started, and on one that ended without ever starting. */
  readonly startTimeMs?: number;
  readonly endTimeMs?: number;
  readonly labels?: ReadonlyMap<string, string>;
  readonly priority?: Priority;
  /** `SELECT`, `INSERT`, `SCRIPT`, …; `null` for a job that is no query. */
  readonly statementType?: string | null;
  readonly dryRun?: boolean;
  /** A continuous query: it runs for ever by design. */
  readonly continuous?: boolean;
  /** `project:location.name` or `projects/P/locations/L/reservations/N` as told; `null` when on demand. */
  readonly reservation?: string | null;
  readonly edition?: string | null;
  /** What the job reads: tables of a query, the sources of an extract or a copy. Absent where a list may be cut. */
  readonly referencedTables?: readonly TableName[];
  /** `null` when the result goes to no table that anyone named. */
  readonly destinationTable?: TableName | null;
  readonly slotMs?: number;
  /** What the job has read so far. */
  readonly bytesProcessed?: number;
  readonly bytesBilled?: number;
  /** The result came out of the cache, for which nothing is billed. Known once the job is DONE. */
  readonly cacheHit?: boolean;
  /** BigQuery's estimate before the start, an upper bound. A zero for a query that names tables is not told. */
  readonly estimatedBytes?: number;
  /** `null` when the job is known to have no error. */
  readonly error?: JobError | null;
  readonly query?: Redacted;
}

/** A part of a job that a source may leave out, and that a policy may want. `location` is that of its name. */
export type JobField = Exclude<keyof Job, 'name' | 'state'> | 'location';
