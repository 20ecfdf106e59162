import type { JobField } from '../job/job.ts';
import type { Mode } from '../policy/policy.ts';

/** Why a policy takes a job for sensitive. Never a text of the job. */
export interface SensitiveReason {
  /** A detector's name, or the key of the policy that takes the job: `labels`, `principals`, `datasets`, `tables`. */
  readonly detector: string;
  /** The field's path, called as in `Finding` of `sensitive/`. */
  readonly field: string;
  /** Where it was found first: 0 is the top-level job, n the n-th of the family's children. */
  readonly memberAt: number;
}

/** What one policy says of a family that it takes for sensitive. */
export interface PurgeFinding {
  readonly policy: string;
  readonly mode: Mode;
  /** At least one; a detector and field once, however many members have it. */
  readonly because: readonly SensitiveReason[];
  /** When its metadata is to be deleted by this policy alone, by BigQuery's clock. */
  readonly dueAtMs: number;
  /** For a person: "holds credentials in configuration.query.query; secrets-in-sql has its metadata deleted 15 min after its end". */
  readonly sentence: string;
}

/** The one act that follows. */
export interface PurgeAct {
  readonly verb: 'purge';
  readonly policy: string;
  /** Not before what `waits` names. */
  readonly dueAtMs: number;
}

/** A legal hold that keeps it: there is no act. */
export interface HeldByHold {
  readonly hold: string;
  /** The last millisecond for which it holds; absent: nobody knows. */
  readonly untilMs?: number;
  /** It may be about a child that nobody could look at; there are so many. Absent: it is about one that was looked at. */
  readonly unseen?: number;
}

/** A chain of retries that goes first. */
export interface PurgeWait {
  readonly why: 'retry';
  /** From then on the chain inserts nothing more, whatever became of it. Later than now. */
  readonly untilMs: number;
}

/** A policy that cannot be decided because BigQuery does not tell these fields: nothing is done by it. */
export interface UndecidedPurge {
  readonly policy: string;
  readonly mode: Mode;
  readonly fields: readonly JobField[];
}

export interface PurgeVerdict {
  /** Enforced ones first, of those what is due first; of equals, in the order of the file. */
  readonly findings: readonly PurgeFinding[];
  /** Of the first finding, when it is enforced and no hold keeps it. */
  readonly act?: PurgeAct;
  /** Where there are findings. */
  readonly held?: HeldByHold;
  /** Where there is an act. */
  readonly waits?: PurgeWait;
  readonly undecided: readonly UndecidedPurge[];
}
