import type { Alert, JobAlertData } from '../alert/alert.schema.ts';
import { permissionMissing } from '../alert/system-alert.ts';
import {
  ForbiddenError,
  JobsApiError,
  NotFoundError,
  ThrottledError,
  UnavailableError,
  WriteRefusedError,
} from '../bigquery/errors.ts';
import type { Look } from '../bigquery/jobs-client.ts';
import type { Finding } from '../judge/verdict.ts';
import type { HeldClaim } from '../ledger/ledger.ts';
import { bigqueryNow } from './bigquery-now.ts';
import { tellAlerts } from './outbox.ts';
import type { EnforcePorts, Span } from './ports.ts';
import { actAlert, record } from './receipt.ts';
import type { JudgedLook } from './second-look.ts';

export type Requested =
  /** BigQuery took the request, or may have: look for its outcome. */
  | { readonly kind: 'asked'; readonly held: HeldClaim }
  /** It did not: look again then, and ask again if the job still runs. */
  | {
      readonly kind: 'failed';
      readonly held: HeldClaim;
      readonly againAtMs: number;
      readonly error: JobsApiError;
    }
  /** Nothing is left to do for this claim. */
  | { readonly kind: 'over' };

const SECOND_MS = 1_000;

/** How soon to ask again after a request that failed: soon at first, for most faults pass. */
const AGAIN_SOON_MS = 5 * SECOND_MS;
const AGAIN_LATER_MS = 30 * SECOND_MS;
const SOON_FOR_MS = 60 * SECOND_MS;
/** A request that BigQuery refuses as such is refused again, unless something changes. */
const AGAIN_REFUSED_MS = 300 * SECOND_MS;
/** So long may requests fail before people are told that the job runs on. */
const FAILING_BEFORE_TELLING_MS = 120 * SECOND_MS;

/**
 * Asks BigQuery to cancel, once: each request follows a look of its own, so that none is sent on an old one.
 * The claim says so *before* the call: whoever takes it over knows that the job may have been asked, and a
 * holder that lost its lease is stopped here, by the condition of that write. Requests are stamped with BigQuery's
 * own time, for whoever measures by them may have another clock.
 *
 * @throws ForbiddenError, when people were told; the claim can then be won again
 */
export async function requestCancel(
  held: HeldClaim,
  look: JudgedLook,
  finding: Finding,
  span: Span,
  ports: EnforcePorts,
): Promise<Requested> {
  const before = held.claim.askedAtMs;
  const askedAtMs = [...before, look.nowMs];
  const { held: asking } = await ports.ledger.advance(
    held,
    { state: 'asked', askedAtMs, finding, policy: finding.policy },
    [],
  );
  let answer: Look | undefined;
  try {
    answer = await ports.jobs.cancel(held.claim.job, { deadlineAtMs: span.deadlineAtMs });
  } catch (error) {
    return afterFailure(error, asking, look, ports);
  }
  ports.log.notice('cancel requested', {
    job: held.claim.job,
    policy: held.claim.policy,
    requests: askedAtMs.length,
  });
  const stamped = { askedAtMs: [...before, takenAtMs(answer, look)] };
  const alert = actAlert('cancelling', look.job, { ...asking.claim, ...stamped }, look.nowMs);
  return { kind: 'asked', held: await record(asking, stamped, [alert], ports) };
}

/** When BigQuery took the request, by its own clock; if the answer does not say, when it was last looked. */
function takenAtMs(answer: Look | undefined, { nowMs }: JudgedLook): number {
  const told = answer && bigqueryNow(answer);
  return told?.kind === 'now' ? Math.max(told.nowMs, nowMs) : nowMs;
}

async function afterFailure(
  error: unknown,
  held: HeldClaim,
  look: JudgedLook,
  ports: EnforcePorts,
): Promise<Requested> {
  const { job, nowMs } = look;
  if (error instanceof WriteRefusedError) {
    await withdraw(held, 'dry-run', [actAlert('observed', job, held.claim, nowMs, 'dry-run')], ports);
    return { kind: 'over' };
  }
  if (error instanceof NotFoundError) {
    await record(held, { state: 'ended', outcome: 'gone', endedAtMs: ports.clock.now() }, [], ports);
    return { kind: 'over' };
  }
  if (error instanceof ForbiddenError) {
    const { permission, message: detail } = error;
    const { projectId } = job.name;
    await tellAlerts([permissionMissing(ports.verb, projectId, { permission, detail }, nowMs)], ports);
    await withdraw(
      held,
      'forbidden',
      [actAlert('could-not-cancel', job, held.claim, nowMs, 'permission-missing')],
      ports,
    );
    throw error;
  }
  if (!(error instanceof JobsApiError)) throw error;
  ports.log.warning('cancel request failed', { job: held.claim.job, policy: held.claim.policy, error });
  // What may have been done has its time like any other request: only looking tells.
  return error.fault === 'unknown' ? { kind: 'asked', held } : keepTrying(error, held, look, ports);
}

/** The request was not done, for now: it is not counted as asked. */
async function keepTrying(
  error: JobsApiError,
  held: HeldClaim,
  { job, nowMs }: JudgedLook,
  ports: EnforcePorts,
): Promise<Requested> {
  const { claim } = held;
  const now = ports.clock.now();
  const askedAtMs = claim.askedAtMs.slice(0, -1);
  const because = whyTold(error, now - claim.wonAtMs);
  const kept = await record(
    held,
    { askedAtMs, state: askedAtMs.length === 0 ? 'claimed' : 'asked' },
    because ? [actAlert('could-not-cancel', job, claim, nowMs, because)] : [],
    ports,
  );
  return { kind: 'failed', held: kept, againAtMs: now + waitMs(error, now - claim.wonAtMs), error };
}

function whyTold(error: JobsApiError, sinceWonMs: number): JobAlertData['because'] {
  if (error.fault === 'terminal') return 'request-refused';
  return sinceWonMs >= FAILING_BEFORE_TELLING_MS ? 'request-failed' : undefined;
}

function waitMs(error: JobsApiError, sinceWonMs: number): number {
  if (error.fault === 'terminal') return AGAIN_REFUSED_MS;
  const askedToWaitMs =
    error instanceof ThrottledError || error instanceof UnavailableError ? (error.retryAfterMs ?? 0) : 0;
  return Math.max(askedToWaitMs, sinceWonMs < SOON_FOR_MS ? AGAIN_SOON_MS : AGAIN_LATER_MS);
}

/** Why a claim was withdrawn: nothing may be written by this instance, or by its account. */
export type WithdrawnAs = 'dry-run' | 'forbidden';

/** Nothing was done, and nothing is tried by this claim: it may be won again, and its slot is free. */
async function withdraw(
  held: HeldClaim,
  outcome: WithdrawnAs,
  told: readonly Alert[],
  ports: EnforcePorts,
): Promise<void> {
  const { verb, policy, key } = held.claim;
  await record(held, { state: 'void', askedAtMs: [], outcome }, told, ports);
  await ports.ledger.freeSlot({ verb, policy }, key);
}
