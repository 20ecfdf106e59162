import { REASONS } from './reasons.ts';
import type { RefusalCode } from './refusal.ts';
import type { RetryBackoff, RetryRule } from './retry-rule.ts';

/** When an attempt is due. */
export interface DueRequest {
  /** When the job that the attempt answers ended, or when that was found out. Milliseconds since the epoch. */
  readonly failedAtMs: number;
  /** From 1. */
  readonly attempt: number;
  readonly backoff: RetryBackoff;
  /** From 0 to below 1, drawn once for this attempt. */
  readonly random: number;
  /** From `pressureOf`; at least 1. */
  readonly pressure: number;
  /** The least part of the longest wait that is waited, from `leastShareOf`; without it none. */
  readonly leastShare?: number;
  /** Never later than this, so that what is thinned out is not lost by that. */
  readonly deadlineAtMs?: number;
}

/**
 * Exponential back-off with full jitter: a moment between the failure and `initial` × `factor`^(attempt−1), at most
 * `max`, each equally likely. Drawn from the whole span, for jobs that failed together must not come back together
 * [doc: cloud.google.com/storage/docs/retry-strategy; the source of "full jitter" is the AWS builders' library].
 * Pressure widens the span, beyond `max` too.
 */
export function dueAtMs({
  failedAtMs,
  attempt,
  backoff,
  random,
  pressure,
  leastShare = 0,
  deadlineAtMs,
}: DueRequest): number {
  const calm = Math.min(backoff.maxMs, backoff.initialMs * backoff.factor ** (attempt - 1));
  const left = deadlineAtMs === undefined ? Number.POSITIVE_INFINITY : Math.max(0, deadlineAtMs - failedAtMs);
  const longestMs = Math.min(calm * Math.max(1, pressure), left);
  const leastMs = Math.floor(leastShare * longestMs);
  return failedAtMs + leastMs + Math.floor(random * (longestMs - leastMs));
}

/**
 * What passes late (rows leave the streaming buffer within 90 minutes) is met too early by attempts that happen to be
 * drawn early: then half of the wait is sure. Of everything else the whole is drawn.
 */
export function leastShareOf(reason: string): number {
  return REASONS.get(reason)?.verdict === 'later' ? 0.5 : 0;
}

export interface ScheduleRequest extends Omit<DueRequest, 'backoff' | 'deadlineAtMs' | 'leastShare'> {
  /** Of the failure that the attempt answers. */
  readonly reason: string;
  readonly rule: Pick<RetryRule, 'attempts' | 'backoff' | 'deadlineMs'>;
  /** When the job that the chain began with ended. */
  readonly rootEndedAtMs: number;
}

export type Schedule =
  | { readonly kind: 'due'; readonly atMs: number; readonly deadlineAtMs: number }
  | { readonly kind: 'over'; readonly why: ChainEnd; readonly sentence: string };

export type ChainEnd = Extract<RefusalCode, 'attempts-used' | 'deadline-passed'>;

/** When the next attempt of a chain is due, or why there is none. */
export function scheduleAttempt({ rule, rootEndedAtMs, reason, ...request }: ScheduleRequest): Schedule {
  const deadlineAtMs = rootEndedAtMs + rule.deadlineMs;
  const end = chainEnd(rule, request.attempt, deadlineAtMs, request.failedAtMs);
  if (end) return { kind: 'over', ...end };
  const leastShare = leastShareOf(reason);
  const atMs = dueAtMs({ ...request, backoff: rule.backoff, leastShare, deadlineAtMs });
  return { kind: 'due', atMs, deadlineAtMs };
}

/** Why attempt number `attempt` is not made any more at that moment; undefined while it may be. */
export function chainEnd(
  { attempts }: Pick<RetryRule, 'attempts'>,
  attempt: number,
  deadlineAtMs: number,
  nowMs: number,
): { readonly why: ChainEnd; readonly sentence: string } | undefined {
  if (attempt > attempts) {
    const times = attempt === 2 ? 'once' : `${attempt - 1} times`;
    return { why: 'attempts-used', sentence: `it was run again ${times}, as often as the policy allows` };
  }
  if (nowMs < deadlineAtMs) return undefined;
  return { why: 'deadline-passed', sentence: 'the time within which the policy has it run again is over' };
}
