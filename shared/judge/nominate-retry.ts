import type { Job } from '../job/job.ts';
import type { Policies, RetryPolicy } from '../policy/policy.ts';
import { retryableReason } from '../retry/reasons.ts';
import { exemptByNature, natureOf } from './exempt.ts';
import { matchAny, matchSelector } from './match.ts';

/**
 * Whether a look at a job that failed may lead to anything, by what a list or an entry tells of it. What it does not
 * tell is left open, as the reason in every entry; what it tells acquits (docs/decisions/0007). Most failures are
 * those of wrong queries, and cost no call.
 */
export function mayBeAnswered(job: Job, { retry }: Pick<Policies, 'retry'>): boolean {
  return job.state === 'DONE' && mayHaveFailed(job) && retry.some((policy) => mayAnswer(policy, job));
}

/** Of a job whose account a list may not tell (`listAll` is missing), that it shows no error tells nothing either. */
function mayHaveFailed({ error, principal }: Job): boolean {
  return error !== null || principal === undefined;
}

function mayAnswer(policy: RetryPolicy, job: Job): boolean {
  const { error } = job;
  const reasonIsOpen = error?.reason === undefined;
  if (!reasonIsOpen && retryableReason({ result: error, all: [] }, policy.rule).kind === 'no') return false;
  return (
    matchSelector(policy.match, job).kind !== 'no' &&
    matchAny(policy.excepts, job).kind !== 'yes' &&
    exemptByNature(natureOf(job, false), policy).kind !== 'yes'
  );
}
