import type { FollowedEnd } from '../enforce/follow-ended.ts';
import type { Span } from '../enforce/ports.ts';
import type { Policies } from '../policy/policy.ts';
import type { Soon } from '../ports/soon.ts';
import { followEntry, type Named, type Nomination } from './ended-entry.ts';
import {
  carryOutPurgeWhenDue,
  followOnce,
  NOTHING,
  type WatchPurgePorts,
  watchEndedPurge,
} from './watch-ended-purge.ts';

/**
 * The fast edge of `purge`: a job is judged seconds after its end. What an entry of a job that runs tells is nothing
 * yet.
 *
 * @throws the errors of `bigquery/errors.ts` and `ledger/errors.ts`
 */
export function watchPurgeEntry(
  reading: Nomination,
  span: Span,
  ports: WatchPurgePorts,
): Soon<FollowedEnd['kind']> {
  return followEntry<FollowedEnd>(reading, ports, {
    follow: (job, policies) => watchEndedPurge(job, policies, span, ports),
    followNamed: (named, policies) => watchNamed(named, policies, span, ports),
    carryOut: (claim) => carryOutPurgeWhenDue(claim, span, ports),
  });
}

/**
 * An entry that was cut may tell of an end, as may one whose id is like a child's. A child's leads to its parent, which
 * costs a look for each child: the parent has an entry of its own, and the sweep sees what has none.
 */
function watchNamed(
  { name, because }: Named,
  policies: Policies,
  span: Span,
  ports: WatchPurgePorts,
): Soon<FollowedEnd> {
  if (because === 'id-taken' || because === 'child' || policies.purge.length === 0) return NOTHING;
  return followOnce({ name }, policies, span, ports);
}
