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
  readonly faults: Faults;
}
