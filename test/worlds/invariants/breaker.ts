import type { ClaimRow } from '../claim-row.ts';
import type { Invariant } from '../invariant.ts';
import type { Past, SlotTaken } from '../past.ts';
import type { BreakerDescription } from '../selector-description.ts';

const USUAL: BreakerDescription = { acts: 50, perMs: 3_600_000, sharePercent: 20 };

/** What the file ever said of a policy's breaker, at its most generous. */
function mostOf(past: Past, policy: string): BreakerDescription {
  const all = past.plan.files.flatMap(({ description }) => {
    const entry = description?.policies.find(({ name }) => name === policy);
    return entry ? [entry.breaker ?? description?.breaker ?? USUAL] : [];
  });
  return {
    acts: Math.max(...all.map(({ acts }) => acts)),
    perMs: Math.min(...all.map(({ perMs }) => perMs)),
    sharePercent: Math.max(...all.map(({ sharePercent }) => sharePercent)),
  };
}

/** A slot's time is counted from when the call for it began; a call may take so long, or freeze. */
const LONGEST_CALL_MS = 40_000;

/** Until when a slot must count: as the ledger has it, if that is not too soon. */
function countsUntilMs({ atMs, by, expiresAtMs }: SlotTaken, perMs: number, past: Past): number {
  return past.frozen.has(by) ? expiresAtMs : Math.max(expiresAtMs, atMs + perMs - LONGEST_CALL_MS);
}

/** Whether the act that took it was done; a slot given back before was for nothing. */
function isUsed({ claimKey, atMs, freedAtMs = Number.POSITIVE_INFINITY }: SlotTaken, past: Past): boolean {
  return past.cancels.some(
    (cancel) => cancel.claim?.key === claimKey && cancel.atMs >= atMs && cancel.atMs <= freedAtMs,
  );
}

/** Never more acts of a policy within `per` than `acts`, over all instances: each has a slot of its own. */
export const slotted: Invariant = {
  name: 'no more acts of a policy within its time than its breaker allows',
  rule: 'rule 8',
  *onCancel({ job, claim, atMs }, past) {
    if (!claim || past.cancels.some((other) => other.job === job)) return;
    const slot = past.slots.findLast(({ claimKey }) => claimKey === claim.key);
    if (!slot) {
      if (past.lossesMs.length === 0) yield `${job} was asked to stop without a slot of the breaker`;
      return;
    }
    const { acts, perMs } = mostOf(past, claim.policy);
    // Slots are free again by the clock of whoever takes the next one.
    const spread = Math.max(...past.skews.map(Math.abs).filter((skew) => skew <= 32_000));
    const resetMs =
      past.trips.findLast(({ key, resetAtMs }) => resetAtMs !== undefined && slot.key.startsWith(key))
        ?.resetAtMs ?? 0;
    const taken = past.slots.filter(
      (other) =>
        other.policy === slot.policy &&
        countsUntilMs(other, perMs, past) > slot.atMs + 2 * spread &&
        other.atMs <= slot.atMs &&
        other.atMs >= resetMs &&
        past.claims.get(other.claimKey)?.policy === claim.policy &&
        (other === slot || isUsed(other, past)),
    );
    const keys = new Set(taken.map(({ claimKey }) => claimKey));
    if (keys.size > acts)
      yield `${keys.size} acts of ${claim.policy} within ${perMs / 1_000} s, ${acts} are allowed (at ${atMs})`;
  },
};

/** What nobody looked at uses up no slot: a stale list would trip the breaker though nothing is done. */
export const convicted: Invariant = {
  name: 'a slot of the breaker is taken only under a claim, after a look at its job',
  rule: 'rule 8',
  *onEnd(_ending, past) {
    for (const { by, claimKey, wonAtMs, atMs, policy } of past.slots) {
      const job = past.claims.get(claimKey)?.job;
      if (job === undefined) continue;
      const isLooked = wonAtMs !== undefined && past.looksAt(by, job, wonAtMs, atMs).length > 0;
      if (!isLooked)
        yield `${by} took a slot of ${policy} for ${job} at ${atMs} without a look under its claim`;
    }
  },
};

function requestsOf({ claim }: { readonly claim?: ClaimRow }): number {
  return claim?.askedAtMs.length ?? 0;
}

/** Once tripped it stays open until a person resets it. */
export const shut: Invariant = {
  name: 'nothing is done for a policy whose breaker is open',
  rule: 'rule 8',
  *onCancel({ job, instance, claim, atMs }, past) {
    const trip = claim && past.openTrip(claim.policy);
    if (!trip) return;
    const slot = past.slots.findLast(({ claimKey }) => claimKey === claim.key);
    const isFirst =
      !claim.isTakeover &&
      !past.cancels.some(
        (other) =>
          other.job === job &&
          other.claim?.wonAtMs === claim.wonAtMs &&
          requestsOf(other) < requestsOf({ claim }),
      );
    // An act that was admitted goes on; one taken over, and a further request, look whether it is open.
    const foundClosedMs = past.closedReads.get(`${instance} ${trip.key}`);
    if (isFirst && slot && foundClosedMs !== undefined && slot.atMs - foundClosedMs < past.plan.timeoutMs)
      return;
    const look = past.looksAt(instance, job, claim.wonAtMs, atMs).find((one) => one.atMs < trip.atMs);
    if (!look)
      yield `${job} was asked to stop for ${claim.policy}, whose breaker had been open for ${(atMs - trip.atMs) / 1_000} s`;
  },
};

/** A sweep that would stop more than its share of a project's jobs stops none further. */
export const shared: Invariant = {
  name: 'no sweep stops more than the share of the jobs that its policy may',
  rule: 'rule 8: share',
  *onCancel({ claim, job }, past) {
    const sweep = claim?.wonIn;
    if (
      !claim ||
      sweep?.message.kind !== 'sweep' ||
      claim.isTakeover ||
      past.cancels.some((other) => other.job === job)
    )
      return;
    const own = past.cancels.filter((other) => {
      const row = other.claim;
      return row?.wonIn === sweep && row.policy === claim.policy && !row.isTakeover;
    });
    const acts = new Set([...own.map((other) => other.job), job]).size;
    const listed = past.listedInRound(sweep.id);
    const { sharePercent } = mostOf(past, claim.policy);
    if (acts >= 5 && acts * 100 > sharePercent * listed) {
      yield `delivery ${sweep.id} stopped ${acts} of ${listed} jobs for ${claim.policy}, more than ${sharePercent} %`;
    }
  },
};

/** The share is weighed before the first act: a sweep to which that many looked guilty at once stops none. */
export const weighed: Invariant = {
  name: 'a share that is too large trips before the first act',
  rule: 'rule 8: share',
  *onCancel({ claim, job }, past) {
    const sweep = claim?.wonIn;
    if (!claim || !sweep || claim.isTakeover) return;
    const known = past.knownGuilty.get(sweep.id)?.get(claim.policy)?.size ?? 0;
    const listed = past.listed.get(sweep.id) ?? 0;
    const { sharePercent } = mostOf(past, claim.policy);
    if (known >= 5 && known * 100 > sharePercent * listed) {
      yield `delivery ${sweep.id} asked ${job} to stop although ${known} of ${listed} jobs looked guilty by ${claim.policy}`;
    }
  },
};
