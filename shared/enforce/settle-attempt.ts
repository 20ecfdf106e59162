import type { RetryAct } from '../judge/retry-verdict.ts';
import type { Claim, HeldClaim, RetryDetails } from '../ledger/ledger.ts';
import { agreedNow } from './agreed-now.ts';
import { isAttemptOf } from './chain-of.ts';
import { endRetry } from './end-retry.ts';
import { type FailureLook, judgedFailure } from './failure.ts';
import { UNSEEN_FOR_MS } from './just-made.ts';
import { letGo } from './let-go.ts';
import { type LookOnceMore, lookOnceMore, withoutMissing } from './look-once-more.ts';
import { isStopped, notWanted } from './not-wanted.ts';
import type { Span } from './ports.ts';
import { recordMade } from './record-made.ts';
import { attemptAlert, reasonOf, retriedAlert } from './retry-alerts.ts';
import type { RetryPorts } from './retry-ports.ts';
import { scheduleRetry } from './schedule-retry.ts';
import { FOR_A_PERSON_MS } from './waits-for-person.ts';
import { hasFailed, lookAtWhole, type WholeLook } from './whole-look.ts';
import { BY_HAND } from './without-policy.ts';

export type Settled =
  /** It failed, and the next attempt is due. */
  | { readonly kind: 'scheduled'; readonly claim: Claim }
  /** The chain is at its end. */
  | { readonly kind: 'ended' }
  /** It runs, or nobody can tell yet: the claim says when to look again. */
  | { readonly kind: 'later' }
  /** BigQuery was asked, a good while ago, and knows no such job. */
  | { readonly kind: 'not-made' };

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** An attempt that runs is looked at after half as long again as it has run, within these bounds. */
const LEAST_WAIT_MS = MINUTE_MS;
const MOST_WAIT_MS = 30 * MINUTE_MS;
const AGAIN_MS = 30 * SECOND_MS;

/**
 * How the attempt of a claim that was won, and for which BigQuery was asked, goes: recorded and told, with what
 * follows from it.
 *
 * @param seen a look at the attempt's job, if there is one of now
 * @throws the errors of `bigquery/errors.ts` but NotFoundError, and of `ledger/errors.ts`
 */
export async function settleAttempt(
  held: HeldClaim,
  retry: RetryDetails,
  span: Span,
  ports: RetryPorts,
  seen?: WholeLook,
): Promise<Settled> {
  const { claim } = held;
  const name = { ...claim.job, jobId: retry.attemptId };
  const looked = await looksOrLetGo(held, ports, async () => {
    const look = seen ?? (await lookAtWhole(name, span, ports));
    const isNews = look === undefined || look.job.state === 'DONE' || retry.createdAtMs === undefined;
    return { look, root: isNews ? await lookAtWhole(claim.job, span, ports) : undefined };
  });
  const { look, root } = looked;
  if (!look) return unseen(held, retry, root, ports);
  const nowMs = await agreedNow(look, ports);
  if (nowMs === undefined) {
    await letGo(held, ports.clock.now() + MINUTE_MS, ports);
    return { kind: 'later' };
  }
  if (!isAttemptOf(held, look)) {
    const outcome = `another job has the id ${retry.attemptId}, and it is not run again`;
    const news = { step: 'retry-refused', why: 'id-taken', outcome, root: root?.job, nowMs } as const;
    await endRetry(held, retry, news, ports);
    return { kind: 'ended' };
  }
  const sight = { look, root, nowMs };
  return look.job.state === 'DONE' ? ended(held, retry, sight, ports) : runs(held, retry, sight, ports);
}

/** A look at the attempt's job, and at the root where there is news of it. */
interface AttemptSight {
  readonly look: WholeLook;
  readonly root: WholeLook | undefined;
  readonly nowMs: number;
}

async function ended(
  held: HeldClaim,
  retry: RetryDetails,
  { look, root, nowMs }: AttemptSight,
  ports: RetryPorts,
): Promise<Settled> {
  const { claim } = held;
  // Whoever died before it was told, or recorded, is made up for: what was told before is not told again.
  const told = [retriedAlert(claim, retry, root?.job, nowMs)];
  if (!hasFailed(look)) {
    // What a person has repeated may have succeeded before.
    const how = claim.policy === BY_HAND ? `as ${retry.attemptId}` : `after ${times(claim.attempt)}`;
    const outcome = `it succeeded ${how}`;
    const news = { step: 'recovered', outcome, root: root?.job, nowMs } as const;
    await endRetry(held, retry, news, ports, told);
    return { kind: 'ended' };
  }
  if (!root) {
    const again = lookOnceMore(claim.job.jobId, retry, ports.clock.now());
    if (again) return lookLater(held, retry, again, ports);
    const failedWith = reasonOf(look.job);
    const outcome = 'BigQuery knows it no more';
    await endRetry(held, retry, { step: 'gave-up', why: 'gone', outcome, failedWith, nowMs }, ports, told);
    return { kind: 'ended' };
  }
  const chain = {
    root: claim.job,
    attemptsMade: claim.attempt,
    rootEndedAtMs: retry.rootEndedAtMs,
    held,
  };
  const policies = await looksOrLetGo(held, ports, () => ports.policies.latest());
  return answerFailed(held, retry, judgedFailure({ root, failed: look, chain, nowMs }, policies), ports);
}

