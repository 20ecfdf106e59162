import { TRANSIENT_REASONS } from '../retry/reasons.ts';
import type { RetryBackoff, RetryCaps, RetryGuards, RetryRule } from '../retry/retry-rule.ts';
import type { BackoffEntry, CapsEntry, GuardsEntry, RetryEntry } from './retry.schema.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What holds for a `retry` that does not say otherwise. */
const ATTEMPTS = 3;
const BACKOFF: RetryBackoff = { initialMs: MINUTE_MS, factor: 2, maxMs: 30 * MINUTE_MS };
const DEADLINE_MS = 6 * HOUR_MS;
/** Below the acts of a breaker that nobody set: retries of one project rather wait than trip it. */
const CAPS: RetryCaps = { perProjectPerHour: 40, perPrincipalPerHour: 20 };

export function compileRule(entry: RetryEntry): RetryRule {
  return {
    reasons: entry.reasons === undefined ? TRANSIENT_REASONS : new Set(entry.reasons),
    attempts: entry.attempts ?? ATTEMPTS,
    backoff: compileBackoff(entry.backoff),
    deadlineMs: entry.deadline ?? DEADLINE_MS,
    allowRepeatedWrites: entry.allowRepeatedWrites ?? false,
    guards: compileGuards(entry.guards),
    caps: compileCaps(entry.caps),
  };
}

/** Whoever gives a long `initial` and no `max` means to wait that long; likewise the other way round. */
function compileBackoff({ initial, factor, max }: BackoffEntry = {}): RetryBackoff {
  const initialMs = initial ?? Math.min(BACKOFF.initialMs, max ?? BACKOFF.initialMs);
  return { initialMs, factor: factor ?? BACKOFF.factor, maxMs: max ?? Math.max(BACKOFF.maxMs, initialMs) };
}

function compileGuards({ jobTimeout, ...others }: GuardsEntry = {}): RetryGuards {
  return { ...others, ...(jobTimeout !== undefined && { jobTimeoutMs: jobTimeout }) };
}

function compileCaps(entry: CapsEntry = {}): RetryCaps {
  return {
    perProjectPerHour: entry.perProjectPerHour ?? CAPS.perProjectPerHour,
    perPrincipalPerHour: entry.perPrincipalPerHour ?? CAPS.perPrincipalPerHour,
  };
}
