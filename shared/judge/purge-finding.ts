import type { Job } from '../job/job.ts';
import type { PurgePolicy, PurgeRule } from '../policy/policy.ts';
import { printDuration } from '../units/duration.ts';
import type { PurgeFinding, SensitiveReason } from './purge-verdict.ts';

/** A finding with its sentence, of a job that ended then. `because` holds at least one reason. */
export function toPurgeFinding(
  policy: PurgePolicy,
  job: Job,
  endedAtMs: number,
  because: readonly SensitiveReason[],
): PurgeFinding {
  const { name, mode, rule } = policy;
  const { waitMs, why } = waitAfter(job, rule);
  const has = mode === 'observe' ? 'would have' : 'has';
  const when = waitMs === 0 ? 'as soon as it ends' : `${printDuration(waitMs)} after its end`;
  return {
    policy: name,
    mode,
    because,
    dueAtMs: endedAtMs + waitMs,
    sentence: `is sensitive (${printReasons(because)}); ${name} ${has} its metadata deleted ${when}${why}`,
  };
}

/** Where nobody knows whether it failed, whoever may look into the failure has the longer time. */
function waitAfter(
  { error }: Job,
  { afterMs, afterFailureMs }: PurgeRule,
): { readonly waitMs: number; readonly why: string } {
  if (error === null) return { waitMs: afterMs, why: '' };
  if (error !== undefined) return { waitMs: afterFailureMs, why: ', for it failed' };
  return { waitMs: Math.max(afterMs, afterFailureMs), why: '' };
}

function printReasons([first, ...others]: readonly SensitiveReason[]): string {
  const told = first === undefined ? '' : `${first.detector} in ${first.field}`;
  return others.length === 0 ? told : `${told}, and ${others.length} more`;
}
