import type { Access } from './access.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { AuditLog } from './audit-log.ts';
import type { SimulatorClock } from './clock.ts';
import type { DeletedJob } from './deleted-job.ts';
import type { Fault } from './faults.ts';
import type { JobName, JobState } from './job-record.ts';
import type { JobScript } from './job-script.ts';
import type { JobStore } from './job-store.ts';
import type { JsonRecord } from './json.ts';

/** How lists answer, and how far back get and they reach; switchable while the simulator runs. */
export interface ListSettings {
  /** Lists show the jobs as they were so long ago; at most ten minutes. */
  stalenessMs: number;
  /** Locations that do not answer: their jobs are missing, and the answer says so. */
  unreachable: readonly string[];
  /** Whether items of RUNNING jobs carry more statistics than their times; undocumented, so both must do. */
  showsRunningStatistics: boolean;
  /** How long a page token is good for. */
  pageTokenLifetimeMs: number;
  /** Pages go by count, so that jobs that come and go in between are shown twice or not at all. */
  pagesShift: boolean;
  /** How far back the history of jobs goes, for get too. */
  historyMs: number;
  /** At most so many jobs on a page, however many are asked for. */
  jobsPerPage: number;
}

/** One write that reached BigQuery, whether or not its answer reached the client. */
export interface WriteRecord {
  readonly atMs: number;
  readonly method: 'insert' | 'cancel' | 'delete';
  readonly job: { readonly projectId: string; readonly location?: string; readonly jobId: string };
  /** The e-mail of who wrote. */
  readonly by: string;
  /**
   * insert: a job was created. cancel: the job was not DONE and will stop because of it.
   * delete: the metadata is gone.
   */
  readonly effective: boolean;
  /** delete: the children, of all generations, that went with it. */
  readonly children?: readonly JobName[];
  /** The job's true state before a cancel or delete. */
  readonly stateBefore?: JobState;
  /** The reason of the error that it was answered with. */
  readonly refused?: string;
  /** insert: what the client sent. */
  readonly configuration?: JsonRecord;
}

/** The life that a job inserted over the API will have; what is absent has the usual value. */
export type InsertedLife = Pick<
  JobScript,
  | 'pendingMs'
  | 'runMs'
  | 'error'
  | 'moreErrors'
  | 'cancel'
  | 'slots'
  | 'bytesProcessed'
  | 'bytesBilled'
  | 'estimatedBytes'
  | 'cacheHit'
  | 'reservation'
  | 'edition'
  | 'referencedTables'
  | 'lateFields'
  | 'emitEntries'
>;

export interface InsertedJob {
  readonly projectId: string;
  readonly location: string;
  readonly jobId: string;
  readonly principal: string;
  readonly configuration: JsonRecord;
}

/** What the routes work on. */
export interface SimulatorState {
  readonly clock: SimulatorClock;
  readonly random: () => number;
  readonly store: JobStore;
  readonly tokens: AccessTokens;
  readonly access: Access;
  readonly audit: AuditLog;
  readonly lists: ListSettings;
  readonly writes: WriteRecord[];
  readonly deleted: DeletedJob[];
  readonly lifeOfInserted: (job: InsertedJob) => InsertedLife | undefined;
}

/** One call after routing. */
export interface Call {
  readonly projectId: string;
  /** The job, or for generateAccessToken the account. */
  readonly target: string;
  readonly parameters: URLSearchParams;
  readonly body: unknown;
  readonly caller: string;
  /** A fault that the route itself plays. */
  readonly fault?: Fault;
}

/** Answers with a body; `undefined` is an empty 204. */
export type Route = (call: Call, state: SimulatorState) => JsonRecord | undefined | Promise<JsonRecord>;
