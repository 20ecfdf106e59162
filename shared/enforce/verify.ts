import type { Job } from '../job/job.ts';

const SECOND_MS = 1_000;

/** When to look, after a request, whether the job ended. BigQuery usually takes less than a minute [M]. */
const LOOKS_MS = [2 * SECOND_MS, 5 * SECOND_MS, 15 * SECOND_MS, 30 * SECOND_MS] as const;

/** When to ask again: after a minute, and from the third request on every five minutes. */
const ASK_AGAIN_MS = [60 * SECOND_MS, 60 * SECOND_MS] as const;
const ASK_AGAIN_LATER_MS = 300 * SECOND_MS;

/** So many requests without effect, and people are told that the job cannot be stopped. */
const REQUESTS_BEFORE_TELLING = 2;

const LEFT_RUNNING_AFTER_MS = 120 * SECOND_MS;

/** How a cancel turned out. A job that ended by itself first is not counted as cancelled (rule 7). */
export type CancelOutcome = 'cancelled' | 'ended-first' | 'still-running';

/**
 * `stopped` is also what `jobTimeoutMs` leaves behind: that is not credited to the watchdog (rule 2).
 * Sound only for a job that was seen unfinished before it was asked to stop.
 */
export function cancelOutcome(job: Job): CancelOutcome {
  if (job.state !== 'DONE') return 'still-running';
  const { reason, stoppedBy } = job.error ?? {};
  return reason === 'stopped' && stoppedBy !== 'job-timeout' ? 'cancelled' : 'ended-first';
}

/**
 * When to look at the job next, after requests at `askedAtMs` (oldest first, at least one), all by one clock.
 * Always later than `nowMs`, also when the time to ask again has passed and nobody may ask.
 */
export function nextLookAtMs(askedAtMs: readonly number[], nowMs: number): number {
  const last = askedAtMs.at(-1) ?? nowMs;
  const moments = [...LOOKS_MS, askAgainAfterMs(askedAtMs.length)].map((wait) => last + wait);
  return moments.find((atMs) => atMs > nowMs) ?? nowMs + ASK_AGAIN_LATER_MS;
}

/** Whether the last request had its time. */
export function shouldAskAgain(askedAtMs: readonly number[], nowMs: number): boolean {
  const last = askedAtMs.at(-1);
  return last === undefined || nowMs >= last + askAgainAfterMs(askedAtMs.length);
}

/** Whether enough requests had their time without effect to call the job unstoppable. */
export function isNotTaking(askedAtMs: readonly number[], nowMs: number): boolean {
  return askedAtMs.length >= REQUESTS_BEFORE_TELLING && shouldAskAgain(askedAtMs, nowMs);
}

/** The same where nobody may ask again: by then a second request would have had its time too. */
export function isLeftRunning(askedAtMs: readonly number[], nowMs: number): boolean {
  const last = askedAtMs.at(-1);
  return last !== undefined && nowMs >= last + LEFT_RUNNING_AFTER_MS;
}

function askAgainAfterMs(requests: number): number {
  return ASK_AGAIN_MS[requests - 1] ?? ASK_AGAIN_LATER_MS;
}
