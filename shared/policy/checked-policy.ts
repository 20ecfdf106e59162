import type { PriceTable } from '../cost/price-table.ts';
import type { Faults } from './fault.ts';
import type { Located } from './located.ts';
import type { PolicyEntry } from './policy.schema.ts';

/** A policy that is well formed, with its place in the file. */
export interface CheckedPolicy {
  readonly entry: PolicyEntry;
  readonly root: Located;
  readonly path: readonly (string | number)[];
  /** Needs what this version does not carry out: what it does with that cannot be checked. */
  readonly aside: boolean;
  /** What `pricing` makes of the list prices. */
  readonly prices: PriceTable;
  readonly faults: Faults;
}
