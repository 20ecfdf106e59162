import { printDuration } from '../units/duration.ts';
import type { CheckedPolicy } from './checked-policy.ts';
import { keyPlace } from './located.ts';
import type { BreakerSettings } from './policy.ts';

const HOUR_MS = 3_600_000;

/**
 * A cap has retries wait, and a breaker that trips ends them until a person comes: who writes a cap means the first.
 */
export function checkCaps({ entry, root, path, faults, breaker }: CheckedPolicy): void {
  if (breaker === undefined) return;
  for (const key of ['perProjectPerHour', 'perPrincipalPerHour'] as const) {
    const cap = entry.retry?.caps?.[key];
    if (cap === undefined || cap <= mostActsPerHour(breaker)) continue;
    const { acts, perMs } = breaker;
    const message = `policy "${entry.name}" never has retries wait for its "${key}": its breaker trips before, above ${acts} in ${printDuration(perMs)}`;
    faults.warning(keyPlace(root, [...path, 'retry', 'caps'], key), message, {
      value: String(cap),
      allowed: `a "breaker" of the policy with more "acts", such as breaker: { acts: ${cap}, per: 1h }, or a lower "${key}"`,
    });
  }
}

function mostActsPerHour({ acts, perMs }: BreakerSettings): number {
  return acts * Math.max(1, Math.ceil(HOUR_MS / perMs));
}
