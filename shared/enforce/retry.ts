import type { JobName } from '../job/job-name.ts';
import type { RetryRefusal, UndecidedRetry } from '../judge/retry-verdict.ts';
import type { Claim, HeldClaim, RetryDetails } from '../ledger/ledger.ts';
import { attemptRetry } from './attempt-retry.ts';
import { clocksAgree } from './clocks-agree.ts';
import { isFreeAtMs } from './enforce.ts';
import { type FailureLook, lookAtFailure } from './failure.ts';
import type { Span } from './ports.ts';
import { type ChainNews, chainAlert, reasonOf } from './retry-alerts.ts';
import type { RetryPorts } from './retry-ports.ts';
import { earlierReasons, scheduleRetry } from './schedule-retry.ts';
import { settleAttempt } from './settle-attempt.ts';
import { tellWithinHour } from './tell-within-hour.ts';
import { waitsForPerson } from './waits-for-person.ts';
import { wasObserved } from './was-observed.ts';
import type { WholeLook } from './whole-look.ts';

/** What became of a job that ended. */
export type Answered =
  /** It is to be run again: the claim says when (`lookAtMs`), and `carryOut` does it. */
  | { readonly kind: 'scheduled'; readonly claim: Claim }
  /** It was an attempt of ours: how it goes is recorded and told. */
  | { readonly kind: 'settled' }
  /** A policy answers such failures, and this job is not run again; people are told. */
  | { readonly kind: 'refused' }
  /** It would have been run again; people are told. */
  | { readonly kind: 'observed' }
  /** BigQuery does not tell enough of it to say whether a policy is about it; people are told. */
  | { readonly kind: 'undecided' }
  /** Nothing is to be done or told, or somebody is at it already. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'no-time' }
  /** It is a script's child: the script is to be looked at in its stead. */
  | { readonly kind: 'child'; readonly parent: JobName };

/**
 * Looks at a job that ended, and schedules, settles, tells, or leaves it. However often it is called for one job, each
 * failure is answered once.
 *
 * @throws the errors of `bigquery/errors.ts` but NotFoundError, and of `ledger/errors.ts`; a later look goes on
 */
export async function answerFailure(name: JobName, span: Span, ports: RetryPorts): Promise<Answered> {
  const look = await lookAtFailure(name, span, ports);
  switch (look.kind) {
    case 'judged':
      return look.chain.held ? settle(look.chain.held, look, span, ports) : answer(look, ports);
    case 'not-failed':
    case 'root-gone': {
      const { held } = look.chain;
      return held ? settle(held, look.look, span, ports) : { kind: 'nothing' };
    }
    default:
      return look;
  }
}

/**
 * Goes on with a claim that wants attention (`dueClaims`): inserts the attempt that is due, or looks how the one that
 * was inserted goes. A claim that is not due yet, or that somebody else has, is left as it stands. Resolves to the
 * claim of the next attempt, if that was scheduled.
 *
 * @throws the errors of `bigquery/errors.ts`, and of `ledger/errors.ts`; the claim is due again then
 */
export async function carryOut(due: Claim, span: Span, ports: RetryPorts): Promise<Claim | undefined> {
  const known = await ports.ledger.claim(due.job, due.verb, due.attempt);
  if (!known || !isUnfinished(known.claim) || isFreeAtMs(known.claim) > ports.clock.now()) return undefined;
  if (await waitsForPerson(known.claim, ports)) return undefined;
  // An instance whose clock is wrong is wrong about leases, too.
  if (!(await clocksAgree(due.job, span, ports))) return undefined;
  const won = await win(known.claim, ports);
  if (!won) return undefined;
  const { held, retry } = won;
  if (held.claim.askedAtMs.length > 0) {
    const settled = await settleAttempt(held, retry, span, ports);
    if (settled.kind === 'scheduled') return settled.claim;
    if (settled.kind !== 'not-made') return undefined;
  }
  await attemptRetry(held, retry, span, ports);
  return undefined;
}

interface Won {
  readonly held: HeldClaim;
  readonly retry: RetryDetails;
}

/** Of a claim that was lost since it was read nobody knows its chain any more: then the failure is to be answered anew. */
async function win(claim: Claim, ports: RetryPorts): Promise<Won | undefined> {
  const { job, verb, attempt, policy, finding } = claim;
  const { holder, leaseMs } = ports;
  const answer = await ports.ledger.win({ job, verb, attempt, policy, finding, holder, leaseMs });
  if (answer.kind !== 'won') return undefined;
  const { held } = answer;
  const { retry } = held.claim;
  if (retry) return { held, retry };
  await ports.ledger.advance(held, { state: 'void', outcome: 'lost' }, []);
  return undefined;
}

