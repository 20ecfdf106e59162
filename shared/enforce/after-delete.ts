import {
  ForbiddenError,
  HeldBackError,
  JobsApiError,
  NotFoundError,
  ThrottledError,
  UnavailableError,
  WriteRefusedError,
} from '../bigquery/errors.ts';
import { StaleClaimError } from '../ledger/errors.ts';
import { type AskingPurge, type PurgeGrounds, unasked } from './ask-purge.ts';
import type { CarriedOut } from './carried-out.ts';
import { type DuePurge, type Keeping, keepBack } from './due-purge.ts';
import { endVoid } from './end-purge.ts';
import { isHoldsUnreadable } from './open-holds.ts';
import { AGAIN_MS, REFUSED_MS } from './or-leave.ts';
import type { PurgePorts } from './purge-ports.ts';
import { tellMissing } from './told-or-gone.ts';
import { FOR_A_PERSON_MS } from './waits-for-person.ts';

const SECOND_MS = 1_000;
/** What BigQuery refuses as such it refuses again, unless something changes. */
const TERMINAL_MS = 3_600 * SECOND_MS;

/** It may have been done: only looking tells. */
export interface InDoubt {
  readonly kind: 'in-doubt';
  readonly due: DuePurge;
}

/**
 * A delete that was not answered well.
 *
 * @param giveBack gives back the slot that it took
 * @throws what is no matter of BigQuery's; the claim is let go of then
 */
export async function afterDelete(
  error: unknown,
  asking: AskingPurge,
  due: DuePurge,
  grounds: PurgeGrounds,
  giveBack: () => Promise<void>,
  ports: PurgePorts,
): Promise<CarriedOut | InDoubt> {
  if (!(error instanceof JobsApiError)) throw error;
  const { held } = asking;
  // That we saw it before the request says that it was there; whoever deleted it, it is to be seen gone.
  if (error.fault === 'unknown' || error instanceof NotFoundError) {
    ports.log.warning('purge in doubt', { job: held.claim.job, error });
    return { kind: 'in-doubt', due: { ...due, held, purge: grounds.purge } };
  }
  const undone = { ...due, held };
  // Of a claim that somebody else has by now the slot is theirs, too.
  const isLost = asking.failure instanceof StaleClaimError;
  if (asking.before.askedAtMs.length === 0 && !isLost) await giveBack();
  if (error instanceof HeldBackError) return notSent(asking, undone, ports);
  if (error instanceof WriteRefusedError) return dryRun(error, asking, undone, grounds, ports);
  ports.log.warning('purge request failed', { job: held.claim.job, policy: held.claim.policy, error });
  const { look } = grounds.judged;
  if (error instanceof ForbiddenError) await tellMissing(held.claim.job.projectId, error, ports);
  const { by, inMs, isTold } = failed(error, due);
  const outcome = by === 'request-failed' ? 'no request has been taken' : OUTCOMES[by];
  const told = { step: 'could-not-purge', outcome, nowMs: look.nowMs, job: look.root.job } as const;
  const keeping = { by, lookAtMs: ports.clock.now() + inMs, undo: unasked(asking), error };
  return keepBack(undone, { ...keeping, ...(isTold && { told }) }, ports);
}

const OUTCOMES = {
  'permission-missing': 'the watchdog may not delete it, and tries again every five minutes',
  'request-refused': 'BigQuery refuses to delete it',
} as const;

interface Failed {
  readonly by: 'permission-missing' | 'request-refused' | 'request-failed';
  readonly inMs: number;
  readonly isTold: boolean;
}

/** What may pass is told once it has failed twice in a row: a child may just have been running. */
function failed(error: JobsApiError, { purge }: DuePurge): Failed {
  if (error instanceof ForbiddenError) return { by: 'permission-missing', inMs: REFUSED_MS, isTold: true };
  if (error.fault === 'terminal' && error.reason !== 'resourceInUse') {
    return { by: 'request-refused', inMs: TERMINAL_MS, isTold: true };
  }
  const askedMs =
    error instanceof ThrottledError || error instanceof UnavailableError ? (error.retryAfterMs ?? 0) : 0;
  const isTold = purge.heldBy === 'request-failed';
  return { by: 'request-failed', inMs: Math.max(askedMs, AGAIN_MS), isTold };
}

/** Something changed since the look: it is judged anew. */
async function notSent(asking: AskingPurge, due: DuePurge, ports: PurgePorts): Promise<CarriedOut> {
  const { failure } = asking;
  if (failure instanceof StaleClaimError) throw failure;
  const now = ports.clock.now();
  const undo = unasked(asking);
  if (isHoldsUnreadable(failure)) {
    const keeping: Keeping = { by: 'holds-unreadable', lookAtMs: now + FOR_A_PERSON_MS, undo };
    return keepBack(due, keeping, ports);
  }
  const lookAtMs = failure === undefined ? now + SECOND_MS : now;
  await due.leave(due.held, { lookAtMs, change: undo, alerts: [] });
  if (failure !== undefined) throw failure;
  ports.log.info('purge held back, it is judged anew', { job: asking.before.job });
  return { kind: 'left' };
}

/** What an instance asked that is none of a dry run stands, and is looked for; a person gives back what they took up. */
async function dryRun(
  error: WriteRefusedError,
  asking: AskingPurge,
  due: DuePurge,
  { judged: { look } }: PurgeGrounds,
  ports: PurgePorts,
): Promise<CarriedOut> {
  const news = { nowMs: look.nowMs, job: look.root.job, outcome: 'nothing was done' };
  const told = { ...news, step: 'observed', because: 'dry-run' } as const;
  if (asking.before.askedAtMs.length === 0 && due.by !== 'hand') {
    await endVoid(due, 'dry-run', ports, told, unasked(asking));
    return { kind: 'kept-back', by: 'dry-run', error };
  }
  const lookAtMs = ports.clock.now() + REFUSED_MS;
  return keepBack(due, { by: 'dry-run', lookAtMs, told, undo: unasked(asking), error }, ports);
}
