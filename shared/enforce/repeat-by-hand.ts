import type { JobsApiError } from '../bigquery/errors.ts';
import type { Look } from '../bigquery/jobs-client.ts';
import type { Job } from '../job/job.ts';
import type { JobName } from '../job/job-name.ts';
import type { HeldClaim, RetryDetails } from '../ledger/ledger.ts';
import { hashesOfSent } from '../retry/configuration-hash.ts';
import type { JsonObject } from '../retry/json.ts';
import { bigqueryNow } from './bigquery-now.ts';
import { endRetry } from './end-retry.ts';
import { followAttempt, lookForAttempt } from './follow-attempt.ts';
import type { HeldWork, Work } from './hold-work.ts';
import type { Inserted } from './insert-attempt.ts';
import { insertHeld } from './insert-held.ts';
import { letGo } from './let-go.ts';
import type { Span } from './ports.ts';
import { record } from './receipt.ts';
import { type ClaimedRepeat, claimRepeat } from './repeat-claim.ts';
import {
  type NotRepeated,
  othersWork,
  type RepeatPlan,
  type RepeatPorts,
  sanitizedOf,
} from './repeat-plan.ts';
import { retriedAlert } from './retry-alerts.ts';
import { doSame, lookAtWhole, type WholeLook } from './whole-look.ts';
import { holdInTime } from './win-in-time.ts';
import { type WithoutPolicy, withoutPolicy } from './without-policy.ts';

export type Repeated =
  | NotRepeated
  /** Somebody else made and ended this attempt meanwhile, or the job is gone: nothing was done; plan again. */
  | { readonly kind: 'changed'; readonly job: Job }
  /** Somebody is about to run a job that does the same. Nothing was done. */
  | { readonly kind: 'alike-held'; readonly job: Job }
  /** BigQuery took no request; the error says why. Nothing was done. */
  | { readonly kind: 'not-asked'; readonly job: Job; readonly error: JobsApiError }
  /** The id is that of another job; the next attempt has another. */
  | { readonly kind: 'id-taken'; readonly job: Job; readonly other: JobName }
  /** It may run again: BigQuery did not answer. To repeat it once more goes on with the same attempt. */
  | { readonly kind: 'in-doubt'; readonly job: Job; readonly other: JobName }
  /** It runs again, as this job, which was seen so when the time ran out. */
  | { readonly kind: 'repeated'; readonly job: Job; readonly again: Job };

/** How soon the next sweep looks for a job that may have been made. */
const IN_DOUBT_MS = 60_000;

/**
 * Runs a job again that a person wants to have run again. The same act as the watchdog's own (claim, look, compare,
 * insert under the attempt's id, receipt with its alert row), without policy, breaker and caps: a person judged. A
 * retry that the watchdog has put off is done now in its stead, and given back if it cannot be. What becomes of a
 * retry that fails, or that nobody waits for, the next sweep sees to, as of any retry.
 *
 * @param by who wants it, for the ledger and for alerts
 * @throws the errors of `bigquery/errors.ts` and `ledger/errors.ts`
 */
export async function repeatByHand(
  plan: RepeatPlan,
  by: string,
  span: Span,
  byHand: WithoutPolicy<RepeatPorts>,
): Promise<Repeated> {
  const ports = withoutPolicy(byHand);
  const { job } = plan.named;
  const claimed = await claimRepeat(plan, by, span, ports);
  if (claimed.kind === 'held') return { kind: 'held', job, claim: claimed.claim };
  if (claimed.kind === 'ended') return { kind: 'changed', job };
  return act(plan, claimed, span, ports);
}

async function act(
  plan: RepeatPlan,
  claimed: ClaimedRepeat,
  span: Span,
  ports: RepeatPorts,
): Promise<Repeated> {
  const { held, giveBack } = claimed;
  const of = { claimKey: held.claim.key, attemptId: claimed.retry.attemptId };
  const ready = await readyOrFreed(plan, of, span, ports).catch(async (error: unknown) => {
    await giveBack(held);
    throw error;
  });
  if (ready.kind !== 'ready') {
    await giveBack(held);
    return ready;
  }
  const { body, nowMs, aheadMs, root, work } = ready;
  const { policy, finding } = held.claim;
  const retry: RetryDetails = { ...claimed.retry, ...hashesOfSent(body) };
  const isStillWanted = async () => true;
  const insertion = { body, as: plan.account, policy, finding, retry, aheadMs, isStillWanted };
  const inserted = await insertHeld(held, insertion, work, span, ports);
  return afterInsert(inserted, { plan, root: root.job, retry, nowMs, giveBack }, span, ports);
}

