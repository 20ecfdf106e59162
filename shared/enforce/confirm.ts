import type { Finding } from '../judge/verdict.ts';
import type { EnforcePorts, Span } from './ports.ts';
import { isGuiltyNow, type JudgedLook, lookAndJudge, stillGuilty } from './second-look.ts';

/** What a request stands on: a look, and the finding that calls for the act. */
export interface Grounds {
  readonly look: JudgedLook;
  readonly finding: Finding;
}

/**
 * What is made sure of when the turn of a request has come: that may be minutes after the look that called for it,
 * and a person may have exempted the job or stopped everything meanwhile. Errors are those of a look.
 */
export interface Confirm {
  /** Grounds of now instead of old ones; undefined: the act is not to be done. */
  lookAgain(old: Grounds, span: Span, ports: EnforcePorts): Promise<Grounds | undefined>;
  /** Whether it is wanted still, by what may have changed though the job did not. */
  isStillWanted(grounds: Grounds, ports: EnforcePorts): Promise<boolean>;
}

/** Acts of the watchdog: the same policy must call for it. */
export const BY_POLICY: Confirm = {
  lookAgain: async ({ look: { job }, finding: { policy } }, span, ports) => {
    const look = await lookAndJudge(job.name, span, ports);
    if (look.kind !== 'judged') return undefined;
    const finding = stillGuilty(look, policy);
    return finding && { look, finding };
  },
  isStillWanted: ({ look, finding: { policy } }, ports) => isGuiltyNow(look, policy, ports),
};
