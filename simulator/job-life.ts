import type { JobRecord, JobState } from './job-record.ts';
import type { JobError } from './job-script.ts';

/** A job as it is at one moment. */
export interface Life {
  readonly state: JobState;
  readonly startTimeMs?: number;
  readonly endTimeMs?: number;
  readonly error?: JobError;
  /** What its errors are besides that one; of a job that succeeded: warnings. */
  readonly moreErrors?: readonly JobError[];
}

interface Ending extends Pick<Life, 'error' | 'moreErrors'> {
  readonly atMs: number;
  /** Something other than the job itself ended it. */
  readonly forced: boolean;
}

const STOPPED_BY_REQUEST: JobError = {
  reason: 'stopped',
  message: 'Job execution was cancelled: User requested cancellation',
};

/** A job that is cancelled ends within 2 s of the request (design section 7). */
const SLOWEST_CANCEL_MS = 1_800;
const FASTEST_CANCEL_MS = 200;
/** How soon a job ends by itself whose cancel is going to come too late. */
const LOST_RACE_MS = 150;

/** The job's state at `nowMs`: a pure function of the record and the time. */
export function lifeAt(record: JobRecord, nowMs: number): Life {
  const ending = endingOf(record);
  if (record.given !== undefined) return givenLife(record, ending, nowMs);
  const { startsAtMs } = record.plan;
  const isDone = ending.atMs <= nowMs;
  const hasStarted = ending.forced ? startsAtMs < ending.atMs : startsAtMs <= ending.atMs;
  const start = hasStarted && startsAtMs <= nowMs ? { startTimeMs: startsAtMs } : {};
  if (!isDone) return { state: 'startTimeMs' in start ? 'RUNNING' : 'PENDING', ...start };
  return { state: 'DONE', ...start, endTimeMs: ending.atMs, ...errorsOf(ending) };
}

/** A loaded job keeps the state it was loaded with until a cancel stops it. */
function givenLife(record: JobRecord, ending: Ending, nowMs: number): Life {
  const { given } = record;
  if (given === undefined) return { state: 'PENDING' };
  const start = given.startTimeMs === undefined ? {} : { startTimeMs: given.startTimeMs };
  if (given.state !== 'DONE' && ending.forced && ending.atMs <= nowMs) {
    return {
      state: 'DONE',
      ...start,
      // Times of a file may lie ahead of the clock.
      endTimeMs: Math.max(ending.atMs, given.startTimeMs ?? 0),
      ...(ending.error ? { error: ending.error } : {}),
    };
  }
  return {
    state: given.state,
    ...start,
    ...(given.endTimeMs === undefined ? {} : { endTimeMs: given.endTimeMs }),
    ...(given.error === undefined ? {} : { error: given.error }),
  };
}

/** Whether the job is there at all: not before its creation, and no child of a script that was stopped before. */
export function existsAt(record: JobRecord, nowMs: number): boolean {
  if (record.given !== undefined) return true;
  if (record.creationTimeMs > nowMs) return false;
  return record.parent === undefined || endingOf(record.parent).atMs >= record.creationTimeMs;
}

/** Whether a list that shows the jobs as of `nowMs` still has it: deleted metadata may linger there. */
export function isListedAt(record: JobRecord, nowMs: number): boolean {
  return existsAt(record, nowMs) && nowMs < (record.deletion?.listsUntilMs ?? Infinity);
}

/**
 * Whether it is part of a history that goes back so far. What has not ended is never too old; what has ended goes
 * by its creation, as the history's other queries do.
 */
export function isRememberedAt(record: JobRecord, nowMs: number, historyMs: number): boolean {
  return record.creationTimeMs >= nowMs - historyMs || lifeAt(record, nowMs).state !== 'DONE';
}

/** When and how the job ends as things stand, the earliest cause first. Infinity: never. */
export function endingOf(record: JobRecord): Ending {
  const { plan, parent } = record;
  let ending: Ending = {
    atMs: plan.endsAtMs,
    forced: false,
    ...errorsOf(plan),
  };
  if (plan.timeout !== undefined && plan.timeout.atMs < ending.atMs) {
    const message = `Job execution was cancelled: Job timed out after ${plan.timeout.seconds} sec`;
    ending = { atMs: plan.timeout.atMs, forced: true, error: { reason: 'stopped', message } };
  }
  if (plan.stopsAtMs !== undefined && plan.stopsAtMs < ending.atMs) {
    ending = { atMs: plan.stopsAtMs, forced: true, error: STOPPED_BY_REQUEST };
  }
  if (parent !== undefined) {
    const parentEnding = endingOf(parent);
    if (parentEnding.forced && parentEnding.atMs < ending.atMs) ending = parentEnding;
  }
  return ending;
}

function errorsOf({
  error,
  moreErrors,
}: Pick<Life, 'error' | 'moreErrors'>): Pick<Life, 'error' | 'moreErrors'> {
  return { ...(error === undefined ? {} : { error }), ...(moreErrors === undefined ? {} : { moreErrors }) };
}

/** When the job would have ended had nobody asked it to stop. Infinity: never. */
export function naturalEndOf(record: JobRecord): number {
  return Math.min(record.plan.endsAtMs, record.plan.timeout?.atMs ?? Infinity);
}

/**
 * Asks the job to stop. Returns whether the request was of any consequence: a job that is DONE takes none,
 * and neither does a copy job [doc: managing-tables.md].
 */
export function requestCancel(record: JobRecord, nowMs: number, random: () => number): boolean {
  const { plan } = record;
  const life = lifeAt(record, nowMs);
  if (life.state === 'DONE') return false;
  plan.cancelRequestedAtMs.push(nowMs);
  if (record.type === 'COPY' || plan.cancel === 'stuck') return false;
  if (plan.cancel === 'loses-race') {
    plan.startsAtMs = Math.min(plan.startsAtMs, nowMs);
    plan.endsAtMs = Math.min(plan.endsAtMs, nowMs + LOST_RACE_MS);
    return false;
  }
  if (plan.cancelRequestedAtMs.length <= (plan.cancel.ignoresFirst ?? 0)) return false;
  const drawnMs = FASTEST_CANCEL_MS + Math.floor(random() * (SLOWEST_CANCEL_MS - FASTEST_CANCEL_MS));
  plan.stopsAtMs = Math.min(plan.stopsAtMs ?? Infinity, nowMs + (plan.cancel.afterMs ?? drawnMs));
  return true;
}
