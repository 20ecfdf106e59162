import { formatJobName, type JobName } from '../job/job-name.ts';
import type { Redacted } from '../job/redacted.ts';
import type { JobsMethod } from './jobs-api.ts';
import { isWrite, methodFacts } from './methods.ts';

/**
 * What a failure means for what comes next.
 * - `terminal`: the same call is going to fail again.
 * - `transient`: nothing was done, and the same call may succeed later.
 * - `unknown`: a write that may or may not have been done; only looking tells.
 */
export type Fault = 'terminal' | 'transient' | 'unknown';

/** Whether a write that failed may have been done all the same. For reads always `not-done`. */
export type Outcome = 'not-done' | 'unknown';

/** What was called, and what BigQuery said of it. */
export interface Failure {
  readonly method: JobsMethod;
  /** What it was about: `project:location.job`, or `jobs of project`. */
  readonly target: string;
  /** The service account as which it was called, if not as the watchdog's own. */
  readonly account?: string | undefined;
  readonly status?: number | undefined;
  /** BigQuery's word (`notFound`, `backendError`, …). */
  readonly reason?: string | undefined;
  /** BigQuery's message. It may quote the query, so it is no part of ours. */
  readonly detail?: Redacted | undefined;
}

/** Every failure of the jobs API. No text that came from outside stands in its message but names and reasons. */
export abstract class JobsApiError extends Error {
  abstract readonly fault: Fault;
  readonly method: JobsMethod;
  readonly target: string;
  readonly account: string | undefined;
  readonly status: number | undefined;
  readonly reason: string | undefined;
  readonly detail: Redacted | undefined;

  constructor(failure: Failure, happened: string, cause?: JobsApiError) {
    const said = [failure.status, failure.reason].filter((word) => word !== undefined).join(' ');
    const answer = said === '' ? '' : ` (answer: ${said})`;
    const options = cause === undefined ? {} : { cause };
    const as = failure.account === undefined ? '' : ` as ${failure.account}`;
    super(`jobs.${failure.method} of ${failure.target}${as}: ${happened}${answer}`, options);
    this.method = failure.method;
    this.target = failure.target;
    this.account = failure.account;
    this.status = failure.status;
    this.reason = failure.reason;
    this.detail = failure.detail;
  }
}

/** BigQuery knows no such job at that location, or no such project. */
export class NotFoundError extends JobsApiError {
  override readonly name = 'NotFoundError';
  readonly fault = 'terminal';

  constructor(failure: Failure) {
    super(failure, 'not found there; a job is found only with its own project and location');
  }
}

/** The account that asked, the watchdog's or the one that it acted as, may not do this. */
export class ForbiddenError extends JobsApiError {
  override readonly name = 'ForbiddenError';
  readonly fault = 'terminal';
  readonly permission: string;
  readonly role: string;

  constructor(failure: Failure) {
    const { permission, role } = methodFacts(failure.method);
    const to = failure.account === undefined ? '' : ` to ${failure.account}`;
    super(failure, `not permitted; grant ${permission} on the project${to}, which ${role} has`);
    this.permission = permission;
    this.role = role;
  }
}

/** Google does not know who is calling. Tokens run out, and keys are mended: it may pass. */
export class UnauthenticatedError extends JobsApiError {
  override readonly name = 'UnauthenticatedError';
  readonly fault = 'transient';

  constructor(failure: Failure, service: 'BigQuery' | 'IAM Credentials' = 'BigQuery') {
    super(
      failure,
      `${service} does not accept the credentials; check the service account of this deployment`,
    );
  }
}

/** Too many requests: refused, so nothing was done. */
export class ThrottledError extends JobsApiError {
  override readonly name = 'ThrottledError';
  readonly fault = 'transient';
  readonly retryAfterMs: number | undefined;

  constructor(failure: Failure, retryAfterMs?: number) {
    const wait = retryAfterMs === undefined ? 'ask again later' : `ask again after ${retryAfterMs} ms`;
    super(failure, `too many requests; ${wait}`);
    this.retryAfterMs = retryAfterMs;
  }
}

/** An end without an answer: of a write it may be unknown whether it was done. */
abstract class UnansweredError extends JobsApiError {
  readonly fault: 'transient' | 'unknown';
  readonly outcome: Outcome;

  constructor(failure: Failure, happened: string, outcome: Outcome, cause?: JobsApiError) {
    super(failure, `${happened}${consequence(failure.method, outcome)}`, cause);
    this.outcome = isWrite(failure.method) ? outcome : 'not-done';
    this.fault = this.outcome === 'unknown' ? 'unknown' : 'transient';
  }
}

