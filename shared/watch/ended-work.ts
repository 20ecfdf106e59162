import type { Job } from '../job/job.ts';
import type { Claim } from '../ledger/ledger.ts';
import type { Policies } from '../policy/policy.ts';
import type { Soon } from '../ports/soon.ts';

/**
 * What a verb makes of a job that ended. `scheduled`: the claim is to be carried out. `no-time`: it was not judged, for
 * nobody knew the time, `not-done` and `not-whole`: not all of it has ended and is listed; the next sweep has such a job
 * again. Whatever else: nothing is left to do for it.
 */
export interface OfEnded {
  readonly kind: string;
  readonly claim?: Claim;
}

/** What a verb does with what ended. */
export interface EndedWork<Of extends OfEnded = OfEnded> {
  follow(job: Job, policies: Policies): Soon<Of>;
  /** Waits until a claim is due, if that is before the horizon, and goes on with it. */
  carryOut(claim: Claim): Promise<unknown>;
}
