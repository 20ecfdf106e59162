import type { Job, JobField, JobType } from '../job/job.ts';
import type { AmountUnit } from '../units/amount.ts';

/**
 * What a job has used of one limit.
 * - `value`: so much, in the limit's unit. `reachesAtMs`: for a measure that time alone moves, when it
 *   will stand at exactly a given amount (so the amount is crossed a millisecond later).
 * - `lacks`: this observation does not tell; one of another source may.
 * - `idle`: the limit cannot be crossed in the job's present state (a pending job has no runtime).
 */
export type Measure =
  | { readonly kind: 'value'; readonly value: number; readonly reachesAtMs?: (amount: number) => number }
  | { readonly kind: 'lacks'; readonly fields: readonly JobField[] }
  | { readonly kind: 'idle' };

/** How amounts of a limit are written in the policy file and printed for people. */
export type LimitUnit = AmountUnit;

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
  measure(job: Job, nowMs: number): Measure;
  /** "has run 42 min of at most 30 min", "is estimated to read up to 12 TiB of at most 10 TiB". */
  sentence(measured: string, allowed: string): string;
}
