export type ScriptedType = 'QUERY' | 'LOAD' | 'EXTRACT' | 'COPY';

export interface TableReference {
  readonly projectId: string;
  readonly datasetId: string;
  readonly tableId: string;
}

/** BigQuery's ErrorProto, as far as it is played. */
export interface JobError {
  readonly reason: string;
  readonly message: string;
  readonly location?: string;
}

/**
 * What happens to a job when it is asked to stop.
 * - `afterMs`: it ends that long after the request (default: some time under 2 s).
 * - `ignoresFirst`: so many requests have no effect.
 * - `stuck`: no request ever has an effect.
 * - `loses-race`: the job ends by itself, as scripted, before the request takes effect.
 */
export type CancelBehaviour =
  | { readonly afterMs?: number; readonly ignoresFirst?: number }
  | 'stuck'
  | 'loses-race';

/** A job and the life that it is going to have. Everything but the project has a default. */
export interface JobScript {
  readonly projectId: string;
  /** Default `US`. */
  readonly location?: string;
  /** Default: generated as BigQuery does. */
  readonly jobId?: string;
  /** Who runs it (`user_email`). */
  readonly principal?: string;
  /** Default QUERY. */
  readonly type?: ScriptedType;
  /** In the past or the future: a job of the future is not there until then. Default now. */
  readonly createdAtMs?: number;

  /** The query's text. */
  readonly query?: string;
  /** Guessed from the text when not given; `SCRIPT` when there are children. */
  readonly statementType?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Default INTERACTIVE. */
  readonly priority?: 'INTERACTIVE' | 'BATCH';
  /** A named destination; without it BigQuery fills in an anonymous one for queries. */
  readonly destinationTable?: TableReference;
  readonly createDisposition?: string;
  readonly writeDisposition?: string;
  readonly referencedTables?: readonly TableReference[];
  readonly sourceUris?: readonly string[];
  readonly destinationUris?: readonly string[];
  /** The source of an EXTRACT, or the only source of a COPY. */
  readonly sourceTable?: TableReference;
  readonly jobTimeoutMs?: number;
  readonly dryRun?: boolean;
  readonly continuous?: boolean;
  /** Further fields of the query, load, extract or copy part of the configuration. */
  readonly configuration?: Readonly<Record<string, unknown>>;

  /** Default 0. Infinity: it never starts. */
  readonly pendingMs?: number;
  /** Default 1,000; for a script with children, until the last child ended. Infinity: it runs until stopped. */
  readonly runMs?: number;
  /** How it ends by itself; default: it succeeds. */
  readonly error?: JobError;
  /** What `status.errors` tells besides that error; without one they are warnings of a job that succeeds. */
  readonly moreErrors?: readonly JobError[];
  readonly cancel?: CancelBehaviour;

  /** Slot milliseconds for each millisecond of running. Default 1; a script's parent: the sum of its children. */
  readonly slots?: number;
  /** What it has read when it ends. Default 0. */
  readonly bytesProcessed?: number;
  readonly bytesBilled?: number;
  /** Absent: BigQuery gives no estimate for it. */
  readonly estimatedBytes?: number;
  readonly cacheHit?: boolean;
  readonly reservation?: string;
  readonly edition?: string;
  /**
   * Statistics that come late: the name of a field of `statistics` or `statistics.query` (`totalSlotMs`,
   * `estimatedBytesProcessed`, …) and how long after the start (or the creation, while pending) it is absent.
   */
  readonly lateFields?: Readonly<Record<string, number>>;

  /** Child jobs. Each is created when the one before has ended, unless it has a `createdAtMs`. */
  readonly children?: readonly ChildScript[];
  /** BigQuery does not log every job. Default true. */
  readonly emitEntries?: boolean;
}

/**
 * A child runs in its parent's project and location, as its principal, under an id that BigQuery gives. It may have
 * children of its own.
 */
export type ChildScript = Omit<JobScript, 'projectId' | 'location' | 'jobId' | 'principal'>;