type NotReady = NotRepeated | Extract<Repeated, { kind: 'changed' | 'alike-held' }>;

/** The work is held while it is compared, and until it is inserted; unless it is to be, it is let go of. */
async function readyOrFreed(
  plan: RepeatPlan,
  ofClaim: Pick<Work, 'claimKey' | 'attemptId'>,
  span: Span,
  ports: RepeatPorts,
): Promise<(Ready & { readonly work: HeldWork }) | NotReady> {
  const { name, principal = '' } = plan.root.job;
  const { configurationHash } = hashesOfSent(plan.body.take());
  const of = { root: name, principal, configurationHash, ...ofClaim };
  const work = await holdInTime(of, span, ports);
  if (!work) return { kind: 'alike-held', job: plan.named.job };
  const ready = await lookAgain(plan, work, span, ports).catch(async (error: unknown) => {
    await work.release();
    throw error;
  });
  if (ready.kind === 'ready') return { ...ready, work };
  await work.release();
  return ready;
}

interface Ready {
  readonly kind: 'ready';
  readonly root: WholeLook;
  readonly body: JsonObject;
  readonly nowMs: number;
  readonly aheadMs: number;
}

/** Looks at the root once more, now that the claim is won: what held when the person was asked may not hold now. */
async function lookAgain(
  plan: RepeatPlan,
  { justMade }: HeldWork,
  span: Span,
  ports: RepeatPorts,
): Promise<Ready | NotReady> {
  const { job } = plan.named;
  const root = await lookAtWhole(plan.root.job.name, span, ports);
  if (root?.job.state !== 'DONE' || !doSame(root, plan.root)) return { kind: 'changed', job };
  const told = bigqueryNow(root);
  if (told.kind === 'untold') return { kind: 'no-time', job };
  if (told.kind === 'skewed') return { kind: 'no-time', job, skewMs: told.skewMs };
  const { nowMs } = told;
  const sanitized = sanitizedOf(root, plan.attempt, nowMs);
  if (sanitized.kind === 'refused') return { ...sanitized, job };
  const others = await othersWork({ ...plan, root, ...(justMade && { justMade }) }, span, ports);
  if (others) return others;
  return { kind: 'ready', root, body: sanitized.body, nowMs, aheadMs: root.receivedAtMs - nowMs };
}

interface Asked {
  readonly plan: RepeatPlan;
  readonly root: Job;
  readonly retry: RetryDetails;
  readonly nowMs: number;
  readonly giveBack: ClaimedRepeat['giveBack'];
}

async function afterInsert(
  inserted: Inserted,
  asked: Asked,
  span: Span,
  ports: RepeatPorts,
): Promise<Repeated> {
  const { held } = inserted;
  const { plan, root, retry, nowMs } = asked;
  const { job } = plan.named;
  const other = { ...root.name, jobId: retry.attemptId };
  switch (inserted.kind) {
    case 'made':
      return made(held, inserted.look, asked, span, ports);
    case 'in-doubt': {
      const look = await lookForAttempt(held, span, ports);
      if (look) return made(held, look, asked, span, ports);
      await letGo(held, ports.clock.now() + IN_DOUBT_MS, ports);
      return { kind: 'in-doubt', job, other };
    }
    case 'taken': {
      const outcome = `another job has the id ${retry.attemptId}, and it is not run again`;
      await endRetry(held, retry, { step: 'retry-refused', why: 'id-taken', outcome, root, nowMs }, ports);
      return { kind: 'id-taken', job, other };
    }
    case 'not-made': {
      const { error, undo } = inserted;
      await asked.giveBack(held, undo);
      return { kind: 'not-asked', job, error };
    }
  }
}

/** People are told, and its end is waited for. */
async function made(
  held: HeldClaim,
  { job: again }: Pick<Look, 'job'>,
  { plan, root, retry, nowMs }: Asked,
  span: Span,
  ports: RepeatPorts,
): Promise<Repeated> {
  const details = { ...retry, createdAtMs: again.creationTimeMs ?? nowMs };
  const told = [retriedAlert(held.claim, details, root, nowMs)];
  const recorded = await record(held, { retry: details }, told, ports);
  const attempt = { held: recorded, retry: details, root, again };
  return { kind: 'repeated', job: plan.named.job, again: await followAttempt(attempt, span, ports) };
}
