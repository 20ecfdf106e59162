import type { CancelBehaviour, JobError, TableReference } from './job-script.ts';
import type { JsonRecord } from './json.ts';

export type JobType = 'QUERY' | 'LOAD' | 'EXTRACT' | 'COPY' | 'UNKNOWN';
export type JobState = 'PENDING' | 'RUNNING' | 'DONE';

export interface JobName {
  readonly projectId: string;
  readonly location: string;
  readonly jobId: string;
}

/** When a job starts and ends if nobody interferes, and what interfered. Times are absolute, Infinity is never. */
export interface LifePlan {
  startsAtMs: number;
  endsAtMs: number;
  readonly error?: JobError;
  readonly moreErrors?: readonly JobError[];
  /** `jobTimeoutMs` counts from creation [doc: reference/rest/v2/Job.md]. */
  readonly timeout?: { readonly atMs: number; readonly seconds: number };
  readonly cancel: CancelBehaviour;
  readonly cancelRequestedAtMs: number[];
  /** When a cancel takes effect, once one will. */
  stopsAtMs?: number;
}

export interface Measures {
  /** Absent for a script's parent: the sum of its children. */
  readonly slots?: number;
  readonly bytesProcessed: number;
  readonly bytesBilled?: number;
  readonly estimatedBytes?: number;
  readonly cacheHit?: boolean;
  readonly reservation?: string;
  readonly edition?: string;
  readonly referencedTables?: readonly TableReference[];
  readonly lateFields: Readonly<Record<string, number>>;
}

/** Until when those who read late still show a job whose metadata is gone. Infinity: for ever. */
export interface Deletion {
  readonly getsUntilMs: number;
  readonly listsUntilMs: number;
}

/**
 * All that the simulator knows about one job. Its state is never stored: it follows from this and the time
 * (job-life.ts), so that a hundred thousand jobs cost nothing while time passes.
 */
export interface JobRecord extends JobName {
  readonly type: JobType;
  readonly principal?: string;
  readonly creationTimeMs: number;
  /** As `jobs.get` shows it: what BigQuery fills in is filled in. */
  readonly configuration: JsonRecord;
  readonly statementType?: string;
  readonly parentJobId?: string;
  /** The parent, when it is known too. */
  parent?: JobRecord;
  readonly children: JobRecord[];
  readonly plan: LifePlan;
  readonly measures: Measures;
  readonly emitEntries: boolean;
  /** Once its metadata was deleted. */
  deletion?: Deletion;
  /** How it came to be, as audit entries say it. */
  readonly insertedBy: 'JOB_INSERT_REQUEST' | 'QUERY_REQUEST';
  /** A resource that was loaded: it is served back as given. */
  readonly given?: GivenJob;
}

export interface GivenJob {
  readonly resource: JsonRecord;
  readonly state: JobState;
  /** As the resource tells it. */
  readonly slotMs?: number;
  /** How many slots it goes on using from `loadedAtMs` on, if it is RUNNING. */
  readonly slots: number;
  readonly loadedAtMs: number;
  readonly startTimeMs?: number;
  readonly endTimeMs?: number;
  readonly error?: JobError;
}

/** BigQuery takes `us` and `US` for the same place. */
export function jobKey(name: JobName): string {
  return `${name.projectId}\n${name.location.toLowerCase()}\n${name.jobId}`;
}
