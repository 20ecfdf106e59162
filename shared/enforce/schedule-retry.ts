import type { Alert } from '../alert/alert.schema.ts';
import type { RetryAct } from '../judge/retry-verdict.ts';
import type { ClaimFinding, HeldClaim, Predecessor, RetryDetails, Scheduled } from '../ledger/ledger.ts';
import { attemptId } from '../retry/attempt-id.ts';
import { scheduleAttempt } from '../retry/backoff-schedule.ts';
import type { RefusalCode } from '../retry/refusal.ts';
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
 * the end of the attempt that failed, in one commit.
 */
export async function scheduleRetry(
  look: FailureLook,
  act: RetryAct,
  ports: RetryPorts,
  before?: Failed,
): Promise<Scheduled | NotScheduled> {
  const { chain, root, nowMs, aheadMs } = look;
  const policy = look.policies.retry.find(({ name }) => name === act.policy);
  const id = attemptId(chain.root, act.attempt);
  const { principal } = root.job;
  if (id === undefined) return { kind: 'over', why: 'id-too-long', sentence: ID_TOO_LONG };
  // The judge answers neither; nobody is run again as somebody unknown.
  if (!policy || principal === undefined)
    return { kind: 'over', why: 'principal-unknown', sentence: UNKNOWN };
  const failures = await ports.ledger.countFailure(chain.root.projectId, act.reason, nowMs, PRESSURE_SPAN_MS);
  const schedule = scheduleAttempt({
    rule: policy.rule,
    attempt: act.attempt,
    failedAtMs: nowMs,
    rootEndedAtMs: chain.rootEndedAtMs,
    random: ports.random(),
    pressure: pressureOf(failures),
  });
  if (schedule.kind === 'over') return schedule;
  const retry: RetryDetails = {
    attemptId: id,
    principal,
    reason: act.reason,
    earlierReasons: earlierReasons(look),
    rootEndedAtMs: chain.rootEndedAtMs,
    failedAtMs: nowMs,
    deadlineAtMs: schedule.deadlineAtMs,
    ...comparedBefore(before?.held),
  };
  const finding = findingOf(look, act);
  const scheduled = chainAlert({
    step: 'retry-scheduled',
    root: root.job,
    policy: policy.name,
    mode: policy.mode,
    sentence: `${finding.sentence}, which is due at ${new Date(schedule.atMs).toISOString()}`,
    nowMs,
    reasons: reasonsOf(retry),
    attempt: act.attempt,
    attemptId: id,
    dueAtMs: schedule.atMs,
  });
  const rows = [...(before?.alerts ?? []), scheduled].map(toRow);
  const request = {
    job: chain.root,
    verb: ports.verb,
    attempt: act.attempt,
    policy: policy.name,
    finding,
    holder: ports.holder,
    retry,
    // By our own clock, but never so late that nobody believes it.
    dueAtMs: Math.min(schedule.atMs + aheadMs, schedule.deadlineAtMs),
  };
  const answer = await ports.ledger.schedule(request, rows, before && endOfFailed(before));
  ports.log.notice('retry scheduled', {
    job: chain.root,
    policy: policy.name,
    attempt: act.attempt,
    dueAt: new Date(schedule.atMs).toISOString(),
  });
  await publishRows(
    rows.filter(({ ceId }) => answer.fresh.includes(ceId)),
    ports,
  );
  return answer;
}

const ID_TOO_LONG = 'is not run again: an id that says which job it repeats would be longer than 1,024';
const UNKNOWN = 'is not run again: BigQuery does not tell who ran it';

function endOfFailed({ held }: Failed): Predecessor {
  return { held, change: { state: 'ended', outcome: 'failed' } };
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
