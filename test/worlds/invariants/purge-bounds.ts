import type { Invariant } from '../invariant.ts';
import type { Past } from '../past.ts';
import type { BreakerDescription } from '../selector-description.ts';
import { purgeWonAtMs } from './purges.ts';

const HOUR_MS = 3_600_000;
/** A slot is taken before the delete, by whoever had the claim then. */
const TAKEN_BEFORE_MS = 900_000;
const USUAL: BreakerDescription = { acts: 50, perMs: HOUR_MS, sharePercent: 20 };

/** A policy that takes everything for sensitive is more likely wrong than right. */
export const brakedPurges: Invariant = {
  name: 'no more purges of a policy within its time than its breaker allows',
  rule: 'rule 8',
  *onDelete({ isEffective, claim, atMs }, past) {
    if (!isEffective || !claim) return;
    const { policy } = claim;
    const breakers = breakersOf(past, policy);
    const acts = Math.max(...breakers.map((one) => one.acts));
    const perMs = Math.min(...breakers.map((one) => one.perMs));
    const resetMs = Math.max(
      0,
      ...past.trips.map((trip) => (trip.policy === policy ? (trip.resetAtMs ?? 0) : 0)),
    );
    const sinceMs = Math.max(atMs - perMs + TAKEN_BEFORE_MS, resetMs, past.lossesMs.at(-1) ?? 0);
    const done = [...past.purges.gone.values()].filter(
      (other) => other.claim?.policy === policy && other.atMs > sinceMs,
    ).length;
    if (done + 1 > acts)
      yield `${done + 1} purges of ${policy} within ${perMs / 1_000} s, ${acts} are allowed`;
  },
};

/** Once tripped it stays open until a person resets it. */
export const shutPurges: Invariant = {
  name: 'nothing is purged for a policy whose breaker is open',
  rule: 'rule 8',
  *onDelete(deletion, past) {
    const { claim, job, atMs } = deletion;
    const trip = claim && past.openTrip(claim.policy);
    const sinceMs = purgeWonAtMs(deletion, past);
    if (trip && sinceMs !== undefined && trip.atMs < sinceMs)
      yield `${job} was deleted for ${trip.policy}, whose breaker had been open for ${(atMs - trip.atMs) / 1_000} s`;
  },
};

/** What the file ever said of a policy's breaker. */
function breakersOf(past: Past, policy: string): readonly BreakerDescription[] {
  return past.plan.files.flatMap(({ description: file }) =>
    (file?.purges ?? []).flatMap((entry) =>
      entry.name === policy ? [entry.breaker ?? file?.breaker ?? USUAL] : [],
    ),
  );
}
