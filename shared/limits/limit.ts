import type { PriceTable } from '../cost/price-table.ts';
import type { Job, JobField, JobType } from '../job/job.ts';
import type { AmountUnit } from '../units/amount.ts';

/** What a value rests on, where it is not simply what the job has used. */
export type Basis = 'estimate' | 'projection';

/**
 * What a job has used of one limit.
 * - `value`: so much, in the limit's unit. `reachesAtMs`: when it will stand at a given amount, so that the
 *   amount is crossed a millisecond later; exactly for a measure that time alone moves, `atItsRate` so far for
 *   one that grows with use, and then only a look tells. `basis`: it is an upper bound from BigQuery's
 *   estimate, or a projection, and not what was used.
 * - `lacks`: this observation does not tell; one of another source may. `atMost`: whatever that tells, the value
 *   is not above this, so that a limit far from it needs no second look.
 * - `idle`: the limit cannot be crossed in the job's present state (a pending job has no runtime).
 */
export type Measure =
  | {
      readonly kind: 'value';
      readonly value: number;
      readonly reachesAtMs?: (amount: number) => number;
      readonly atItsRate?: true;
      readonly basis?: Basis;
    }
  | { readonly kind: 'lacks'; readonly fields: readonly JobField[]; readonly atMost?: number }
  | { readonly kind: 'idle' };

/** How amounts of a limit are written in the policy file and printed for people. */
export type LimitUnit = AmountUnit;

/** What the owner's file says that a measure may rest on, besides the job and the time. */
export interface Terms {
  readonly prices: PriceTable;
  /** `basis: estimate` stands in the same `limit`. */
  readonly byEstimate: boolean;
}

/**
 * One kind of limit. A new one is a file that exports this, and a line in `all-limits.ts`.
 * A job is above a limit when its value is greater than the amount: "at most 30m" allows 30m exactly.
 */
export interface Limit {
  /** The key under `limit:` in the policy file. */
  readonly key: string;
  readonly unit: LimitUnit;
  /** One line for the reference and for error messages. */
  readonly description: string;
  /** The types of jobs that have this measure; for all others it is idle. Absent: every type has it. */
  readonly jobTypes?: readonly JobType[];
  /** Only for alerts: why nothing may be cancelled by it, and what to write instead. */
  readonly alertOnly?: string;
  measure(job: Job, nowMs: number, terms: Terms): Measure;
  /** "has run 42 min of at most 30 min", "is estimated to read up to 12 TiB of at most 10 TiB". */
  sentence(measured: string, allowed: string, basis: Basis | undefined): string;
}

/** A limit under the terms of one generation of the owner's file: the job and the time are all it wants. */
export interface BoundLimit extends Omit<Limit, 'measure'> {
  measure(job: Job, nowMs: number): Measure;
}

export function bindLimit(limit: Limit, terms: Terms): BoundLimit {
  return { ...limit, measure: (job, nowMs) => limit.measure(job, nowMs, terms) };
}
