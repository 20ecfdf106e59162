import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import { attempt, SILENCE } from './attempt.ts';
import { type BackOff, backOffMs } from './back-off.ts';
import type { CallBudget, Turn } from './budget.ts';
import { calledIn, errorFromTransport } from './error-from-answer.ts';
import {
  DeadlineError,
  DuplicateError,
  HeldBackError,
  JobsApiError,
  type Outcome,
  type PassedDeadline,
  ThrottledError,
  UnavailableError,
} from './errors.ts';
import type { Answer, JobsMethod } from './jobs-api.ts';

export interface CallerParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly budget: Pick<CallBudget, 'take'>;
  readonly backOff: BackOff;
  /** How long one attempt may stay unanswered before it is given up and made anew. */
  readonly attemptTimeoutMs: number;
  readonly log?: Log | undefined;
}

/** An answer with when it was asked for and when it came, by our own clock. */
export interface Received {
  readonly answer: Answer;
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
}

/** A call that may be made more than once. */
export interface Call<T> {
  readonly method: JobsMethod;
  readonly target: string;
  /** The service account as which it is made, if not as the watchdog's own. */
  readonly account?: string | undefined;
  readonly deadlineAtMs: number;
  /** Asked while the turn is held, right before each attempt: whether it is to be sent still. */
  readonly beforeSending?: (() => Promise<boolean>) | undefined;
  readonly send: (signal: AbortSignal) => Promise<Answer>;
  /** Throws `UnavailableError` when the answer makes no sense. */
  readonly read: (received: Received) => T;
  /** Told of a failure after which it is made again: the next `send` may ask for less. */
  readonly failed?: (error: ThrottledError | UnavailableError) => void;
}

/** How far one call has come. */
interface Progress {
  attempts: number;
  /** Whether an attempt may have been done although it failed. */
  outcome: Outcome;
  /** It was not to be sent after all, or whoever was asked that failed: no matter of back-off. */
  isHeldBack: boolean;
  last?: JobsApiError;
}

/**
 * Makes the call until it is answered, refused for good, has failed `backOff.attempts` times, or its deadline
 * passes. Throws `JobsApiError`; if an earlier attempt of a write may have been done, always one of fault `unknown`.
 */
export async function makeCall<T>(parts: CallerParts, call: Call<T>): Promise<T> {
  const progress: Progress = { attempts: 0, outcome: 'not-done', isHeldBack: false };
  for (;;) {
    try {
      return call.read(await sendOnce(parts, call, progress));
    } catch (thrown) {
      if (progress.isHeldBack && progress.outcome === 'unknown' && progress.last)
        throw inDoubt(call, progress.last);
      if (progress.isHeldBack || !(thrown instanceof JobsApiError) || thrown instanceof DeadlineError)
        throw thrown;
      // It tells more than that an earlier attempt is in doubt: the job is there to be looked at.
      if (thrown instanceof DuplicateError) throw new DuplicateError(thrown, progress.outcome);
      if (!isWorthRepeating(thrown) || progress.attempts >= parts.backOff.attempts) {
        throw progress.outcome === 'unknown' ? inDoubt(call, thrown) : thrown;
      }
      if (thrown.fault === 'unknown') progress.outcome = 'unknown';
      progress.last = thrown;
      await waitForNext(parts, call, progress, thrown);
    }
  }
}

async function sendOnce<T>(parts: CallerParts, call: Call<T>, progress: Progress): Promise<Received> {
  const { clock } = parts;
  const turn = await parts.budget.take(call.method, call.deadlineAtMs);
  if (turn === undefined) throw pastDeadline(call, progress, 'a turn');
  await makeSure(turn, call, progress);
  const sentAtMs = clock.now();
  if (sentAtMs >= call.deadlineAtMs) {
    turn.release();
    throw pastDeadline(call, progress, 'a turn');
  }
  progress.attempts++;
  const leftMs = call.deadlineAtMs - sentAtMs;
  const waitMs = Math.min(parts.attemptTimeoutMs, leftMs);
  const answer = await attempt(clock, turn, waitMs, call.send).catch((error: unknown) => {
    throw error instanceof JobsApiError ? error : errorFromTransport(call, error);
  });
  if (answer !== SILENCE) return { answer, sentAtMs, receivedAtMs: clock.now() };
  if (leftMs <= parts.attemptTimeoutMs) {
    progress.outcome = 'unknown';
    throw pastDeadline(call, progress, 'an answer');
  }
  throw new UnavailableError(call, { because: `no answer within ${waitMs} ms`, outcome: 'unknown' });
}

/** Whoever does not send gives the turn back. */
async function makeSure<T>(turn: Turn, call: Call<T>, progress: Progress): Promise<void> {
  if (call.beforeSending === undefined) return;
  progress.isHeldBack = true;
  try {
    progress.isHeldBack = !(await call.beforeSending());
  } finally {
    if (progress.isHeldBack) turn.release();
  }
  if (progress.isHeldBack) throw new HeldBackError(call);
}

/** Sleeps, unless the deadline would come first: then there is nothing to wait for. */
async function waitForNext<T>(
  parts: CallerParts,
  call: Call<T>,
  progress: Progress,
  error: ThrottledError | UnavailableError,
): Promise<void> {
  const waitMs = backOffMs(parts.backOff, progress.attempts, parts.random, error.retryAfterMs);
  if (parts.clock.now() + waitMs >= call.deadlineAtMs) throw pastDeadline(call, progress, 'the next attempt');
  parts.log?.info('jobs API call failed and is made again', {
    error,
    attempt: progress.attempts,
    waitMs,
  });
  call.failed?.(error);
  await parts.clock.sleep(waitMs);
}

function isWorthRepeating(error: JobsApiError): error is ThrottledError | UnavailableError {
  return error instanceof ThrottledError || error instanceof UnavailableError;
}

/** The last answer speaks for its own attempt only. */
function inDoubt<T>(call: Call<T>, last: JobsApiError): UnavailableError {
  const because = `an earlier attempt had no certain outcome, and the last one ended in ${last.name}`;
  const failure = { ...calledIn(call), status: last.status, reason: last.reason };
  return new UnavailableError(failure, { because, outcome: 'unknown', cause: last });
}

function pastDeadline<T>(
  call: Call<T>,
  { attempts, outcome, last }: Progress,
  waitingFor: PassedDeadline['waitingFor'],
): DeadlineError {
  const passed = { deadlineAtMs: call.deadlineAtMs, waitingFor, attempts, outcome, last };
  return new DeadlineError(calledIn(call), passed);
}
