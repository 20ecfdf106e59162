import type { Alert } from '../alert/alert.schema.ts';
import type { RetryAct } from '../judge/retry-verdict.ts';
import type { ClaimFinding, HeldClaim, RetryDetails, Scheduled } from '../ledger/ledger.ts';
import type { RetryPolicy } from '../policy/policy.ts';
import { attemptId } from '../retry/attempt-id.ts';
import { type Schedule, scheduleAttempt } from '../retry/backoff-schedule.ts';
import type { RefusalCode } from '../retry/refusal.ts';
import { sanitize } from '../retry/sanitize.ts';
import { PRESSURE_SPAN_MS, pressureOf } from '../retry/storm.ts';
import type { FailureLook } from './failure.ts';
import { publishRows, toRow } from './outbox.ts';
import { chainAlert, reasonOf, reasonsOf } from './retry-alerts.ts';
import type { RetryPorts } from './retry-ports.ts';

/** Why there is no next attempt. */
export interface NotScheduled {
  readonly kind: 'over';
  readonly why: RefusalCode;
  readonly sentence: string;
}

/** The claim whose attempt failed, and what was not told of it yet. */
export interface Failed {
  readonly held: HeldClaim;
  readonly alerts: readonly Alert[];
}

/**
 * Counts the failure, draws when the next attempt of its chain is due, and stores it, with what people are told and
 * the end of the attempt that failed, in one commit. What could not be sent is not scheduled.
 */
export async function scheduleRetry(
  look: FailureLook,
  act: RetryAct,
  ports: RetryPorts,
  before?: Failed,
): Promise<Scheduled | NotScheduled> {
  const next = nextAttempt(look, act);
  if (next.kind === 'over') return next;
  const due = await drawn(look, act, next, ports);
  if (due.kind === 'over') return over(due.why, due.sentence);
  const { chain, nowMs, aheadMs } = look;
  const { policy, id, principal } = next;
  const { deadlineAtMs } = due;
  const retry: RetryDetails = {
    attemptId: id,
    principal,
    reason: act.reason,
    earlierReasons: earlierReasons(look),
    rootEndedAtMs: chain.rootEndedAtMs,
    failedAtMs: nowMs,
    deadlineAtMs,
    ...comparedBefore(before?.held),
  };
  const finding = findingOf(look, act);
  const told = scheduledAlert(look, { policy, finding, retry, attempt: act.attempt, atMs: due.atMs });
  const rows = [...(before?.alerts ?? []), told].map(toRow);
  const request = {
    job: chain.root,
    verb: ports.verb,
    attempt: act.attempt,
    policy: policy.name,
    finding,
    holder: ports.holder,
    retry,
    // By our own clock, but never so late that nobody believes it.
    dueAtMs: Math.min(due.atMs + aheadMs, deadlineAtMs),
  };
  const end = { state: 'ended', outcome: 'failed' } as const;
  const answer = await ports.ledger.schedule(request, rows, before && { held: before.held, change: end });
  const dueAt = new Date(due.atMs).toISOString();
  ports.log.notice('retry scheduled', { job: chain.root, policy: policy.name, attempt: act.attempt, dueAt });
  await publishRows(
    rows.filter(({ ceId }) => answer.fresh.includes(ceId)),
    ports,
  );
  return answer;
}

interface NextAttempt {
  readonly kind: 'next';
  readonly policy: RetryPolicy;
  readonly id: string;
  readonly principal: string;
}

/** What is to be run again, as far as it can be told before it is due. */
function nextAttempt(
  { chain, root, policies, nowMs }: FailureLook,
  { policy: name, attempt }: RetryAct,
): NextAttempt | NotScheduled {
  const policy = policies.retry.find((one) => one.name === name);
  const { principal } = root.job;
  // The judge acts for neither; nobody is run again as somebody unknown.
  if (!policy || principal === undefined)
    return over('principal-unknown', 'BigQuery does not tell who ran it');
  const id = attemptId(chain.root, attempt);
  if (id === undefined) return over('id-too-long', 'an id that says which job it repeats would be too long');
  const { guards } = policy.rule;
  const resource = root.resource.take();
  const sanitized = sanitize({ resource, attemptId: id, origin: chain.root, attempt, guards, nowMs });
  if (sanitized.kind === 'refused') return over(sanitized.why, sanitized.sentence);
  return { kind: 'next', policy, id, principal };
}

function over(why: RefusalCode, because: string): NotScheduled {
  return { kind: 'over', why, sentence: `is not run again: ${because}` };
}

/** The moment, drawn from the wider a span the more jobs fail for that reason. */
async function drawn(
  { chain, nowMs }: FailureLook,
  { attempt, reason }: RetryAct,
  { policy: { rule } }: NextAttempt,
  { ledger, random }: RetryPorts,
): Promise<Schedule> {
  const { projectId } = chain.root;
  const failures = await ledger.countFailure(projectId, reason, nowMs, PRESSURE_SPAN_MS);
  return scheduleAttempt({
    rule,
    reason,
    attempt,
    failedAtMs: nowMs,
    rootEndedAtMs: chain.rootEndedAtMs,
    random: random(),
    pressure: pressureOf(failures),
  });
}

interface ScheduledNews {
  readonly policy: RetryPolicy;
  readonly finding: ClaimFinding;
  readonly retry: RetryDetails;
  readonly attempt: number;
  readonly atMs: number;
}

function scheduledAlert({ root, nowMs }: FailureLook, news: ScheduledNews): Alert {
  const { policy, finding, retry, attempt, atMs } = news;
  return chainAlert({
    step: 'retry-scheduled',
    root: root.job,
    policy: policy.name,
    mode: policy.mode,
    sentence: `${finding.sentence}, which is due at ${new Date(atMs).toISOString()}`,
    nowMs,
    reasons: reasonsOf(retry),
    attempt,
    attemptId: retry.attemptId,
    dueAtMs: atMs,
  });
}

/** What the attempt before was compared with is not compared again. */
function comparedBefore(held: HeldClaim | undefined): Pick<RetryDetails, 'comparedUpToMs'> {
  const comparedUpToMs = held?.claim.retry?.comparedUpToMs;
  return comparedUpToMs === undefined ? {} : { comparedUpToMs };
}

/** Of a chain whose claims were lost only the root's is known. */
export function earlierReasons({ chain, root }: FailureLook): readonly string[] {
  const { retry } = chain.held?.claim ?? {};
  if (retry) return reasonsOf(retry);
  return chain.attemptsMade === 0 ? [] : [reasonOf(root.job)];
}

function findingOf({ verdict }: FailureLook, { policy }: RetryAct): ClaimFinding {
  const sentence = verdict.findings.find((finding) => finding.policy === policy)?.sentence ?? '';
  return { policy, degree: 'crossed', action: 'retry', mode: 'enforce', sentence };
}