export interface Unavailability {
  /** A phrase of ours: `the connection failed (ECONNRESET)`, `the answer is no job`. */
  readonly because: string;
  readonly outcome: Outcome;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: JobsApiError | undefined;
}

/** No usable answer: a server fault, a broken connection, silence, or a body that makes no sense. */
export class UnavailableError extends UnansweredError {
  override readonly name = 'UnavailableError';
  readonly because: string;
  readonly retryAfterMs: number | undefined;

  constructor(failure: Failure, { because, outcome, retryAfterMs, cause }: Unavailability) {
    const after = retryAfterMs === undefined ? '' : `; ask again after ${retryAfterMs} ms`;
    super(failure, `${because}${after}`, outcome, cause);
    this.because = because;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * An id that is taken: BigQuery takes each once. Whether that is good or bad is for those to say who look at the
 * job: it may be the one that was wanted.
 */
export class DuplicateError extends JobsApiError {
  override readonly name = 'DuplicateError';
  readonly fault = 'unknown';
  /** `unknown`: an earlier attempt of the same call had no certain outcome, so the job may be of its making. */
  readonly earlier: Outcome;

  constructor(failure: Failure, earlier: Outcome = 'not-done') {
    const perhaps = earlier === 'unknown' ? ', perhaps since an earlier attempt of this call' : '';
    super(failure, `a job of that id exists already${perhaps}; get it to see whose it is`);
    this.earlier = earlier;
  }
}

/** Refused for what it is. */
export class TerminalError extends JobsApiError {
  override readonly name = 'TerminalError';
  readonly fault = 'terminal';

  constructor(failure: Failure, happened = 'refused, and would be refused again') {
    super(failure, happened);
  }
}

/** A list that cannot be continued: its page token is no longer, or never was, good. Listing anew may succeed. */
export class PageTokenError extends JobsApiError {
  override readonly name = 'PageTokenError';
  readonly fault = 'transient';

  constructor(failure: Failure) {
    super(failure, 'the page token is refused; list again from the first page');
  }
}

export interface PassedDeadline {
  readonly deadlineAtMs: number;
  readonly waitingFor: 'a turn' | 'an answer' | 'the next attempt';
  /** How many attempts were sent. */
  readonly attempts: number;
  readonly outcome: Outcome;
  readonly last?: JobsApiError | undefined;
}

/** The caller's time ran out, or would before anything more could be done. */
export class DeadlineError extends UnansweredError {
  override readonly name = 'DeadlineError';
  readonly deadlineAtMs: number;
  readonly waitingFor: PassedDeadline['waitingFor'];
  readonly attempts: number;

  constructor(failure: Failure, passed: PassedDeadline) {
    const { deadlineAtMs, waitingFor, attempts, outcome, last } = passed;
    const told = last === undefined ? '' : `; the last one ended in ${summary(last)}`;
    const what = `no time left until ${printTime(deadlineAtMs)} for ${waitingFor}, after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}${told}`;
    super(failure, what, outcome, last);
    this.deadlineAtMs = deadlineAtMs;
    this.waitingFor = waitingFor;
    this.attempts = attempts;
  }
}

/** A job with more children than can be looked at. A person has to delete it. */
export class TooManyChildrenError extends JobsApiError {
  override readonly name = 'TooManyChildrenError';
  readonly fault = 'terminal';
  /** How many children are looked at. */
  readonly most: number;

  constructor(parent: JobName, most: number) {
    super(
      { method: 'list', target: formatJobName(parent) },
      `it has more than ${most} children, which is more than are looked at; delete it by hand (bq rm -j)`,
    );
    this.most = most;
  }
}

/** Nothing was sent: when its turn had come, whoever asked wanted it no more. */
export class HeldBackError extends JobsApiError {
  override readonly name = 'HeldBackError';
  readonly fault = 'transient';

  constructor(failure: Pick<Failure, 'method' | 'target'>) {
    super(failure, 'not sent, for it was not wanted any more when its turn had come; judge anew');
  }
}

/** Dry run: nothing was sent. */
export class WriteRefusedError extends JobsApiError {
  override readonly name = 'WriteRefusedError';
  readonly fault = 'terminal';

  constructor(failure: Pick<Failure, 'method' | 'target'>) {
    super(failure, 'not sent, for this is a dry run; switch the dry run off to act');
  }
}

function consequence(method: JobsMethod, outcome: Outcome): string {
  if (!isWrite(method)) return '';
  return outcome === 'unknown' ? '; it may have been done: look at the job' : '; nothing was done';
}

function summary(error: JobsApiError): string {
  return [error.name, error.status, error.reason].filter((word) => word !== undefined).join(' ');
}

/** Also for a number that is no time: an error must not fail. */
function printTime(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}
