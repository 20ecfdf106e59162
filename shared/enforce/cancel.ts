import type { Alert, JobAlertData } from '../alert/alert.schema.ts';
import { permissionMissing } from '../alert/system-alert.ts';
import {
  ForbiddenError,
  HeldBackError,
  JobsApiError,
  NotFoundError,
  ThrottledError,
  UnavailableError,
  WriteRefusedError,
} from '../bigquery/errors.ts';
import type { Look } from '../bigquery/jobs-client.ts';
import type { HeldClaim } from '../ledger/ledger.ts';
import { bigqueryNow } from './bigquery-now.ts';
import { BY_POLICY, type Confirm, type Grounds } from './confirm.ts';
import { makeSure, type Request, unmarked } from './make-sure.ts';
import { tellAlerts } from './outbox.ts';
import type { EnforcePorts, Span } from './ports.ts';
import { actAlert, record } from './receipt.ts';
import type { JudgedLook } from './second-look.ts';

export type Requested =
  /** BigQuery took the request, or may have, after this look: look for its outcome. */
  | { readonly kind: 'asked'; readonly held: HeldClaim; readonly look: JudgedLook }
  /** It did not: look again then, and ask again if the job still runs. */
  | {
      readonly kind: 'failed';
      readonly held: HeldClaim;
      readonly againAtMs: number;
      readonly error: JobsApiError;
    }
  /** It was not sent, for it was wanted no more: look again then. */
  | { readonly kind: 'held-back'; readonly held: HeldClaim; readonly againAtMs: number }
  /** Nothing is left to do for this claim. */
  | { readonly kind: 'over' };

const SECOND_MS = 1_000;

/** How soon to ask again after a request that failed: soon at first, for most faults pass. */
const AGAIN_SOON_MS = 5 * SECOND_MS;
const AGAIN_LATER_MS = 30 * SECOND_MS;
const SOON_FOR_MS = 60 * SECOND_MS;
/** A request that BigQuery refuses as such is refused again, unless something changes. */
const AGAIN_REFUSED_MS = 300 * SECOND_MS;
/** However long BigQuery asks us to wait: a job that runs on costs, and a request in five minutes does not. */
const LONGEST_WAIT_MS = 300 * SECOND_MS;
/** So long may requests fail, or not be made, before people are told that the job runs on. */
const FAILING_BEFORE_TELLING_MS = 120 * SECOND_MS;

/**
 * Asks BigQuery to cancel, once: each request follows a look of its own, so that none is sent on an old one. A
 * turn may be long in coming, so whether the request is still wanted is asked when it has come.
 *
 * @param confirm who is asked that
 * @throws ForbiddenError, when people were told; the claim can then be won again
 */
export async function requestCancel(
  held: HeldClaim,
  grounds: Grounds,
  span: Span,
  ports: EnforcePorts,
  confirm: Confirm = BY_POLICY,
): Promise<Requested> {
  const request: Request = { before: held.claim, held, grounds };
  let answer: Look | undefined;
  try {
    answer = await ports.jobs.cancel(held.claim.job, {
      deadlineAtMs: span.deadlineAtMs,
      beforeSending: (onTurn) => {
        const jobs = { ...ports.jobs, ...onTurn };
        return makeSure(request, confirm, span, { ...ports, jobs });
      },
    });
  } catch (error) {
    return afterFailure(error, request, ports);
  }
  const { claim } = request.held;
  const { look } = request.grounds;
  const askedAtMs = [...request.before.askedAtMs, takenAtMs(answer, request)];
  ports.log.notice('cancel requested', { job: claim.job, policy: claim.policy, requests: askedAtMs.length });
  const alert = actAlert('cancelling', look.job, { ...claim, askedAtMs }, look.nowMs);
  return { kind: 'asked', held: await record(request.held, { askedAtMs }, [alert], ports), look };
}

/** When BigQuery took the request, by its own clock; if the answer does not say, when it was sent. */
function takenAtMs(answer: Look | undefined, { grounds: { look }, sentAtMs }: Request): number {
  const told = answer && bigqueryNow(answer);
  return told?.kind === 'now' ? Math.max(told.nowMs, look.nowMs) : (sentAtMs ?? look.nowMs);
}

