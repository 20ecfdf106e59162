import {
  ForbiddenError,
  HeldBackError,
  JobsApiError,
  ThrottledError,
  UnavailableError,
  WriteRefusedError,
} from '../bigquery/errors.ts';
import type { ClaimChange, HeldClaim, RetryDetails } from '../ledger/ledger.ts';
import { endRetry } from './end-retry.ts';
import { failsForNow } from './fails-for-now.ts';
import { heldBack, lastHeldBack } from './held-back.ts';
import type { Inserted } from './insert-attempt.ts';
import { insertHeld } from './insert-held.ts';
import { KnownWork } from './known-work.ts';
import { letGo } from './let-go.ts';
import { withoutMissing } from './look-once-more.ts';
import type { Span } from './ports.ts';
import { record } from './receipt.ts';
import { recordMade } from './record-made.ts';
import { isRefusedForNow, tellRefused, whyRefused, withoutRight } from './refused-for-now.ts';
import { attemptAlert } from './retry-alerts.ts';
import { planRetry, type ReadyPlan, type RetryPlan } from './retry-plan.ts';
import type { LaterPlan, OverPlan } from './retry-plans.ts';
import type { RetryPorts } from './retry-ports.ts';
import { giveTurnBack } from './retry-turn.ts';
import { BY_HAND } from './without-policy.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** How soon to look for a job that may have been made. */
const IN_DOUBT_MS = 10 * SECOND_MS;
/** How soon to try again what BigQuery did not take for now. */
const AGAIN_MS = 30 * SECOND_MS;
/** What a permission is missing for is refused again, unless somebody grants it. */
const REFUSED_MS = 5 * MINUTE_MS;
/** So long before the deadline, for sweeps come once a minute and clocks may differ by half of one. */
const LAST_CHANCE_MS = MINUTE_MS;
/** An insert is sent on no older comparison with what others did. */
const PLAN_GOOD_FOR_MS = 30 * SECOND_MS;

/**
 * The attempt of a claim that was won: planned, then made, or let go of, or ended. A chain is at its end, or its
 * claim says when to go on.
 *
 * @throws the errors of `bigquery/errors.ts`, and of `ledger/errors.ts`
 */
export async function attemptRetry(
  held: HeldClaim,
  retry: RetryDetails,
  span: Span,
  ports: RetryPorts,
): Promise<void> {
  const plan = await planOrLetGo(held, retry, span, ports);
  if (plan.kind === 'later') return putOff(held, retry, plan, ports);
  if (plan.kind === 'over') {
    return isLeftByHand(held) ? withdraw(held, ports) : endUnmade(held, retry, plan, ports);
  }
  await insertPlanned(held, plan, span, ports);
}

/** A person wanted it, and it was not made: unless a policy wants it too, nobody needs to be told. */
function isLeftByHand({ claim: { policy, askedAtMs } }: HeldClaim): boolean {
  return policy === BY_HAND && askedAtMs.length === 0;
}

/** BigQuery made no job of it. */
function endUnmade(held: HeldClaim, retry: RetryDetails, plan: OverPlan, ports: RetryPorts): Promise<void> {
  const { heldBy = retry.heldBy, ...end } = plan;
  const last = plan.step === 'gave-up' ? lastHeldBack(heldBy) : { outcome: '' };
  const news = { ...end, ...last, outcome: `${plan.outcome}${last.outcome}`, isUnmade: true } as const;
  return endRetry(held, retry, news, ports);
}

async function withdraw(held: HeldClaim, ports: RetryPorts): Promise<void> {
  await record(held, { state: 'void', outcome: 'not-asked' }, [], ports);
}

/** Nothing was written yet: when planning fails, whoever comes next need not wait for the lease to end. */
async function planOrLetGo(
  held: HeldClaim,
  retry: RetryDetails,
  span: Span,
  ports: RetryPorts,
): Promise<RetryPlan> {
  try {
    return await planRetry(held.claim, retry, span, ports);
  } catch (error) {
    const isRefused = error instanceof ForbiddenError;
    const heldBy =
      error instanceof JobsApiError ? (isRefused ? 'permission-missing' : 'request-failed') : undefined;
    const now = ports.clock.now();
    const atMs = now + (isRefused ? REFUSED_MS : AGAIN_MS);
    const lookAtMs = now < retry.deadlineAtMs ? beforeEnd(atMs, retry, ports) : atMs;
    await letGo(held, lookAtMs, ports, heldBack(retry, heldBy, now));
    throw error;
  }
}

async function putOff(
  held: HeldClaim,
  retry: RetryDetails,
  { inMs, heldBy, told, comparedUpToMs, missing, fault }: LaterPlan,
  ports: RetryPorts,
): Promise<void> {
  const because = heldBy === undefined ? {} : { because: heldBy };
  ports.log.info('retry put off', { job: held.claim.job, policy: held.claim.policy, ...because });
  const alerts = told ? [attemptAlert(held.claim, retry, { step: 'observed', ...because, ...told })] : [];
  const kept: RetryDetails = {
    ...withoutMissing(retry),
    ...(comparedUpToMs !== undefined && { comparedUpToMs }),
    ...(missing && { missing }),
  };
  const now = ports.clock.now();
  const lookAtMs = beforeEnd(now + inMs, retry, ports);
  // Of a fault people are told by way of the sweep.
  if (heldBy === 'request-failed' && fault === undefined) {
    const fails = failsForNow(held.claim, kept, 'its location did not answer', ports);
    await letGo(held, lookAtMs, ports, fails.change, fails.alerts);
    return;
  }
  await letGo(held, lookAtMs, ports, { retry: kept, ...heldBack(kept, heldBy, now) }, alerts);
  if (fault !== undefined) throw fault;
}

