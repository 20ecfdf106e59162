import { Redacted } from '../job/redacted.ts';
import { ErrorBody } from './answer.schema.ts';
import { type AnswerHeaders, dateMsOf, retryAfterMsOf } from './answer-headers.ts';
import {
  DuplicateError,
  type Failure,
  ForbiddenError,
  type JobsApiError,
  NotFoundError,
  type Outcome,
  PageTokenError,
  TerminalError,
  ThrottledError,
  UnauthenticatedError,
  UnavailableError,
} from './errors.ts';
import type { Answer, JobsMethod } from './jobs-api.ts';
import type { Sealed } from './sealed.ts';

/** The call that an answer belongs to. */
export interface CallContext {
  readonly method: JobsMethod;
  readonly target: string;
  readonly account?: string | undefined;
  /** Whether it continues a list. */
  readonly continues?: boolean | undefined;
  /** For Google's message, when it is kept as a keyed hash. */
  readonly redactionKey?: string | undefined;
}

/** An HTTP answer. `unreadable`: it has a body that is not JSON. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body?: unknown;
  readonly unreadable?: boolean;
  /** The body as it came, where that was asked for. */
  readonly text?: Sealed<string>;
}

const THROTTLED: ReadonlySet<string> = new Set([
  'rateLimitExceeded',
  'userRateLimitExceeded',
  'jobRateLimitExceeded',
  // Of a call: too many at once [doc: troubleshoot-quotas.md, concurrent api requests]. Longer quotas pass too.
  'quotaExceeded',
]);
/** Server faults by their word, whatever the status. They have been told of jobs that succeeded. */
const SERVER_FAULTS: ReadonlySet<string> = new Set([
  'backendError',
  'internalError',
  'badGateway',
  'jobBackendError',
  'jobInternalError',
]);
/** The words of a 403 that a grant of the method's permission would cure. */
const NOT_GRANTED: ReadonlySet<string> = new Set(['accessDenied', 'forbidden', 'insufficientPermissions']);
/** A reason is a word. Anything else in its place is not ours to repeat. */
const WORD = /^[A-Za-z][A-Za-z_]{0,63}$/;

/** The answer of a 2xx that holds no error, or the typed error. One reading for all implementations of the seam. */
export function answerOrThrow(call: CallContext, raw: RawAnswer): Answer {
  if (raw.status < 200 || raw.status > 299 || ErrorBody.safeParse(raw.body).success) {
    throw errorFromAnswer(call, raw);
  }
  if (raw.unreadable && raw.status !== 204) {
    const failure = { ...calledIn(call), status: raw.status };
    throw new UnavailableError(failure, { because: 'the answer cannot be read as JSON', outcome: 'unknown' });
  }
  const dateMs = dateMsOf(raw.headers);
  const text = raw.text === undefined ? {} : { text: raw.text };
  return { body: raw.body, ...(dateMs === undefined ? {} : { dateMs }), ...text };
}

/** By status and reason, as the table of bigquery-facts (Failures and retries) has them. */
export function errorFromAnswer(call: CallContext, raw: RawAnswer): JobsApiError {
  const { error } = ErrorBody.safeParse(raw.body).data ?? {};
  // An error inside a 200 carries its real status in the body.
  const status = raw.status < 300 ? (error?.code ?? 500) : raw.status;
  const told = error?.errors?.[0]?.reason;
  const reason = told !== undefined && WORD.test(told) ? told : undefined;
  const detail = error?.message === undefined ? undefined : new Redacted(error.message, call.redactionKey);
  const failure: Failure = { ...calledIn(call), status, reason, detail };
  const retryAfterMs = retryAfterMsOf(raw.headers);

  if (status === 429 || (reason !== undefined && THROTTLED.has(reason))) {
    return new ThrottledError(failure, retryAfterMs);
  }
  const outcome = serverFault(status, reason);
  if (outcome !== undefined) {
    return new UnavailableError(failure, { because: 'BigQuery could not do it now', outcome, retryAfterMs });
  }
  // A proxy or a wrong address answers 404 too: only one in Google's format speaks of a job.
  if (status === 404 && error !== undefined) return new NotFoundError(failure);
  if (status === 401) return new UnauthenticatedError(failure);
  if (status === 403 && (reason === undefined || NOT_GRANTED.has(reason))) return new ForbiddenError(failure);
  if (status === 409) return new DuplicateError(failure);
  // The first page was answered, so of the same parameters only the token can be wrong.
  if ((status === 400 || status === 410) && call.continues) return new PageTokenError(failure);
  return new TerminalError(failure);
}

/** For a fault on the server's side: whether a write may have been done. Undefined: it is no such fault. */
function serverFault(status: number, reason: string | undefined): Outcome | undefined {
  if (reason === 'notImplemented') return undefined;
  if (status >= 500 || status === 408) return 'unknown';
  if (reason === undefined) return undefined;
  if (SERVER_FAULTS.has(reason)) return 'unknown';
  return reason === 'tableUnavailable' ? 'not-done' : undefined;
}

/** Codes of Node under which a request never reached a server. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** For an attempt that had no answer: `error` is what the transport threw. Of it only Node's code is told. */
export function errorFromTransport(call: CallContext, error: unknown): UnavailableError {
  const code = codeOf(error);
  const because = `the connection failed (${code ?? 'no code'})`;
  const outcome = code !== undefined && NEVER_SENT.has(code) ? 'not-done' : 'unknown';
  return new UnavailableError(calledIn(call), { because, outcome });
}

/** For an attempt that failed before anything was sent. `because` is a phrase of ours. */
export function errorBeforeSending(call: CallContext, because: string): UnavailableError {
  return new UnavailableError(calledIn(call), { because, outcome: 'not-done' });
}

/** What an error tells of its call. */
export function calledIn({ method, target, account }: CallContext): Failure {
  return { method, target, account };
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' && /^[A-Z][A-Z0-9_]{0,63}$/.test(error.code) ? error.code : undefined;
}
