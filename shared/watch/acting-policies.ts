import { isAct } from '../judge/precedence.ts';
import type { Finding } from '../judge/verdict.ts';
import type { CancelPolicy } from '../policy/policy.ts';
import type { Sight } from './sight.ts';

/** A policy that calls for the act, and what it found. */
export interface ActingPolicy {
  readonly policy: CancelPolicy;
  readonly finding: Finding;
}

/** The policies that call for the act: the first does it, or the next one whose breaker is not open. */
export function actingPolicies({ policies, verdict }: Sight): readonly ActingPolicy[] {
  return verdict.findings.filter(isAct).flatMap((finding) => {
    const policy = policies.cancel.find(({ name }) => name === finding.policy);
    return policy ? [{ policy, finding }] : [];
  });
}
