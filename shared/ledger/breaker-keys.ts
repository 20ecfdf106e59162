import { documentKey, numberedKey } from './document-key.ts';
import type { SlotScope } from './ledger.ts';

/** The group of a breaker's slots, and its trip's key. */
export function scopeKey(scope: SlotScope): string {
  return documentKey(...partsOf(scope));
}

/** Those of a cap are more than those of a breaker, whatever the policy is called. */
function partsOf(scope: SlotScope): readonly [string, string, ...string[]] {
  return 'cap' in scope ? [scope.verb, 'cap', scope.cap, scope.of] : [scope.verb, scope.policy];
}

/** In the order of numbers, whatever the policy's name. */
export function slotKey(scope: SlotScope, number: number): string {
  return numberedKey(scopeKey(scope), number);
}

/** Where it stands which slot a claim has. */
export function claimSlotKey(scope: SlotScope, claimKey: string): string {
  return documentKey(...partsOf(scope), claimKey);
}
