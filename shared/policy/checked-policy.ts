import type { PriceTable } from '../cost/price-table.ts';
import type { Faults } from './fault.ts';
import type { Located } from './located.ts';
import type { PartialEntry } from './partial-entry.ts';
import type { BreakerSettings } from './policy.ts';

/** What is well formed of a policy, with its place in the file. A check says nothing of what it is not sure of. */
export interface CheckedPolicy extends PartialEntry {
  readonly root: Located;
  readonly path: readonly (string | number)[];
  /** Needs what this version does not carry out: what it does with that cannot be checked. */
  readonly aside: boolean;
  /** What `pricing` makes of the list prices. */
  readonly prices: PriceTable;
  /** What the policy and the file make of it; undefined where either has a fault. */
  readonly breaker: BreakerSettings | undefined;
  readonly faults: Faults;
}
