import type { JobName } from '../job/job-name.ts';
import type { Claim, PurgeDetails } from '../ledger/ledger.ts';
import type { Span } from './ports.ts';
import type { PurgePorts } from './purge-ports.ts';

/** What became of a job that ended. */
export type FollowedEnd =
  /** It is to be purged: the claim says when (`lookAtMs`), which may be at once, and `carryOutPurge` does it. */
  | { readonly kind: 'scheduled'; readonly claim: Claim }
  /** Of the clean-up of history: it would be purged, had its policy a budget for that. */
  | { readonly kind: 'reported' }
  /** It would be purged; people are told. */
  | { readonly kind: 'observed' }
  /** BigQuery does not tell enough of it to say whether a policy is about it; people are told. */
  | { readonly kind: 'undecided' }
  /** Nothing is to be done or told, or it is over. */
  | { readonly kind: 'nothing' }
  /** It, or its top-level job, runs still. */
  | { readonly kind: 'not-done' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'no-time' };

/**
 * Looks at the family of a job that ended, and schedules its purge, tells, or leaves it. A child leads to its top-level
 * job. However often it is called for one family, it is purged once.
 *
 * @param by whose budget the purge spends
 * @throws the errors of `bigquery/errors.ts` but NotFoundError, and of `ledger/errors.ts`; a later look goes on
 */
export async function followEndedJob(
  _name: JobName,
  _by: PurgeDetails['by'],
  _span: Span,
  _ports: PurgePorts,
): Promise<FollowedEnd> {
  return { kind: 'nothing' };
}
