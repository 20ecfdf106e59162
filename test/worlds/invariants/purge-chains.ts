import type { ClaimRow } from '../claim-row.ts';
import type { Invariant } from '../invariant.ts';
import type { Past } from '../past.ts';
import { answering } from '../retry-oracle.ts';
import { lastGood } from './justified.ts';
import { purgeWonAtMs } from './purges.ts';

/** A failure that is run again is still needed: what answers it reads its configuration, and compares. */
export const chained: Invariant = {
  name: 'no failure is deleted that a retry may still need',
  rule: 'rule 6: chains',
  *onDelete(deletion, past) {
    const { job, family, atMs, instance } = deletion;
    if (!family || !past.plan.retry) return;
    const chain = chainOf(job, past);
    const open = chain.find(({ state, retry }) => isUnfinished(state) && atMs < (retry?.deadlineAtMs ?? 0));
    if (open) yield `${job} was deleted, and attempt ${open.attempt} of it is ${open.state}`;
    if (chain.length > 0 || past.lossesMs.length > 0) return;
    const file = lastGood(instance, atMs, past);
    if (!file) return;
    const endedMs = family.root.endTimeMs ?? 0;
    const failure = { root: family.root, failed: family.root, attemptsMade: 0 };
    const untilMs = Math.max(...answering(file, failure, atMs).map(({ deadlineMs }) => endedMs + deadlineMs));
    if (atMs < untilMs)
      yield `${job} was deleted, and it is to be run again until ${(untilMs - atMs) / 1_000} s later`;
  },
};

/** What an attempt repeats goes first: else nobody could tell that it is one. */
export const originFirst: Invariant = {
  name: 'no attempt is deleted before the job that it repeats, or that job’s deadline',
  rule: 'rule 6: origin first',
  *onDelete(deletion, past) {
    const { job, atMs, truths } = deletion;
    const made = past.retries.made.get(job);
    if (!made?.root || !truths.has(made.root)) return;
    const deadlineMs = made.claim?.retry?.deadlineAtMs ?? 0;
    if (atMs < deadlineMs)
      yield `${job} was deleted, and ${made.root} is there for ${(deadlineMs - atMs) / 1_000} s more`;
    const origin = past.purges.unfinishedOf(made.root);
    // What was scheduled since then, whoever deletes the attempt need not have known.
    if (origin && origin.wonAtMs < (purgeWonAtMs(deletion, past) ?? 0))
      yield `${job} was deleted, and ${made.root} is there, and to be purged itself`;
  },
};

/** The claims of the chain that a job belongs to, if any. */
function chainOf(job: string, { retries }: Past): ClaimRow[] {
  const made = retries.made.get(job);
  const root = made?.root ?? job;
  return [...retries.claims.values()].filter((claim) => claim.job === root);
}

function isUnfinished(state: string): boolean {
  return state === 'claimed' || state === 'asked';
}
