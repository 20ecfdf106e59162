import type { Job } from '../job/job.ts';
import type { JobName } from '../job/job-name.ts';

/** How long a caller is willing to wait, over all attempts, on the clock handed in. */
export interface CallOptions {
  readonly deadlineAtMs: number;
}

export interface CancelOptions extends CallOptions {
  /**
   * Asked when the request's turn has come, which may be long after the call, right before it is sent; false:
   * nothing is sent. `jobs` makes one attempt on the same turn, so that a look does not wait for another. What it
   * throws is thrown on as it is, and nothing is sent either.
   */
  readonly beforeSending?: (jobs: Pick<JobsReader, 'get'>) => Promise<boolean>;
}

/** A job as `jobs.get` (or the body of a cancel) told it, with what is needed to judge whether clocks agree. */
export interface Look {
  readonly job: Job;
  /** The `Date` header, BigQuery's own time of the answer. */
  readonly dateMs?: number;
  /** By our own clock, around the attempt that was answered. */
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
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
  /** Items that could not be read as jobs; they are counted, the others stand. */
  readonly brokenItems: number;
  /** Locations that did not answer: what is not on the list may still exist there. */
  readonly unreachable: readonly string[];
  readonly dateMs?: number;
}

/** What looks and changes nothing. */
export interface JobsReader {
  get(name: JobName, options: CallOptions): Promise<Look>;
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
  cancel(name: JobName, options: CancelOptions): Promise<Look | undefined>;
}
