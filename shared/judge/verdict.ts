import type { JobField } from '../job/job.ts';
import type { Basis, LimitUnit } from '../limits/limit.ts';
import type { Mode } from '../policy/policy.ts';

/** A limit with what was measured and what is allowed, in the limit's unit. */
export interface Measured {
  readonly limit: string;
  readonly unit: LimitUnit;
  readonly value: number;
  readonly allowed: number;
  /** The value is an upper bound, or a projection, and not what was used. */
  readonly basis?: Basis;
}

/** One policy that this job has crossed, or is close to crossing. */
export interface Finding {
  readonly policy: string;
  /** `warned`: above `warnAt`, not above the limit. `crossed`: the policy fires. */
  readonly degree: 'warned' | 'crossed';
  readonly action: 'alert' | 'cancel';
  readonly mode: Mode;
  /** Absent for a policy without limits, which fires on its match alone. */
  readonly measured?: Measured;
  /** For a person: "has run 42 min of at most 30 min allowed by interactive-runtime". */
  readonly sentence: string;
  /** Why an enforced cancel is not carried out although the policy fires: a copy job cannot be stopped. */
  readonly cannot?: 'copy-job';
}

/** The one act that follows. */
export interface Act {
  readonly verb: 'cancel';
  readonly policy: string;
}

/** A policy that cannot be decided because BigQuery does not tell these fields, though asked four times. */
export interface Undecided {
  readonly policy: string;
  readonly action: 'alert' | 'cancel';
  readonly mode: Mode;
  readonly fields: readonly JobField[];
}

export interface Verdict {
  /** Severest first; of equals, in the order of the file. */
  readonly findings: readonly Finding[];
  readonly act?: Act | undefined;
  /**
   * What a matching policy wants and this observation lacks: the shell calls `jobs.get`, and only then.
   * Of a job that was just looked at: the look is to be remembered as one that lacked, and `recheckAtMs` says
   * when to look again.
   */
  readonly needs: readonly JobField[];
  readonly undecided: readonly Undecided[];
  /** When this verdict would change by the passing of time alone, or if the job goes on as it did so far. */
  readonly recheckAtMs?: number | undefined;
  /** When it would change by the passing of time alone: never before `recheckAtMs`, which may only be foretold. */
  readonly certainAtMs?: number | undefined;
}
