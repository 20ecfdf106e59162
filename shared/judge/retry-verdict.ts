import type { JobField } from '../job/job.ts';
import type { Mode } from '../policy/policy.ts';
import type { RefusalCode } from '../retry/refusal.ts';

/** What one policy says of a job that failed. */
export interface RetryFinding {
  readonly policy: string;
  readonly mode: Mode;
  /**
   * `retry`: it is to be run again. `refused`: its failure is one that the policy answers, and it is not run again;
   * people are told. `passed-over`: its failure is none that the policy answers; nobody is told unless they ask.
   */
  readonly outcome: 'retry' | 'refused' | 'passed-over';
  /** BigQuery's reason for the failure, where it tells one that is known. */
  readonly reason?: string;
  /** Why it is not run again. */
  readonly why?: RefusalCode;
  /** Of what is not run again, only why, for a person. */
  readonly objection?: string;
  /** For a person: "failed with backendError; transient-failures has it run again, attempt 1 of 3". */
  readonly sentence: string;
}

/** The one act that follows. */
export interface RetryAct {
  readonly verb: 'retry';
  readonly policy: string;
  /** From 1. */
  readonly attempt: number;
  /** The reason of the failure that it answers. */
  readonly reason: string;
}

/** Why nothing is done though a policy answers such failures: what people are told. */
export interface RetryRefusal {
  readonly policy: string;
  readonly why: RefusalCode;
  readonly sentence: string;
}

/** A policy that cannot be decided because BigQuery does not tell these fields: nothing is done by it. */
export interface UndecidedRetry {
  readonly policy: string;
  readonly mode: Mode;
  readonly fields: readonly JobField[];
  /** Of the failure, which the policy answers. */
  readonly reason: string;
}

export interface RetryVerdict {
  /** What counts first; of equals, in the order of the file. Empty for a job that did not fail. */
  readonly findings: readonly RetryFinding[];
  /** Of the first finding, when it is an enforced retry. */
  readonly act?: RetryAct;
  /** Of the first finding, when it is refused. */
  readonly refusal?: RetryRefusal;
  readonly undecided: readonly UndecidedRetry[];
}
