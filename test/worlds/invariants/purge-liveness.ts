import type { JobTruth } from '../../../simulator/truth.ts';
import type { ClaimRow } from '../claim-row.ts';
import type { Ending, Invariant } from '../invariant.ts';
import { isKeptForGood } from '../kept-for-good.ts';
import { jobOf, type Past } from '../past.ts';
import type { FileDescription } from '../policy-description.ts';
import { type PurgeOpinion, purging, type TrueFamily } from '../purge-oracle.ts';
import { answering } from '../retry-oracle.ts';
import { attemptIn } from '../retry-past.ts';
import { familyIn } from '../true-family.ts';
import { holdOf } from '../true-hold.ts';

/** However an end was lost, late or doubled: whatever is to be purged is known to the ledger three ticks after the storm. */
export const foundEnded: Invariant = {
  name: 'three clean ticks after the storm nothing that is to be purged is unknown',
  rule: 'section 1: the tick is the truth',
  *onEnd(ending, past) {
    for (const { family, job, opinions } of standing(ending, past)) {
      if (past.purges.claimOf(job) || !isSince(ending.beforeMs, family.root)) continue;
      yield `${job} is to be purged for ${opinions[0]?.policy.name}, and no claim says so`;
    }
  },
};

/** And in the end it is gone. */
export const purgedAtLast: Invariant = {
  name: 'in the end nothing is left that is sensitive, due, matched and not on hold',
  rule: 'section 8: liveness',
  *onSettled(ending, past) {
    for (const { family, job, opinions } of standing(ending, past)) {
      if (!isSince(ending.beforeMs, family.root) || waitsForRetry(family, ending, past)) continue;
      const due = opinions.find(
        ({ dueAtMs, policy }) => dueAtMs < ending.nowMs && !past.openTrip(policy.name),
      );
      if (due) {
        const claim = past.purges.claimOf(job);
        yield `${job} was to be purged for ${due.policy.name} ${(ending.nowMs - due.dueAtMs) / 1_000} s ago, and its claim is ${claim ? `${claim.state} (${claim.outcome ?? claim.purge?.heldBy})` : 'not there'}`;
      }
    }
  },
};

/** An act whose holder died or let go of it has found somebody else. */
export const finishedPurges: Invariant = {
  name: 'no unfinished purge is overdue',
  rule: 'section 3: takeover',
  *onEnd({ beforeMs }, past) {
    for (const claim of past.purges.unfinished()) {
      const { job, projectId, state, leaseUntilMs, lookAtMs } = claim;
      if (past.isOutOfReachOfPurge(projectId) || waitsForPerson(claim, past)) continue;
      const dueMs = Math.max(leaseUntilMs, lookAtMs ?? 0);
      if (dueMs < beforeMs)
        yield `the claim to purge ${job} is ${state} and has been due for ${(beforeMs - dueMs) / 1_000} s`;
    }
  },
};

/** Nobody goes on with it before a person has done something. */
function waitsForPerson({ purge, policy }: ClaimRow, past: Past): boolean {
  if (purge?.heldBy === 'stopped') return past.stoppedSinceMs !== undefined;
  return purge?.heldBy === 'breaker-open' && past.openTrip(policy) !== undefined;
}

interface Standing {
  readonly job: string;
  readonly family: TrueFamily;
  readonly opinions: readonly PurgeOpinion[];
}

/** Families that by every file since their end are to be purged by the same policies, and by nothing kept. */
function* standing(ending: Ending, past: Past): Iterable<Standing> {
  const planted = past.plan.purge?.planted;
  if (!planted || past.plan.dryRun || past.stoppedSinceMs !== undefined) return;
  for (const [job, root] of ending.after) {
    const family = isGone(job, past) ? undefined : familyIn(ending.after, job);
    if (!family || [root, ...family.children].some(({ state }) => state !== 'DONE')) continue;
    if (ending.holds === undefined || holdOf(ending.holds, family, ending.nowMs)) continue;
    const files = filesSince(root.endTimeMs ?? 0, past);
    const opinions = purging(ending.file, family, planted).filter(
      ({ policy: { name } }) =>
        files.every((file) => purging(file, family, planted).some(({ policy }) => policy.name === name)) &&
        !isKeptForGood({ policy: name, projectId: root.projectId }, family, ending, past),
    );
    if (opinions.length > 0) yield { job, family, opinions };
  }
}

function isGone(job: string, { purges }: Past): boolean {
  return purges.gone.has(job) || purges.byPerson.has(job);
}

/** It had ended before the clean ticks began, and not before anybody looks back. */
function isSince(beforeMs: number, { endTimeMs }: JobTruth): boolean {
  return endTimeMs !== undefined && endTimeMs < beforeMs;
}

/** What the file said when a job ended, and every time since. */
function filesSince(atMs: number, { plan }: Past): FileDescription[] {
  const good = plan.files.filter(({ description }) => description);
  const first = good.findLastIndex(({ fromMs }) => fromMs <= atMs);
  return good.slice(Math.max(0, first)).flatMap(({ description }) => description ?? []);
}

/** A failure that would be run again, or an attempt of one that is there, is not due before the deadline; nor an attempt before the job that it repeats. */
function waitsForRetry({ root }: TrueFamily, { file, after, nowMs }: Ending, past: Past): boolean {
  const job = jobOf(root);
  const origin = after.get(attemptIn(job)?.root ?? '') ?? root;
  const chain = [root, origin].flatMap((failed) =>
    answering(file, { root: failed, failed, attemptsMade: 0 }, failed.endTimeMs ?? 0).map(
      ({ deadlineMs }) => (failed.endTimeMs ?? 0) + deadlineMs,
    ),
  );
  const open = past.retries.unfinished().some((claim) => claim.job === jobOf(origin));
  const isSecond = origin !== root && past.purges.unfinishedOf(jobOf(origin)) !== undefined;
  return open || isSecond || chain.some((untilMs) => nowMs < untilMs);
}
