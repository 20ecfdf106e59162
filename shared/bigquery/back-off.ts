import type { Random } from '../ports/random.ts';

export interface BackOff {
  /** The longest wait after the first failure; it doubles with each. */
  readonly initialMs: number;
  readonly maxMs: number;
  /** How often a call is tried in all. */
  readonly attempts: number;
}

export const USUAL_BACK_OFF: BackOff = { initialMs: 500, maxMs: 16_000, attempts: 6 };

/**
 * How long to wait after so many failures (from 1 on): anything from nothing to the full wait, so that those
 * who failed together do not come back together; what the server asked for comes on top.
 */
export function backOffMs(backOff: BackOff, failures: number, random: Random, retryAfterMs = 0): number {
  const fullMs = Math.min(backOff.maxMs, backOff.initialMs * 2 ** (failures - 1));
  return retryAfterMs + Math.floor(random() * fullMs);
}
