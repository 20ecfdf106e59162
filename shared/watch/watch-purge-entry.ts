import type { FollowedEnd } from '../enforce/follow-ended.ts';
import type { Span } from '../enforce/ports.ts';
import type { EntryReading } from '../job/entry-reading.ts';
import type { Soon } from '../ports/soon.ts';
import {
  carryOutPurgeWhenDue,
  followOnce,
  type WatchPurgePorts,
  watchEndedPurge,
} from './watch-ended-purge.ts';

type Nomination = Extract<EntryReading, { kind: 'job' | 'look-at' }>;

/**
 * The fast edge of `purge`: a job is judged seconds after its end, and what falls due before the next sweep is purged at
 * its time. An entry only nominates. What one of a job that runs tells is nothing yet.
 *
 * @throws the errors of `bigquery/errors.ts` and `ledger/errors.ts`
 */
export function watchPurgeEntry(
  reading: Nomination,
  span: Span,
  ports: WatchPurgePorts,
): Soon<FollowedEnd['kind']> {
  if (reading.kind === 'look-at') return watchNamed(reading, span, ports);
  const { job } = reading;
  const policies = ports.policies.recent();
  const following =
    policies instanceof Promise
      ? policies.then((read) => watchEndedPurge(job, read, span, ports))
      : watchEndedPurge(job, policies, span, ports);
  return following instanceof Promise ? goOn(following, span, ports) : following.kind;
}

/**
 * An entry that was cut may tell of an end, as may one whose id is like a child's. A child's leads to its parent, which
 * costs a look for each child: the parent has an entry of its own, and the sweep sees what has none.
 */
async function watchNamed(
  { name, because }: Extract<Nomination, { kind: 'look-at' }>,
  span: Span,
  ports: WatchPurgePorts,
): Promise<FollowedEnd['kind']> {
  if (because === 'id-taken' || because === 'child') return 'nothing';
  const policies = await ports.policies.recent();
  if (policies.purge.length === 0) return 'nothing';
  return goOn(followOnce({ name }, policies, span, ports), span, ports);
}

async function goOn(
  following: Promise<FollowedEnd>,
  span: Span,
  ports: WatchPurgePorts,
): Promise<FollowedEnd['kind']> {
  const followed = await following;
  if (followed.kind === 'scheduled') await carryOutPurgeWhenDue(followed.claim, span, ports);
  return followed.kind;
}
