import type { JobName } from '../job/job-name.ts';
import type { Sealed } from './sealed.ts';

/** A call of the jobs API, by its name in BigQuery's documentation: `jobs.get`, `jobs.list`, … */
export type JobsMethod = Exclude<keyof JobsApi, 'asAccount'>;

/** What one answered attempt gives: the parsed body, untrusted, and the `Date` header of the answer. */
export interface Answer {
  readonly body: unknown;
  /** Milliseconds since the epoch, whole seconds; absent when the header was missing or unreadable. */
  readonly dateMs?: number;
  /** Of a get of the whole: the body as BigQuery wrote it, with numbers that JavaScript would round. */
  readonly text?: Sealed<string>;
}

/** A job by its name. `whole`: with every field there is, the text of its query among them, and as text too. */
export type GetRequest = JobName & { readonly whole?: boolean };

/** Asked right before a request is sent, once all is there that it needs. */
export type LastCheck = () => Promise<boolean>;

/** One page of `jobs.list` [bigquery-facts: Jobs API]. */
export interface ListPageRequest {
  readonly projectId: string;
  readonly allUsers: boolean;
  readonly states: readonly ('pending' | 'running' | 'done')[];
  readonly projection: 'full' | 'minimal';
  readonly minCreationTimeMs?: number;
  readonly maxCreationTimeMs?: number;
  readonly parentJobId?: string;
  readonly maxResults?: number;
  readonly pageToken?: string;
}

/**
 * The seam between us and BigQuery: one attempt a call, no back-off, no budget, no deadline of its own.
 * The product hands in Google's client, worlds the simulator's handler; one contract table runs against both.
 *
 * Every method resolves to an answer of status 2xx, or throws a `JobsApiError` of `errors.ts`.
 * `signal` asks to give up waiting; an implementation may ignore it, so callers race it.
 */
export interface JobsApi {
  get(request: GetRequest, signal: AbortSignal): Promise<Answer>;
  list(request: ListPageRequest, signal: AbortSignal): Promise<Answer>;
  /** `body` is a Job resource with `jobReference` and `configuration`. `isStillWanted` is asked right before it is sent. */
  insert(
    projectId: string,
    body: unknown,
    signal: AbortSignal,
    isStillWanted?: LastCheck | undefined,
  ): Promise<Answer>;
  cancel(name: JobName, signal: AbortSignal): Promise<Answer>;
  delete(name: JobName, signal: AbortSignal): Promise<Answer>;
  /**
   * The same API, called as a service account, whose e-mail is given. Its calls also throw what `impersonate.ts`
   * does; what refuses writes refuses them here too.
   */
  asAccount(account: string): JobsApi;
}
