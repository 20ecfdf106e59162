import { documentKey, numberedKey } from './document-key.ts';
import type { BreakerScope } from './ledger.ts';

/** The group of a breaker's slots, and its trip's key. */
export function scopeKey(scope: BreakerScope): string {
  return documentKey(scope.verb, scope.policy);
}

/** In the order of numbers, whatever the policy's name. */
export function slotKey(scope: BreakerScope, number: number): string {
  return numberedKey(scopeKey(scope), number);
}

/** Where it stands which slot a claim has. */
export function claimSlotKey(scope: BreakerScope, claimKey: string): string {
  return documentKey(scope.verb, scope.policy, claimKey);
}
