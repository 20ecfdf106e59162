import { BrokenJobError } from '../job/errors.ts';
import { readJob } from '../job/from-rest.ts';
import type { Job } from '../job/job.ts';
import { formatJobName, type JobName, sameJob } from '../job/job-name.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import { NotJsonError } from '../retry/errors.ts';
import { isJsonObject, type JsonObject, parseJson } from '../retry/json.ts';
import { CancelBody } from './answer.schema.ts';
import { type BackOff, USUAL_BACK_OFF } from './back-off.ts';
import type { Budget } from './budget.ts';
import { type CallerParts, makeCall, type Received } from './caller.ts';
import { UnavailableError } from './errors.ts';
import type { Answer, JobsApi, JobsMethod } from './jobs-api.ts';
import type { Answered, CallOptions, JobsClient, JobsReader, Look } from './jobs-client.ts';
import { listPages } from './list-pages.ts';
import { newJobName } from './new-job-name.ts';
import { Sealed } from './sealed.ts';

export interface JobsClientParts {
  readonly api: JobsApi;
  readonly clock: Clock;
  readonly random: Random;
  /** One per account, shared by all clients that act as it. */
  readonly budget: Budget;
  readonly redactionKey?: string | undefined;
  readonly log?: Log | undefined;
  readonly backOff?: BackOff;
  readonly attemptTimeoutMs?: number;
  /** Jobs asked for in one page of a list. */
  readonly pageSize?: number;
}

/** An answer of Google's takes well under a second; one that takes this long is not coming. */
const ATTEMPT_TIMEOUT_MS = 20_000;
const PAGE_SIZE = 500;

/** How calls are made with these parts. */
export function callerOf(parts: JobsClientParts): CallerParts {
  const { clock, random, budget, log, backOff, attemptTimeoutMs } = parts;
  return {
    clock,
    random,
    budget,
    log,
    backOff: backOff ?? USUAL_BACK_OFF,
    attemptTimeoutMs: attemptTimeoutMs ?? ATTEMPT_TIMEOUT_MS,
  };
}

/**
 * The jobs API with back-off, budget and deadline. Reads are repeated, and an insert, whose id makes it safe; a
 * cancel and a delete are sent once.
 */
export function createJobsClient(parts: JobsClientParts): JobsClient {
  const { api, budget, redactionKey } = parts;
  const caller = callerOf(parts);
  const callOf = (method: JobsMethod, name: JobName, { deadlineAtMs }: CallOptions) => ({
    method,
    target: formatJobName(name),
    deadlineAtMs,
  });
  const once: CallerParts = { ...caller, backOff: { ...caller.backOff, attempts: 1 } };
  const getter = (by: CallerParts): Pick<JobsReader, 'get'> => ({
    get: async (name, options) => {
      const call = callOf('get', name, options);
      return makeCall(by, {
        ...call,
        send: (signal) => api.get(name, signal),
        read: (received) => {
          const job = jobIn(received.answer.body, name, redactionKey);
          if (job === undefined) throw noJob(call);
          return lookOf(job, received);
        },
      });
    },
  });
  const onHeldTurn = getter({ ...once, budget: { take: (...call) => budget.takeWithin(...call) } });
  return {
    ...getter(caller),
    getWhole: async (name, options) => {
      const call = callOf('get', name, options);
      return makeCall(caller, {
        ...call,
        send: (signal) => api.get({ ...name, whole: true }, signal),
        read: (received) => {
          const job = jobIn(received.answer.body, name, redactionKey);
          const resource = resourceIn(received.answer);
          if (job === undefined || resource === undefined) throw noJob(call);
          if (job.state === 'DONE' && job.error === undefined) throw noOutcome(call);
          return { ...lookOf(job, received), resource };
        },
      });
    },
    insert: async (projectId, body, options) => {
      const name = newJobName(projectId, body);
      const actor = options.as === undefined ? api : api.asAccount(options.as);
      return makeCall(caller, {
        ...callOf('insert', name, options),
        account: options.as,
        beforeSending: options.beforeSending,
        send: (signal) => actor.insert(projectId, body, signal, options.isStillWanted),
        read: (received) => {
          const job = jobIn(received.answer.body, name, redactionKey);
          return job === undefined ? undefined : lookOf(job, received);
        },
      });
    },
    // One attempt: a repetition must follow a look of its own, which is for the caller to take.
    cancel: async (name, { beforeSending, ...options }) =>
      makeCall(once, {
        ...callOf('cancel', name, options),
        beforeSending: beforeSending && (() => beforeSending(onHeldTurn)),
        send: (signal) => api.cancel(name, signal),
        read: (received) => {
          const job = jobIn(CancelBody.safeParse(received.answer.body).data?.job, name, redactionKey);
          return job === undefined ? undefined : lookOf(job, received);
        },
      }),
    delete: async (name, { beforeSending, ...options }) =>
      makeCall(once, {
        ...callOf('delete', name, options),
        beforeSending: beforeSending && (() => beforeSending(onHeldTurn)),
        send: (signal) => api.delete(name, signal),
        read: answeredIn,
      }),
    list: (query, options) => {
      const settings = { pageSize: parts.pageSize ?? PAGE_SIZE, redactionKey };
      return listPages(api, caller, settings, query, options);
    },
  };
}

/** Undefined when it cannot be read, or is another job than the one asked for. */
function jobIn(resource: unknown, asked: JobName, redactionKey: string | undefined): Job | undefined {
  try {
    const job = readJob(resource, { redactionKey });
    return sameJob(job.name, asked) ? job : undefined;
  } catch (error) {
    if (error instanceof BrokenJobError) return undefined;
    throw error;
  }
}

/** Read anew from the text, for a parsed answer has lost digits. */
function resourceIn({ text }: Answer): Sealed<JsonObject> | undefined {
  if (text === undefined) return undefined;
  try {
    const resource = parseJson(text.take());
    return isJsonObject(resource) ? new Sealed(resource) : undefined;
  } catch (error) {
    if (error instanceof NotJsonError) return undefined;
    throw error;
  }
}

/** Whether it failed is what the whole of a job is asked for. */
function noOutcome(call: { readonly method: JobsMethod; readonly target: string }): UnavailableError {
  return new UnavailableError(call, {
    because: 'the answer does not tell whether the job failed',
    outcome: 'unknown',
  });
}

function noJob(call: { readonly method: JobsMethod; readonly target: string }): UnavailableError {
  return new UnavailableError(call, { because: 'the answer is not that job', outcome: 'unknown' });
}

function lookOf(job: Job, received: Received): Look {
  return { job, ...answeredIn(received) };
}

function answeredIn({ answer, sentAtMs, receivedAtMs }: Received): Answered {
  const date = answer.dateMs === undefined ? {} : { dateMs: answer.dateMs };
  return { ...date, sentAtMs, receivedAtMs };
}