async function afterFailure(error: unknown, request: Request, ports: EnforcePorts): Promise<Requested> {
  if (error instanceof HeldBackError) return heldBack(request, ports);
  if (!(error instanceof JobsApiError)) throw error;
  const { held, grounds } = request;
  const { job, nowMs } = grounds.look;
  if (error instanceof WriteRefusedError) {
    const told = actAlert('observed', job, held.claim, nowMs, 'dry-run');
    return refused(error, 'dry-run', [told], request, ports);
  }
  if (error instanceof NotFoundError) return gone(request, ports);
  if (error instanceof ForbiddenError) {
    const { permission, message: detail } = error;
    const { projectId } = job.name;
    await tellAlerts([permissionMissing(ports.verb, projectId, { permission, detail }, nowMs)], ports);
    const told = actAlert('could-not-cancel', job, held.claim, nowMs, 'permission-missing');
    const requested = await refused(error, 'forbidden', [told], request, ports);
    if (requested.kind === 'over') throw error;
    return requested;
  }
  ports.log.warning('cancel request failed', { job: held.claim.job, policy: held.claim.policy, error });
  if (error.fault !== 'unknown') return keepTrying(error, request, ports);
  // What may have been done has its time like any other request: only looking tells.
  const askedAtMs = [...request.before.askedAtMs, takenAtMs(undefined, request)];
  return { kind: 'asked', held: await record(held, { askedAtMs }, [], ports), look: grounds.look };
}

/** Nothing was sent, so it is not counted as asked. What is no matter of BigQuery's is for another time. */
async function heldBack(request: Request, ports: EnforcePorts): Promise<Requested> {
  const { failure, held } = request;
  const now = ports.clock.now();
  if (failure instanceof JobsApiError) return keepTrying(failure, request, ports);
  if (failure !== undefined) {
    await ports.ledger.advance(held, { ...unmarked(request), lookAtMs: now, leaseUntilMs: now }, []);
    throw failure;
  }
  ports.log.info('cancel held back, it is wanted no more', {
    job: held.claim.job,
    policy: held.claim.policy,
  });
  const kept = await record(held, unmarked(request), [], ports);
  return { kind: 'held-back', held: kept, againAtMs: now + SECOND_MS };
}

/** The request was not done, for now: it is not counted as asked. */
async function keepTrying(error: JobsApiError, request: Request, ports: EnforcePorts): Promise<Requested> {
  const { held, grounds } = request;
  const { job, nowMs } = grounds.look;
  const { claim } = held;
  const now = ports.clock.now();
  const againInMs = waitMs(error, now - claim.wonAtMs);
  const because = whyTold(error, now - claim.wonAtMs, againInMs);
  const told = because ? [actAlert('could-not-cancel', job, claim, nowMs, because)] : [];
  const kept = await record(held, unmarked(request), told, ports);
  return { kind: 'failed', held: kept, againAtMs: now + againInMs, error };
}

function whyTold(error: JobsApiError, sinceWonMs: number, againInMs: number): JobAlertData['because'] {
  if (error.fault === 'terminal') return 'request-refused';
  return Math.max(sinceWonMs, againInMs) >= FAILING_BEFORE_TELLING_MS ? 'request-failed' : undefined;
}

function waitMs(error: JobsApiError, sinceWonMs: number): number {
  if (error.fault === 'terminal') return AGAIN_REFUSED_MS;
  const askedToWaitMs =
    error instanceof ThrottledError || error instanceof UnavailableError ? (error.retryAfterMs ?? 0) : 0;
  const leastMs = Math.min(askedToWaitMs, LONGEST_WAIT_MS);
  return Math.max(leastMs, sinceWonMs < SOON_FOR_MS ? AGAIN_SOON_MS : AGAIN_LATER_MS);
}

/** Why a claim was withdrawn: nothing may be written by this instance, or by its account. */
export type WithdrawnAs = 'dry-run' | 'forbidden';

/** It was not done, and would be refused again. What was asked before stands, and is looked for. */
async function refused(
  error: JobsApiError,
  outcome: WithdrawnAs,
  told: readonly Alert[],
  request: Request,
  ports: EnforcePorts,
): Promise<Requested> {
  const { held, before } = request;
  if (before.askedAtMs.length > 0) {
    const kept = await record(held, unmarked(request), told, ports);
    return { kind: 'failed', held: kept, againAtMs: ports.clock.now() + AGAIN_REFUSED_MS, error };
  }
  return withdraw(outcome, told, request, ports);
}

/** BigQuery says that it knows no such job. */
async function gone(request: Request, ports: EnforcePorts): Promise<Requested> {
  if (request.before.askedAtMs.length === 0) return withdraw('gone', [], request, ports);
  const endedAtMs = ports.clock.now();
  await record(request.held, { ...unmarked(request), state: 'ended', outcome: 'gone', endedAtMs }, [], ports);
  return { kind: 'over' };
}

/** Nothing was done, and nothing is tried by this claim: it may be won again, and its slot is free. */
async function withdraw(
  outcome: WithdrawnAs | 'gone',
  told: readonly Alert[],
  request: Request,
  ports: EnforcePorts,
): Promise<Requested> {
  const { verb, policy, key } = request.held.claim;
  await record(request.held, { ...unmarked(request), state: 'void', outcome }, told, ports);
  await ports.ledger.freeSlot({ verb, policy }, key);
  return { kind: 'over' };
}