/** The job of an attempt ended, or was heard of. What BigQuery was not asked for yet, the claim decides once it is due. */
async function settle(known: HeldClaim, look: WholeLook, span: Span, ports: RetryPorts): Promise<Answered> {
  const { claim } = known;
  if (!isUnfinished(claim) || claim.askedAtMs.length === 0) return { kind: 'nothing' };
  const won = await win(claim, ports);
  if (!won) return { kind: 'nothing' };
  const { held, retry } = won;
  const settled = await settleAttempt(held, retry, span, ports, look);
  return settled.kind === 'scheduled' ? settled : { kind: 'settled' };
}

function isUnfinished({ state }: Claim): boolean {
  return state === 'claimed' || state === 'asked';
}

/** A job that failed by itself, or an attempt of a chain whose claims were lost. */
async function answer(look: FailureLook, ports: RetryPorts): Promise<Answered> {
  const { act, refusal, findings, undecided } = look.verdict;
  const [first] = findings;
  if (first?.outcome !== 'retry' && !refusal) {
    for (const one of undecided) await tellUndecided(look, one, ports);
    return { kind: undecided.length > 0 ? 'undecided' : 'nothing' };
  }
  const standing = await ports.ledger.claim(look.chain.root, ports.verb, look.chain.attemptsMade + 1);
  if (standing && standing.claim.state !== 'void') return standingAnswer(standing.claim);
  if (act) {
    const scheduled = await scheduleRetry(look, act, ports);
    if (scheduled.kind !== 'over') return { kind: 'scheduled', claim: scheduled.claim };
    const sentence = `failed with ${act.reason}, which ${act.policy} answers, and ${scheduled.sentence}`;
    return refuse(look, { policy: act.policy, why: scheduled.why, sentence }, ports);
  }
  if (!refusal) return observe(look, ports);
  return (await wasObserved(look, ports)) ? { kind: 'observed' } : refuse(look, refusal, ports);
}

/** The failure was answered before. */
function standingAnswer(claim: Claim): Answered {
  const isWaiting = isUnfinished(claim) && claim.askedAtMs.length === 0;
  return isWaiting ? { kind: 'scheduled', claim } : { kind: 'nothing' };
}

async function refuse(look: FailureLook, refusal: RetryRefusal, ports: RetryPorts): Promise<Answered> {
  const { policy, why, sentence } = refusal;
  const mode = look.verdict.findings.find(({ policy: name }) => name === policy)?.mode ?? 'enforce';
  const { attemptsMade } = look.chain;
  const step = attemptsMade === 0 ? 'retry-refused' : 'gave-up';
  await tell(look, { step, policy, mode, why, sentence }, ports);
  return { kind: 'refused' };
}

async function observe(look: FailureLook, ports: RetryPorts): Promise<Answered> {
  const [first] = look.verdict.findings;
  if (!first) return { kind: 'nothing' };
  const { policy, mode, sentence } = first;
  const because = ports.policies.isStopped(policy) ? 'stopped' : 'observe-mode';
  const outcome = because === 'stopped' ? ': nothing is done until a person lets acts be done again' : '';
  await tell(look, { step: 'observed', policy, mode, because, sentence: `${sentence}${outcome}` }, ports);
  return { kind: 'observed' };
}

async function tellUndecided(
  look: FailureLook,
  { policy, mode, fields, reason }: UndecidedRetry,
  ports: RetryPorts,
): Promise<void> {
  const sentence = `failed with ${reason}, which ${policy} answers, and is not run again: BigQuery does not tell ${fields.join(', ')} of it, and so not whether ${policy} is about it`;
  await tell(look, { step: 'undecided', policy, mode, sentence }, ports);
}

/** No claim goes with it, so it is told within the hour's limit. */
async function tell(
  look: FailureLook,
  news: Pick<ChainNews, 'step' | 'policy' | 'mode' | 'sentence' | 'why' | 'because'>,
  ports: RetryPorts,
): Promise<void> {
  const { attemptsMade } = look.chain;
  const alert = chainAlert({
    ...news,
    root: look.root.job,
    nowMs: look.nowMs,
    reasons: [...earlierReasons(look), reasonOf(look.job)],
    ...(attemptsMade > 0 && { attempt: attemptsMade, attemptId: look.job.name.jobId }),
  });
  await tellWithinHour(alert, news.policy, look.nowMs, ports);
}
