import type { PurgeDetails } from '../ledger/ledger.ts';
import { NO_HOLDS } from '../policy/holds/holds.ts';
import type { JudgedFamily } from './purge-look.ts';

/**
 * What the watchdog itself kept a job for that a person wants deleted who names no file of holds: a hold that the
 * watchdog knows of and they do not (design, rule 6: a hold always wins).
 */
export function heldElsewhere(
  { holds }: JudgedFamily,
  purge: PurgeDetails | undefined,
): 'held' | 'holds-unreadable' | undefined {
  if (holds !== NO_HOLDS) return undefined;
  const heldBy = purge?.heldBy;
  return heldBy === 'held' || heldBy === 'holds-unreadable' ? heldBy : undefined;
}
