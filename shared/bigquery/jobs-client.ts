import type { Job } from '../job/job.ts';
import type { JobName } from '../job/job-name.ts';
import type { UnreadJob } from '../job/unread-job.ts';
import type { JsonObject } from '../retry/json.ts';
import type { LastCheck } from './jobs-api.ts';
import type { Sealed } from './sealed.ts';

/** How long a caller is willing to wait, over all attempts, on the clock handed in. */
export interface CallOptions {
  readonly deadlineAtMs: number;
}

/** Of a request that is sent once: a cancel, a delete. */
export interface OnceOptions extends CallOptions {
  /**
   * Asked when the request's turn has come, which may be long after the call, right before it is sent; false:
   * nothing is sent. `jobs` makes one attempt on the same turn, so that a look does not wait for another. What it
   * throws is thrown on as it is, and nothing is sent either.
   */
  readonly beforeSending?: (jobs: Pick<JobsReader, 'get'>) => Promise<boolean>;
}

/** When BigQuery answered, by its own clock, and by ours around the attempt. */
export interface Answered {
  /** The `Date` header. */
  readonly dateMs?: number;
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
}

/** A job as `jobs.get` (or the body of a cancel) told it, with what is needed to judge whether clocks agree. */
export interface Look extends Answered {
  readonly job: Job;
}

/** A look with all that BigQuery tells of the job, as it wrote it: what a job is repeated from. */
export interface RawLook extends Look {
  /** A Job resource without a number that was rounded; the text of the query is in it. */
  readonly resource: Sealed<JsonObject>;
}

export interface InsertOptions extends CallOptions {
  /** The e-mail of the service account as which the job runs; `undefined`: as who calls. */
  readonly as: string | undefined;
  /**
   * Asked before each attempt, when its turn has come; false: it is not sent. What it throws is thrown on as it is,
   * unless an earlier attempt may have been done.
   */
  readonly beforeSending?: () => Promise<boolean>;
  /** Asked after that, when the credentials are there as well, which may take a while; false: it is not sent. */
  readonly isStillWanted?: LastCheck;
}

export interface ListQuery {
  readonly projectId: string;
  readonly states: readonly ('pending' | 'running' | 'done')[];
  readonly minCreationTimeMs?: number;
  readonly maxCreationTimeMs?: number;
  readonly parentJobId?: string;
}

export interface JobsPage {
  readonly jobs: readonly Job[];
  /** Items that could not be read as jobs; the others stand. */
  readonly brokenItems: readonly UnreadJob[];
  /** Locations that did not answer: what is not on the list may still exist there. */
  readonly unreachable: readonly string[];
  readonly dateMs?: number;
  /** Whether the list ends with it. */
  readonly isLast: boolean;
}

/** What looks and changes nothing. */
export interface JobsReader {
  get(name: JobName, options: CallOptions): Promise<Look>;
  /**
   * One job with everything; for as many as are acted on, not for all that are looked at. An answer that does not tell
   * whether a job that ended has failed is as good as none.
   */
  getWhole(name: JobName, options: CallOptions): Promise<RawLook>;
  /** Pages of top-level jobs of all users, full projection, newest first, each fetched when it is asked for. */
  list(query: ListQuery, options: CallOptions): AsyncIterable<JobsPage>;
}

/**
 * The jobs API as the product uses it: with back-off, a budget, a deadline, and typed errors.
 * Throws only the errors of `errors.ts`.
 */
export interface JobsClient extends JobsReader {
  /**
   * Asks BigQuery to cancel. An answer says only that it was asked: look again for the outcome.
   * The look is absent when the answer carried no readable job. Throws `HeldBackError` when it was not sent.
   */
  cancel(name: JobName, options: OnceOptions): Promise<Look | undefined>;
  /**
   * Asks BigQuery to delete the metadata of a job that is DONE, and of its children. An answer says that it was
   * done; that they are gone only looks tell. It needs the job's location. Throws `HeldBackError` when it was not
   * sent, `NotFoundError` for a job that is gone and for one that was never there.
   */
  delete(name: JobName, options: OnceOptions): Promise<Answered>;
  /**
   * Runs a new job: `body` is a Job resource with `configuration` and a `jobReference` that names project, location
   * and id. An attempt of uncertain outcome is repeated with the same body, which is safe, for BigQuery takes an id
   * once; of a `DuplicateError` only a look at the job tells whose it is. Throws `HeldBackError` when none was sent.
   * The look may show a job that failed at once. It is absent when the answer carried no readable job: it was
   * accepted, and must be looked for (a dry run has no name, and cannot be).
   */
  insert(projectId: string, body: unknown, options: InsertOptions): Promise<Look | undefined>;
}
