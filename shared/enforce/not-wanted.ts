import type { RetryEnd } from '../alert/alert.schema.ts';
import type { RetryFinding } from '../judge/retry-verdict.ts';
import type { FailureLook } from './failure.ts';
import type { EnforcePorts } from './ports.ts';
import { BY_HAND } from './without-policy.ts';

/** Why a chain that was begun does not go on. */
export interface NotWanted {
  readonly why: RetryEnd;
  /** For a person, about "it": the job. */
  readonly outcome: string;
}

/** The same of an attempt that BigQuery made no job of: what failed was the one before. */
export function neverStarted(look: FailureLook, policy: string): NotWanted {
  const own = findingOf(look, policy);
  const { why, outcome } = notWanted(look, policy);
  return { why, outcome: `this attempt was never started: ${own?.objection ?? outcome}` };
}

/**
 * Of an attempt that failed, too, and a verdict without an act: what the policy says for which the chain was begun, for
 * people are told of that one.
 */
export function notWanted(look: FailureLook, policy: string): NotWanted {
  const own = findingOf(look, policy);
  if (own?.why !== undefined) {
    const failed = own.reason === undefined ? 'it failed' : `it failed with ${own.reason}`;
    return { why: own.why, outcome: `${failed}, too, and is not run again: ${own.objection ?? own.why}` };
  }
  return { why: 'no-longer-wanted', outcome: wantsNoMore(policy, own !== undefined) };
}

function wantsNoMore(policy: string, observes: boolean): string {
  if (policy === BY_HAND) return 'no policy has it run again';
  return observes
    ? `${policy} only observes by now, and it is not run again`
    : `${policy} does not have it run again any more`;
}

function findingOf({ verdict }: FailureLook, policy: string): RetryFinding | undefined {
  return verdict.findings.find((finding) => finding.policy === policy);
}

/** Whether it would be run again, had a person not stopped all acts: once they let it, it is. */
export function isStopped({ verdict }: FailureLook, { policies }: Pick<EnforcePorts, 'policies'>): boolean {
  return verdict.findings.some(
    ({ outcome, mode, policy }) => outcome === 'retry' && mode === 'observe' && policies.isStopped(policy),
  );
}
