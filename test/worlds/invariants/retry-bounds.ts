import type { Invariant } from '../invariant.ts';
import type { Past } from '../past.ts';
import type { Insert } from '../retry-past.ts';
import { wonAtMs } from './retries.ts';

const HOUR_MS = 3_600_000;
/** A turn is taken before the insert, by whoever had the claim then. */
const TAKEN_BEFORE_MS = 900_000;
const USUAL_PER_PROJECT = 100;
const USUAL_PER_PRINCIPAL = 20;
const USUAL_BREAKER = { acts: 50, perMs: HOUR_MS };

/** An outage is not answered by a storm. */
export const capped: Invariant = {
  name: 'no more retries within an hour than the caps of their policy allow',
  rule: 'rule 8: caps',
  *onInsert(insert, past) {
    const { job, claim, isEffective, by, truths } = insert;
    const projectId = truths.get(job)?.projectId;
    if (!isEffective || !claim) return;
    const recent = madeFor(claim.policy, insert.atMs - HOUR_MS + TAKEN_BEFORE_MS, past);
    const inProject = recent.filter((other) => other.truths.get(other.job)?.projectId === projectId).length;
    const perProject = mostOf(past, claim.policy, ({ caps }) => caps?.perProject ?? USUAL_PER_PROJECT);
    if (inProject + 1 > perProject)
      yield `${inProject + 1} retries in ${projectId} for ${claim.policy} within an hour, ${perProject} are allowed`;
    const ofAccount = recent.filter((other) => other.by === by).length;
    const perAccount = mostOf(past, claim.policy, ({ caps }) => caps?.perPrincipal ?? USUAL_PER_PRINCIPAL);
    if (ofAccount + 1 > perAccount)
      yield `${ofAccount + 1} retries of ${by} for ${claim.policy} within an hour, ${perAccount} are allowed`;
  },
};

/** A policy that would run everything again is more likely wrong than right. */
export const braked: Invariant = {
  name: 'no more retries of a policy within its time than its breaker allows',
  rule: 'rule 8',
  *onInsert({ isEffective, claim, atMs }, past) {
    if (!isEffective || !claim) return;
    const { policy } = claim;
    const perMs = -mostOf(
      past,
      policy,
      (entry, file) => -(entry.breaker ?? file.breaker ?? USUAL_BREAKER).perMs,
    );
    const acts = mostOf(past, policy, (entry, file) => (entry.breaker ?? file.breaker ?? USUAL_BREAKER).acts);
    const resetMs = Math.max(
      0,
      ...past.trips.map((trip) => (trip.policy === policy ? (trip.resetAtMs ?? 0) : 0)),
    );
    const made = madeFor(policy, Math.max(atMs - perMs + TAKEN_BEFORE_MS, resetMs), past).length + 1;
    if (made > acts) yield `${made} retries of ${policy} within ${perMs / 1_000} s, ${acts} are allowed`;
  },
};

/** Once tripped it stays open until a person resets it. */
export const shutRetries: Invariant = {
  name: 'nothing is run again for a policy whose breaker is open',
  rule: 'rule 8',
  *onInsert(insert, past) {
    const trip = insert.claim && past.openTrip(insert.claim.policy);
    const sinceMs = wonAtMs(insert, past);
    if (trip && sinceMs !== undefined && trip.atMs < sinceMs)
      yield `${insert.job} was inserted for ${trip.policy}, whose breaker had been open for ${(insert.atMs - trip.atMs) / 1_000} s`;
  },
};

/** Since the ledger was lost nobody knows how many there were before. */
function madeFor(policy: string, sinceMs: number, past: Past): Insert[] {
  const lostMs = past.lossesMs.at(-1) ?? 0;
  return [...past.retries.made.values()].filter(
    ({ atMs, claim }) => claim?.policy === policy && atMs > Math.max(sinceMs, lostMs),
  );
}

type File = NonNullable<Past['plan']['files'][number]['description']>;
type Entry = NonNullable<File['retries']>[number];

/** What the file ever said of a policy, at its most generous. */
function mostOf(past: Past, policy: string, told: (entry: Entry, file: File) => number): number {
  const all = past.plan.files.flatMap(({ description: file }) =>
    (file?.retries ?? []).flatMap((entry) => (file && entry.name === policy ? [told(entry, file)] : [])),
  );
  return Math.max(...all);
}