/** Whatever an attempt waits for, it is tried once more before its time is over; then it is told of soon after. */
function beforeEnd(atMs: number, { deadlineAtMs }: RetryDetails, { clock }: RetryPorts): number {
  const now = clock.now();
  const lastMs = deadlineAtMs - LAST_CHANCE_MS;
  return Math.min(atMs, now < lastMs ? lastMs : Math.max(deadlineAtMs, now) + MINUTE_MS);
}

async function insertPlanned(held: HeldClaim, plan: ReadyPlan, span: Span, ports: RetryPorts): Promise<void> {
  const { look, policy, finding, body, principal, retry, work } = plan;
  const plannedAtMs = ports.clock.now();
  const inserted = await insertHeld(
    held,
    {
      body,
      as: principal,
      policy: policy.name,
      finding,
      retry,
      aheadMs: look.aheadMs,
      isStillWanted: async (nowMs) => {
        const ageMs = ports.clock.now() - plannedAtMs;
        if (ageMs < 0 || ageMs > PLAN_GOOD_FOR_MS || nowMs >= retry.deadlineAtMs) return false;
        // By other policies it is planned anew.
        return (await ports.policies.latest()) === look.policies;
      },
    },
    work,
    span,
    ports,
  );
  await afterInsert(inserted, plan, ports);
}

async function afterInsert(inserted: Inserted, plan: ReadyPlan, ports: RetryPorts): Promise<void> {
  const { held } = inserted;
  const { retry, look } = plan;
  const root = look.root.job;
  switch (inserted.kind) {
    case 'made':
      new KnownWork(ports.jobs).noteMade(inserted.look.job, look.root);
      await recordMade(held, { retry, look: inserted.look, root, nowMs: look.nowMs }, ports);
      return;
    case 'in-doubt': {
      const fails = failsForNow(held.claim, retry, 'BigQuery did not answer', ports);
      await letGo(held, ports.clock.now() + IN_DOUBT_MS, ports, fails.change, fails.alerts);
      return;
    }
    case 'taken': {
      const outcome = `another job has the id ${retry.attemptId}, and it is not run again`;
      const news = { step: 'retry-refused', why: 'id-taken', outcome, root, nowMs: look.nowMs } as const;
      await endRetry(held, retry, news, ports);
      return;
    }
    case 'not-made':
      await giveTurnBack(plan.policy, held.claim, plan.principal, ports);
      await notMade(held, inserted.error, inserted.undo, plan, ports);
  }
}

/** BigQuery made no job. What an earlier request may have made is found by its id. */
async function notMade(
  held: HeldClaim,
  error: JobsApiError,
  undo: ClaimChange,
  plan: ReadyPlan,
  ports: RetryPorts,
): Promise<void> {
  const { retry } = plan;
  const { job: root } = plan.look.root;
  const { nowMs } = plan.look;
  const now = ports.clock.now();
  if (error instanceof HeldBackError) {
    ports.log.info('retry held back, it is planned anew', { job: root.name, policy: plan.policy.name });
    await letGo(held, now + SECOND_MS, ports, undo);
  } else if (error instanceof WriteRefusedError) {
    const outcome = 'nothing was done, for the watchdog runs dry (WATCHDOG_DRY_RUN)';
    const news = { step: 'observed', because: 'dry-run', outcome, root, nowMs } as const;
    const alerts = [attemptAlert(held.claim, retry, news)];
    if (undo.state === 'claimed') {
      await record(held, { ...undo, state: 'void', outcome: 'dry-run' }, alerts, ports);
    } else {
      // What an instance asked that is none of a dry run stands, and is looked for.
      const change = { ...undo, ...heldBack(retry, 'dry-run', now) };
      await letGo(held, beforeEnd(now + REFUSED_MS, retry, ports), ports, change, alerts);
    }
  } else if (isRefusedForNow(error)) {
    await tellRefused(root.name.projectId, error, ports);
    const outcome = `${withoutRight(error)}, and it is tried again every five minutes`;
    const news = { step: 'observed', because: 'permission-missing', outcome, root, nowMs } as const;
    const alerts = [attemptAlert(held.claim, retry, { ...news, why: whyRefused(error) })];
    const change = { ...undo, ...heldBack(retry, 'permission-missing', now) };
    await letGo(held, beforeEnd(now + REFUSED_MS, retry, ports), ports, change, alerts);
  } else if (error.fault === 'terminal') {
    const outcome = 'BigQuery refuses to run it again';
    const news = {
      step: 'retry-refused',
      why: 'request-refused',
      outcome,
      root,
      nowMs,
      isUnmade: true,
    } as const;
    ports.log.warning('retry refused by BigQuery', { job: root.name, error });
    await endRetry(held, retry, news, ports);
  } else {
    ports.log.warning('retry failed for now', { job: root.name, error });
    const fails = failsForNow(held.claim, retry, error.message, ports);
    const change = { ...undo, ...fails.change };
    await letGo(held, beforeEnd(now + waitMs(error), retry, ports), ports, change, fails.alerts);
  }
}

function waitMs(error: JobsApiError): number {
  const asked =
    error instanceof ThrottledError || error instanceof UnavailableError ? (error.retryAfterMs ?? 0) : 0;
  return Math.max(asked, AGAIN_MS);
}
