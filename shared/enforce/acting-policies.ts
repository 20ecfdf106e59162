import { isAct } from '../judge/precedence.ts';
import type { Finding, Verdict } from '../judge/verdict.ts';
import type { CancelPolicy, Policies } from '../policy/policy.ts';

/** A policy that calls for the act, and what it found. */
export interface ActingPolicy {
  readonly policy: CancelPolicy;
  readonly finding: Finding;
}

/** What a job was judged to be, and by which policies. */
export interface Judgement {
  readonly policies: Policies;
  readonly verdict: Verdict;
}

/** The policies that call for the act: the first does it, or the next one whose breaker is not open. */
export function actingPolicies({ policies, verdict }: Judgement): readonly ActingPolicy[] {
  return verdict.findings.filter(isAct).flatMap((finding) => {
    const policy = policies.cancel.find(({ name }) => name === finding.policy);
    return policy ? [{ policy, finding }] : [];
  });
}
