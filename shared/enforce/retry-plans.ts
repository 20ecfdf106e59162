import type { RetryEnd } from '../alert/alert.schema.ts';
import type { Job } from '../job/job.ts';
import type { Claim, HeldBy, RetryDetails } from '../ledger/ledger.ts';
import type { RetryPolicy } from '../policy/policy.ts';
import type { RetryStep } from './retry-alerts.ts';

/** It is not to be made, now or ever. */
export interface OverPlan {
  readonly kind: 'over';
  readonly step: Extract<RetryStep, 'gave-up' | 'retry-refused' | 'recovered'>;
  readonly why?: RetryEnd;
  /** For a person. */
  readonly outcome: string;
  readonly root?: Job;
  readonly nowMs: number;
  /** What held it back to the last; without it what its claim remembers. */
  readonly heldBy?: HeldBy;
}

/** Not now: in so many milliseconds it is planned again. */
export interface LaterPlan {
  readonly kind: 'later';
  readonly inMs: number;
  readonly heldBy?: HeldBy;
  /** Jobs of others that were created before then need not be compared again. By BigQuery's clock. */
  readonly comparedUpToMs?: number;
  /** A job of its chain that BigQuery does not know, and that is looked for once more. */
  readonly missing?: RetryDetails['missing'];
  /** What kept it from being told now, besides. */
  readonly fault?: unknown;
  /** People are told so. */
  readonly told?: {
    readonly outcome: string;
    readonly root: Job;
    readonly nowMs: number;
  };
}

/** An attempt that is due, as the policy of now has it. */
export interface Candidate {
  readonly policy: RetryPolicy;
  readonly claim: Claim;
  readonly retry: RetryDetails;
  readonly principal: string;
  /** Of the configuration that is to be inserted. */
  readonly hash: string;
}
