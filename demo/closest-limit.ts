import type { Job } from '../shared/job/job.ts';
import { exemptByNature, natureOf } from '../shared/judge/exempt.ts';
import { matchAny, matchSelector } from '../shared/judge/match.ts';
import type { Measured } from '../shared/judge/verdict.ts';
import type { CancelPolicy, Policies } from '../shared/policy/policy.ts';

/** How far a job has come towards a limit of a policy. */
export interface Approach extends Measured {
  readonly policy: string;
  /** 1 at the limit, more above it. */
  readonly part: number;
}

/** Whether a policy is about a job at all. */
export function appliesTo(policy: CancelPolicy, job: Job): boolean {
  return (
    matchSelector(policy.match, job).kind === 'yes' &&
    matchAny(policy.excepts, job).kind !== 'yes' &&
    exemptByNature(natureOf(job, false), policy).kind !== 'yes'
  );
}

/** The limit that a job has come closest to, of all policies about it; undefined where nothing limits it now. */
export function closestLimit(job: Job, { cancel }: Policies, nowMs: number): Approach | undefined {
  let closest: Approach | undefined;
  for (const policy of cancel) {
    if (!appliesTo(policy, job)) continue;
    for (const { limit, amount } of policy.limits) {
      const measure = limit.measure(job, nowMs);
      if (measure.kind !== 'value') continue;
      const part = measure.value / amount;
      if (closest !== undefined && closest.part >= part) continue;
      const { key, unit } = limit;
      closest = { policy: policy.name, limit: key, unit, value: measure.value, allowed: amount, part };
    }
  }
  return closest;
}
