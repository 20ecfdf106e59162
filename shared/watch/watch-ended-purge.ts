import { type FollowedEnd, followEndedJob } from '../enforce/follow-ended.ts';
import { isSettledBy } from '../enforce/id-used-again.ts';
import type { Span } from '../enforce/ports.ts';
import { carryOutPurge } from '../enforce/purge.ts';
import type { PurgePorts } from '../enforce/purge-ports.ts';
import type { Job } from '../job/job.ts';
import { mayBeSensitive } from '../judge/nominate-purge.ts';
import type { Claim } from '../ledger/ledger.ts';
import type { Policies } from '../policy/policy.ts';
import type { Soon } from '../ports/soon.ts';
import type { JudgedBefore } from './judged-before.ts';
import { whenFree } from './sweeping.ts';

/** What watching for purges needs besides: what it need not look at again. */
export interface WatchPurgePorts extends PurgePorts {
  readonly judged: JudgedBefore;
}

export const NOTHING: FollowedEnd = { kind: 'nothing' };

/**
 * Follows a job that a list or an entry tells to have ended. One that cannot be sensitive costs nothing; one whose purge
 * the ledger knows, or that was judged a while ago, costs no call of BigQuery.
 *
 * @throws the errors of `bigquery/errors.ts` and `ledger/errors.ts`; a later sweep then follows the job again
 */
export function watchEndedPurge(
  job: Job,
  policies: Policies,
  span: Span,
  ports: WatchPurgePorts,
): Soon<FollowedEnd> {
  if (!mayBeSensitive(job, policies) || ports.judged.has(job, policies)) return NOTHING;
  return followOnce(job, policies, span, ports);
}

/** Follows a job whose purge the ledger does not know. One that was purged is known, another one of its id is not. */
export async function followOnce(
  job: Pick<Job, 'name' | 'creationTimeMs'>,
  policies: Policies,
  span: Span,
  ports: WatchPurgePorts,
): Promise<FollowedEnd> {
  const known = await ports.ledger.claim(job.name, ports.verb, 1);
  if (known && isSettledBy(known.claim, job)) return NOTHING;
  const followed = await followEndedJob(job.name, 'live', span, ports);
  if (isOver(followed)) ports.judged.add(job, policies);
  return followed;
}

function isOver({ kind }: FollowedEnd): boolean {
  return kind === 'nothing' || kind === 'observed' || kind === 'undecided';
}

/**
 * Purges a job once it is due, and sees that it is gone; what is not due before the horizon the next sweep has.
 *
 * @throws the errors of `bigquery/errors.ts` and `ledger/errors.ts`
 */
export function carryOutPurgeWhenDue(claim: Claim, span: Span, ports: PurgePorts): Promise<void> {
  return whenFree(claim, span, ports, (due) => carryOutPurge(due, span, ports));
}
