import type { EnforcePorts } from '../enforce/ports.ts';
import type { EntryReading } from '../job/entry-reading.ts';
import type { Policies } from '../policy/policy.ts';
import type { Soon } from '../ports/soon.ts';
import type { EndedWork, OfEnded } from './ended-work.ts';

/** What an entry that only names a job tells of it. */
export type Named = Extract<EntryReading, { kind: 'look-at' }>;
export type Nomination = Named | Extract<EntryReading, { kind: 'job' }>;

export interface EndedEntryWork<Of extends OfEnded> extends EndedWork<Of> {
  followNamed(named: Named, policies: Policies): Soon<Of>;
}

/**
 * The fast edge of the verbs that follow jobs which ended: a job is followed seconds after its end, and what falls due
 * before the next sweep is carried out at its time. An entry only nominates: a look at the job tells what is to be done.
 *
 * @throws the errors of `bigquery/errors.ts` and `ledger/errors.ts`
 */
export function followEntry<Of extends OfEnded>(
  reading: Nomination,
  { policies }: Pick<EnforcePorts, 'policies'>,
  work: EndedEntryWork<Of>,
): Soon<Of['kind']> {
  const follow = (read: Policies): Soon<Of> =>
    reading.kind === 'job' ? work.follow(reading.job, read) : work.followNamed(reading, read);
  const recent = policies.recent();
  const following = recent instanceof Promise ? recent.then(follow) : follow(recent);
  return following instanceof Promise ? goOn(following, work) : following.kind;
}

async function goOn<Of extends OfEnded>(following: Promise<Of>, work: EndedWork<Of>): Promise<Of['kind']> {
  const { kind, claim } = await following;
  if (kind === 'scheduled' && claim) await work.carryOut(claim);
  return kind;
}
