import { actingPolicies } from '../enforce/acting-policies.ts';
import { PartGate, type PostponedAct } from '../enforce/breaker.ts';
import { isNew } from '../enforce/enforce.ts';
import type { EnforcePorts, Span } from '../enforce/ports.ts';
import type { Suspect } from '../enforce/suspects.ts';
import { SweepGate } from '../enforce/sweep-gate.ts';
import { claimKey } from '../ledger/claim-key.ts';
import { UnreadableDocumentError } from '../ledger/errors.ts';
import { ForetoldLooks } from './foretold-looks.ts';
import type { Guard, Listed } from './listing.ts';
import { look, type Sight } from './sight.ts';
import type { SweepLease } from './sweep-lease.ts';
import type { SweepPosition } from './sweep-position.schema.ts';
import { watchJob } from './watch-job.ts';

/** So many jobs are named in a position at most: it must fit into a document. The rest is found again. */
const MOST_NAMED = 500;

/**
 * What a sweep does that came to the last page: now it is known how many jobs there are, so the breaker is told of
 * every act, also of those that the sweeps before left to this one, before the first is done.
 *
 * @returns whether acts were left to the next sweep, for nobody can tell yet whether they may be done
 */
export async function finishRound(
  projectId: string,
  { jobs, sights, policies }: Listed,
  lease: SweepLease,
  span: Span,
  ports: EnforcePorts,
  guard: Guard,
): Promise<{ postponed: boolean }> {
  const { jobs: before = 0, postponed = [], unnamed = [] } = lease.position ?? {};
  const looks = postponed.map((job) => guard(look({ projectId, ...job }, span, ports)));
  const all = [...sights, ...(await Promise.all(looks)).filter(isSight)];
  const further = new Map(unnamed.map(({ policy, acts }) => [policy, acts]));
  const gate = new SweepGate({ policies, jobs: before + jobs, further }, span, ports);
  // All at once: one after the other, a thousand offenders would wait for a thousand answers of the ledger.
  const expect = async (sight: Sight): Promise<void> => {
    const act = await newActOf(sight, ports);
    if (act) gate.expect(act);
  };
  await Promise.all(all.map(expect));
  await gate.settle();
  const foretold = new ForetoldLooks(ports.clock);
  const watched = await Promise.all(all.map((sight) => guard(watchJob(sight, gate, span, ports, foretold))));
  lease.goOnFrom(undefined);
  return { postponed: watched.includes('postponed') };
}

/**
 * What a sweep does that stopped before the last page: it tells what is to be told, and leaves the acts to the one
 * that comes to the last page. It waits for nothing, lest the jobs that nobody has seen yet wait too.
 */
export async function leaveRest(
  { jobs, sights, stopped }: Listed,
  lease: SweepLease,
  span: Span,
  ports: EnforcePorts,
  guard: Guard,
): Promise<void> {
  const gate = new PartGate();
  const unwaiting = { ...span, horizonAtMs: ports.clock.now() };
  const take = async (sight: Sight): Promise<void> => {
    const act = await newActOf(sight, ports);
    const [policy] = act?.line ?? [];
    if (act && policy) gate.postpone(policy, act.claimKey, act.job);
    else await watchJob(sight, gate, unwaiting, ports);
  };
  await Promise.all(sights.map((sight) => guard(take(sight))));
  if (!stopped?.reached) return;
  const before = lease.position;
  lease.goOnFrom({
    ...stopped.reached,
    jobs: (before?.jobs ?? 0) + jobs,
    ...withPostponed(before, [...gate.postponed.values()]),
  });
}

/** The first ones by name, and of the others how many they are. */
function withPostponed(
  before: SweepPosition | undefined,
  acts: readonly PostponedAct[],
): Pick<SweepPosition, 'postponed' | 'unnamed'> {
  const { postponed = [], unnamed = [] } = before ?? {};
  const named = acts.slice(0, Math.max(0, MOST_NAMED - postponed.length));
  const counts = new Map(unnamed.map((one) => [one.policy, one.acts]));
  for (const { policy } of acts.slice(named.length)) counts.set(policy, (counts.get(policy) ?? 0) + 1);
  return {
    postponed: [
      ...postponed,
      ...named.map(({ job: { location, jobId } }) => ({
        jobId,
        ...(location !== undefined && { location }),
      })),
    ],
    unnamed: [...counts].map(([policy, acts]) => ({ policy, acts })),
  };
}

/** What BigQuery was asked for is not asked for anew, so it is none of this sweep's acts. */
async function newActOf(sight: Sight, { ledger, verb }: EnforcePorts): Promise<Suspect | undefined> {
  const line = actingPolicies(sight).map(({ policy }) => policy);
  if (line.length === 0) return undefined;
  const { name } = sight.job;
  // One that cannot be read counts: what it would say, nobody knows. Whoever is to act on the job says so.
  const known = await ledger.claim(name, verb, 1).catch(undefinedIfUnreadable);
  if (known && !isNew(known.claim)) return undefined;
  return { claimKey: claimKey(name, verb, 1), job: name, line, looked: sight.looked };
}

function undefinedIfUnreadable(error: unknown): undefined {
  if (!(error instanceof UnreadableDocumentError)) throw error;
}

function isSight(seen: Sight | string | undefined): seen is Sight {
  return typeof seen === 'object';
}
