import { Option } from 'commander';
import type { Span } from '../shared/enforce/ports.ts';
import { LONGEST_LEASE_MS } from '../shared/ledger/believed-lease.ts';
import { parseDuration, printDuration } from '../shared/units/duration.ts';
import { asArgument } from './command.ts';

export interface WaitOptions {
  readonly nosync?: boolean;
  /** Milliseconds. */
  readonly wait: number;
}

const USUAL_WAIT_MS = 600_000;
/** How long a purge of many waits to see that one job is gone; a sweep goes on with it. */
export const PURGE_WAIT_MS = 120_000;
/** What calls, and the requests that BigQuery does not take at first, may take beyond the waiting. */
const MARGIN_MS = 120_000;
/** The claim outlives whoever acts. */
const LEASE_MARGIN_MS = 60_000;
/** A longer lease would be believed by nobody, and a sweep would take the act over while it is waited for. */
const LONGEST_WAIT_MS = LONGEST_LEASE_MS - MARGIN_MS - LEASE_MARGIN_MS;

/** `--nosync`, of commands that act on a job and wait for its end. */
export function nosyncOption(): Option {
  return new Option('--nosync', 'do not wait until the job has ended');
}

/** `--wait`, of the same. */
export function waitOption(): Option {
  return new Option(
    '--wait <duration>',
    `wait at most so long, ${printDuration(LONGEST_WAIT_MS)} at the most`,
  )
    .argParser(asArgument(parseWait))
    .default(USUAL_WAIT_MS, '10m');
}

/** @throws DurationError, RangeError */
function parseWait(text: string): number {
  const waitMs = parseDuration(text);
  if (waitMs <= LONGEST_WAIT_MS) return waitMs;
  throw new RangeError(
    `"${text}" is longer than ${printDuration(LONGEST_WAIT_MS)}, the most that is waited for; a sweep of the watchdog goes on with the act after that, or ask again`,
  );
}

/** How long an act from `nowMs` on may take, and for how long its claim is to be had. */
export function waitSpan(
  { nosync = false, wait }: WaitOptions,
  nowMs: number,
): { readonly span: Span; readonly leaseMs: number } {
  const waitMs = nosync ? 0 : wait;
  const deadlineAtMs = nowMs + waitMs + MARGIN_MS;
  return {
    span: { startedAtMs: nowMs, horizonAtMs: nowMs + waitMs, deadlineAtMs },
    leaseMs: waitMs + MARGIN_MS + LEASE_MARGIN_MS,
  };
}
