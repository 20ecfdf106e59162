import { dueAtMs, leastShareOf } from '../retry/backoff-schedule.ts';
import { REASONS } from '../retry/reasons.ts';
import type { RetryRule } from '../retry/retry-rule.ts';
import { printDuration } from '../units/duration.ts';
import type { CheckedPolicy } from './checked-policy.ts';
import { compileRule } from './compile-rule.ts';
import { keyPlace, placeOf } from './located.ts';

/** When a policy runs jobs again: whether its waits fit together, and what they wait for. */
export function checkRetryTimes(policy: CheckedPolicy): void {
  checkBackoff(policy);
  checkDeadline(policy);
  checkLateReasons(policy);
}

function checkBackoff({ entry, root, path, faults }: CheckedPolicy): void {
  const { initial, max } = entry.retry?.backoff ?? {};
  if (initial === undefined || max === undefined || initial <= max) return;
  const message = `policy "${entry.name}" would wait longer at first ("initial") than at most ("max")`;
  faults.fault(keyPlace(root, [...path, 'retry', 'backoff'], 'max'), message, {
    allowed: 'a "max" that is not below "initial"',
  });
}

function checkDeadline({ entry, root, path, faults, isSure }: CheckedPolicy): void {
  if (!['deadline', 'backoff'].every((key) => isSure('retry', key))) return;
  const { deadlineMs, backoff } = compileRule(entry.retry ?? {});
  if (backoff.initialMs <= deadlineMs) return;
  const first = printDuration(backoff.initialMs);
  const message = `policy "${entry.name}" would wait up to ${first} before the first attempt, and runs nothing again ${printDuration(deadlineMs)} after the failure ("deadline"): no wait is longer than that`;
  const key = entry.retry?.deadline === undefined ? 'backoff' : 'deadline';
  faults.warning(keyPlace(root, [...path, 'retry'], key), message, {
    allowed: 'a "deadline" that is not below "backoff.initial"',
  });
}

/** Rows leave the streaming buffer within so long [doc: bigquery/docs/error-messages]. */
const LATER_MS = 90 * 60_000;

/** What passes late is met too early by attempts that are all made before. */
function checkLateReasons({ entry, root, path, faults, isSure }: CheckedPolicy): void {
  const keys = ['reasons', 'attempts', 'deadline', 'backoff'];
  if (!keys.every((key) => isSure('retry', key))) return;
  const rule = compileRule(entry.retry ?? {});
  for (const [index, reason] of (entry.retry?.reasons ?? []).entries()) {
    if (REASONS.get(reason)?.verdict !== 'later') continue;
    const lastMs = lastAttemptMs(rule, reason);
    if (lastMs >= LATER_MS) return;
    const message = `policy "${entry.name}" answers ${reason}, which may take ${printDuration(LATER_MS)} to pass, and may make its last attempt after ${printDuration(lastMs)}`;
    faults.warning(placeOf(root, [...path, 'retry', 'reasons', index]), message, {
      value: reason,
      allowed:
        '"attempts", a "backoff" and a "deadline" with which the last one surely comes after 90m, such as attempts: 2, backoff: { initial: 90m }',
    });
  }
}

/** How long after the failure the last attempt is due at the earliest, if each fails at once. */
function lastAttemptMs({ attempts, backoff, deadlineMs }: RetryRule, reason: string): number {
  const earliest = {
    backoff,
    random: 0,
    pressure: 1,
    leastShare: leastShareOf(reason),
    deadlineAtMs: deadlineMs,
  };
  let atMs = 0;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    atMs = dueAtMs({ ...earliest, attempt, failedAtMs: atMs });
  }
  return atMs;
}
