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
  const lastMs = lastAttemptMs(compileRule(entry.retry ?? {}));
  if (lastMs >= LATER_MS) return;
  for (const [index, reason] of (entry.retry?.reasons ?? []).entries()) {
    if (REASONS.get(reason)?.verdict !== 'later') continue;
    const message = `policy "${entry.name}" answers ${reason}, which may take ${printDuration(LATER_MS)} to pass, and waits no longer than ${printDuration(lastMs)} in all`;
    faults.warning(placeOf(root, [...path, 'retry', 'reasons', index]), message, {
      value: reason,
      allowed: 'a "backoff" and a "deadline" that reach 90m, such as backoff: { initial: 90m }',
    });
  }
}

/** How long after the failure the last attempt is due at the latest, if each fails at once. */
function lastAttemptMs({ attempts, backoff, deadlineMs }: RetryRule): number {
  const { initialMs, factor, maxMs } = backoff;
  const waits = Array.from({ length: attempts }, (_, made) => Math.min(maxMs, initialMs * factor ** made));
  return Math.min(
    deadlineMs,
    waits.reduce((sum, wait) => sum + wait, 0),
  );
}