/** The attempt failed, too. */
async function answerFailed(
  held: HeldClaim,
  retry: RetryDetails,
  look: FailureLook,
  ports: RetryPorts,
): Promise<Settled> {
  const { claim } = held;
  const { root, nowMs, verdict } = look;
  const told = [retriedAlert(claim, retry, root.job, nowMs)];
  if (isStopped(look, ports)) {
    const outcome = 'nothing is done until a person lets acts be done again';
    const news = { step: 'observed', because: 'stopped', outcome, root: root.job, nowMs } as const;
    const alerts = [...told, attemptAlert(claim, retry, news)];
    await letGo(held, ports.clock.now() + FOR_A_PERSON_MS, ports, {}, alerts);
    return { kind: 'later' };
  }
  const end = verdict.act ? await next(held, look, verdict.act, told, ports) : notWanted(look, claim.policy);
  if ('kind' in end) return end;
  const news = { step: 'gave-up', ...end, root: root.job, nowMs, failedWith: reasonOf(look.job) } as const;
  await endRetry(held, retry, news, ports, told);
  return { kind: 'ended' };
}

async function next(
  held: HeldClaim,
  look: FailureLook,
  act: RetryAct,
  alerts: readonly ReturnType<typeof retriedAlert>[],
  ports: RetryPorts,
): Promise<Settled | ReturnType<typeof notWanted>> {
  const answer = await scheduleRetry(look, act, ports, { held, alerts });
  if (answer.kind === 'over')
    return { why: answer.why, outcome: `it failed with ${act.reason}, too, and ${answer.sentence}` };
  return { kind: 'scheduled', claim: answer.claim };
}

async function runs(
  held: HeldClaim,
  retry: RetryDetails,
  { look, root, nowMs }: AttemptSight,
  ports: RetryPorts,
): Promise<Settled> {
  if (retry.createdAtMs === undefined) {
    await recordMade(held, { retry, look, root: root?.job, nowMs }, ports);
  } else {
    const soMs = (nowMs - retry.createdAtMs) / 2;
    const waitMs = Math.min(MOST_WAIT_MS, Math.max(LEAST_WAIT_MS, soMs));
    await letGo(held, ports.clock.now() + waitMs, ports, { retry: withoutMissing(retry) });
  }
  return { kind: 'later' };
}

/** BigQuery knows no job of that id. */
async function unseen(
  held: HeldClaim,
  retry: RetryDetails,
  root: WholeLook | undefined,
  ports: RetryPorts,
): Promise<Settled> {
  const now = ports.clock.now();
  if (retry.createdAtMs === undefined) {
    const seenByMs = (held.claim.askedAtMs.at(-1) ?? now) + UNSEEN_FOR_MS;
    if (now >= seenByMs) return { kind: 'not-made' };
    await letGo(held, seenByMs, ports);
    return { kind: 'later' };
  }
  const again = lookOnceMore(retry.attemptId, retry, now);
  if (again) return lookLater(held, retry, again, ports);
  const outcome = 'BigQuery knows the job of this attempt no more';
  await endRetry(held, retry, { step: 'gave-up', why: 'gone', outcome, root: root?.job, nowMs: now }, ports);
  return { kind: 'ended' };
}

async function lookLater(
  held: HeldClaim,
  retry: RetryDetails,
  { atMs, missing }: LookOnceMore,
  ports: RetryPorts,
): Promise<Settled> {
  await letGo(held, atMs, ports, { retry: { ...retry, missing } });
  return { kind: 'later' };
}

async function looksOrLetGo<T>(held: HeldClaim, ports: RetryPorts, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    await letGo(held, ports.clock.now() + AGAIN_MS, ports);
    throw error;
  }
}

function times(attempts: number): string {
  return attempts === 1 ? '1 attempt' : `${attempts} attempts`;
}
