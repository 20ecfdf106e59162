import type { JobsApiError } from '../bigquery/errors.ts';
import type { Look } from '../bigquery/jobs-client.ts';
import type { Job } from '../job/job.ts';
import type { JobName } from '../job/job-name.ts';
import type { Claim, ClaimChange, ClaimFinding, HeldClaim, RetryDetails, Scheduled } from '../ledger/ledger.ts';
import { attemptId } from '../retry/attempt-id.ts';
import { configurationHash } from '../retry/configuration-hash.ts';
import { isJsonObject, type JsonObject } from '../retry/json.ts';
import { bigqueryNow } from './bigquery-now.ts';
import { endRetry } from './end-retry.ts';
import { followAttempt, lookForAttempt } from './follow-attempt.ts';
import { type Inserted, insertAttempt } from './insert-attempt.ts';
import { letGo } from './let-go.ts';
import type { Span } from './ports.ts';
import { record } from './receipt.ts';
import { type NotRepeated, othersWork, type RepeatPlan, type RepeatPorts, sanitizedOf } from './repeat-plan.ts';
import { reasonOf, reasonsOf, retriedAlert } from './retry-alerts.ts';
import { doSame, endOf, hasFailed, lookAtWhole, type WholeLook } from './whole-look.ts';
import { winInTime } from './win-in-time.ts';
import { BY_HAND, type WithoutPolicy, withoutPolicy } from './without-policy.ts';

export type Repeated =
  | NotRepeated
  /** Somebody else made and ended this attempt meanwhile, or the job is gone: nothing was done; plan again. */
  | { readonly kind: 'changed'; readonly job: Job }
  /** BigQuery took no request; the error says why. Nothing was done. */
  | { readonly kind: 'not-asked'; readonly job: Job; readonly error: JobsApiError }
  /** The id is that of another job; the next attempt has another. */
  | { readonly kind: 'id-taken'; readonly job: Job; readonly other: JobName }
  /** It may run again: BigQuery did not answer. To repeat it once more goes on with the same attempt. */
  | { readonly kind: 'in-doubt'; readonly job: Job; readonly other: JobName }
  /** It runs again, as this job, which was seen so when the time ran out. */
  | { readonly kind: 'repeated'; readonly job: Job; readonly again: Job };

/** How long others leave a claim alone that nobody holds yet. */
const TAKEN_UP_WITHIN_MS = 60_000;

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
  const claim = {
    job: plan.root.job.name,
    attempt: plan.attempt,
    policy: BY_HAND,
    finding: findingOf(by),
  };
  const scheduled = await ports.ledger.schedule(
    {
      ...claim,
      verb: ports.verb,
      holder: ports.holder,
      retry: detailsOf(plan, span, ports),
      dueAtMs: ports.clock.now() + TAKEN_UP_WITHIN_MS,
    },
    [],
    plan.failedBefore && { held: plan.failedBefore, change: { state: 'ended', outcome: 'failed' } },
  );
  const answer = await winInTime(claim, span, ports);
  if (answer.kind === 'held') return { kind: 'held', job, claim: answer.claim };
  if (answer.kind === 'ended') return { kind: 'changed', job };
  return act(plan, answer.held, giverBack(scheduled, answer.previous, ports), span, ports);
}

/** Nothing was done: the claim is as it was before, so that the watchdog does what it had put off. */
type GiveBack = (held: HeldClaim, undo?: ClaimChange) => Promise<unknown>;

function giverBack(scheduled: Scheduled, previous: Claim | undefined, ports: RepeatPorts): GiveBack {
  if (scheduled.kind === 'scheduled' || previous === undefined) {
    return (held, undo) =>
      ports.ledger.advance(held, { ...undo, state: 'void', outcome: 'not-asked' }, []);
  }
  const { state, askedAtMs, policy, finding, retry, lookAtMs } = previous;
  return (held) => {
    const now = ports.clock.now();
    const before = { state, askedAtMs, policy, finding, ...(retry && { retry }) };
    return letGo(held, lookAtMs ?? now, ports, before);
  };
}

/** Looks at the root once more, now that the claim is won: what held when the person was asked may not hold now. */
async function act(
  plan: RepeatPlan,
  won: HeldClaim,
  giveBack: GiveBack,
  span: Span,
  ports: RepeatPorts,
): Promise<Repeated> {
  const ready = await lookAgain(plan, span, ports).catch(async (error: unknown) => {
    await giveBack(won);
    throw error;
  });
  if (ready.kind !== 'ready') {
    await giveBack(won);
    return ready;
  }
  const { claim } = won;
  const { body, nowMs, aheadMs, root } = ready;
  const { configuration = null } = body;
  const retry: RetryDetails = {
    ...(claim.retry ?? detailsOf(plan, span, ports)),
    configurationHash: configurationHash(isJsonObject(configuration) ? configuration : {}),
  };
  const insertion = { body, as: plan.as, policy: BY_HAND, finding: claim.finding, retry, aheadMs };
  const isStillWanted = async () => true;
  const inserted = await insertAttempt(won, { ...insertion, isStillWanted }, span, ports);
  return afterInsert(inserted, { plan, root: root.job, retry, nowMs, giveBack }, span, ports);
}

interface Ready {
  readonly kind: 'ready';
  readonly root: WholeLook;
  readonly body: JsonObject;
  readonly nowMs: number;
  readonly aheadMs: number;
}

async function lookAgain(
  plan: RepeatPlan,
  span: Span,
  ports: RepeatPorts,
): Promise<Ready | NotRepeated | Extract<Repeated, { kind: 'changed' }>> {
  const { job } = plan.named;
  const root = await lookAtWhole(plan.root.job.name, span, ports);
  if (!root || root.job.state !== 'DONE' || !doSame(root, plan.root)) return { kind: 'changed', job };
  const told = bigqueryNow(root);
  if (told.kind !== 'now') return { kind: 'no-time', job };
  const { nowMs } = told;
  const sanitized = sanitizedOf(root, plan.attempt, nowMs);
  if (sanitized.kind === 'refused') return { ...sanitized, job };
  const others = await othersWork({ ...plan, root }, span, ports);
  if (others) return others;
  return { kind: 'ready', root, body: sanitized.body, nowMs, aheadMs: root.receivedAtMs - nowMs };
}

interface Asked {
  readonly plan: RepeatPlan;
  readonly root: Job;
  readonly retry: RetryDetails;
  readonly nowMs: number;
  readonly giveBack: GiveBack;
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
      await letGo(held, ports.clock.now() + TAKEN_UP_WITHIN_MS, ports);
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

function detailsOf({ named, root, attempt, failedBefore, nowMs }: RepeatPlan, span: Span, { clock }: RepeatPorts): RetryDetails {
  const earlier = failedBefore?.claim.retry;
  return {
    attemptId: attemptId(root.job.name, attempt) ?? '',
    principal: root.job.principal ?? '',
    reason: hasFailed(named) ? reasonOf(named.job) : 'none',
    ...(earlier && { earlierReasons: reasonsOf(earlier) }),
    rootEndedAtMs: endOf(root, nowMs),
    failedAtMs: nowMs,
    // Nobody inserts it later in this person's stead.
    deadlineAtMs: nowMs + Math.max(0, span.deadlineAtMs - clock.now()),
  };
}

function findingOf(by: string): ClaimFinding {
  const sentence = `was to be run again by hand, by ${by}`;
  return { policy: BY_HAND, degree: 'crossed', action: 'retry', mode: 'enforce', sentence };
}
