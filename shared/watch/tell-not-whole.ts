import { policyUnavailable, projectUnwatchable } from '../alert/system-alert.ts';
import { JobsApiError } from '../bigquery/errors.ts';
import { TOLD_AFTER_MS } from '../enforce/fails-for-now.ts';
import { tellAlerts } from '../enforce/outbox.ts';
import type { EnforcePorts } from '../enforce/ports.ts';
import { LedgerUnavailableError, StaleClaimError, UnreadableDocumentError } from '../ledger/errors.ts';
import { OwnerFileUnavailable } from '../owner-files/errors.ts';

/** Whether a fault is one that the next sweep may not meet. Of those that it will meet, people are told at once. */
export function mayPass(fault: unknown): boolean {
  if (fault instanceof JobsApiError) return fault.fault !== 'terminal';
  // Of a claim that somebody else has taken over, nothing is left to do.
  return !(fault instanceof StaleClaimError || fault instanceof UnreadableDocumentError);
}

/**
 * What may pass and does not: once none of a project's sweeps has been whole for ten minutes, people are told, once
 * a day.
 *
 * @param why what kept this sweep from being whole
 */
export async function tellNotWhole(
  why: unknown,
  sinceMs: number,
  projectId: string,
  ports: EnforcePorts,
): Promise<void> {
  const { clock, verb } = ports;
  const now = clock.now();
  if (now - sinceMs < TOLD_AFTER_MS) return;
  const since = new Date(sinceMs).toISOString();
  const detail = `no sweep has been whole since ${since}; the last one: ${wordsFor(why)}`;
  const alert =
    why instanceof OwnerFileUnavailable
      ? policyUnavailable(verb, why.message, sinceMs, now)
      : projectUnwatchable(verb, projectId, 'not whole', detail, now);
  await tellAlerts([alert], ports);
}

/** Messages of our own errors hold no text of a job; others might. */
function wordsFor(why: unknown): string {
  if (why === 'no-time-left') return 'there was no time for all of its jobs';
  if (why === 'died') {
    return 'it came to no end; see whether the function is killed, by its memory or its timeout';
  }
  if (why === 'postponed') {
    return 'acts were put off, for the policy file changed while it listed the jobs, or looks told no time';
  }
  if (why instanceof JobsApiError || why instanceof LedgerUnavailableError) return why.message;
  return why instanceof Error ? `it failed with ${why.name}; see the log` : 'it failed; see the log';
}
