import type { Invariant } from '../invariant.ts';
import { jobOf, type Past } from '../past.ts';
import type { FileDescription } from '../policy-description.ts';
import { purging } from '../purge-oracle.ts';
import type { Deletion } from '../purge-past.ts';
import { holdOf } from '../true-hold.ts';
import { lastGood } from './justified.ts';

/** Since when an instance has been at it: its own win, or that of whoever has the claim. */
export function purgeWonAtMs({ claim, instance }: Deletion, { purges }: Past): number | undefined {
  return claim && (purges.wins.get(`${instance} ${claim.key}`) ?? claim.wonAtMs);
}

/** When an instance last said that it asks. */
function saidAtMs({ claim, instance }: Deletion): number | undefined {
  return claim?.asked.findLast(({ by }) => by === instance)?.atMs;
}

/** What the ledger held of a delete on its way may have been lost with it. */
export function wasClaimLost({ atMs }: Pick<Deletion, 'atMs'>, past: Past): boolean {
  return past.lossesMs.some((lostMs) => atMs - lostMs < past.plan.timeoutMs);
}

/**
 * Every delete followed a look of that instance, made after it won the claim, at a family that is DONE and, by a file that
 * it read since it said that it asks, sensitive, unexempt and due, for the policy that the claim names.
 */
export const wanted: Invariant = {
  name: 'every delete is justified by the policy in force for the true family, and due',
  rule: 'rules 1, 6 and 11',
  *onDelete(deletion, past) {
    const { job, instance, claim, family, atMs } = deletion;
    if (past.plan.dryRun) yield `${job} was deleted in a dry run`;
    if (!family) return;
    const running = [family.root, ...family.children].find(({ state }) => state !== 'DONE');
    if (running) yield `${job} was to be deleted, and ${jobOf(running)} is ${running.state}`;
    if (family.root.parentJobId !== undefined) yield `${job} is a child`;
    const sinceMs = purgeWonAtMs(deletion, past);
    if (!claim || sinceMs === undefined) {
      if (!wasClaimLost(deletion, past)) yield `${job} was deleted without a claim`;
      return;
    }
    if (past.looksAt(instance, job, sinceMs, atMs).length === 0)
      yield `${job} was not looked at by ${instance} after it won the claim`;
    const files = filesRead(deletion, saidAtMs(deletion) ?? sinceMs, past);
    if (!files.some((file) => isWanted(file, deletion, claim.policy, past)))
      yield `${job} is not to be deleted for ${claim.policy} by any file that ${instance} read since it said so`;
  },
};

function isWanted(file: FileDescription, { family, atMs }: Deletion, policy: string, past: Past): boolean {
  if (!family) return false;
  return purging(file, family, past.plan.purge?.planted ?? {}).some(
    ({ policy: { name }, dueAtMs }) => name === policy && dueAtMs <= atMs,
  );
}

function filesRead({ instance, atMs }: Deletion, fromMs: number, past: Past): FileDescription[] {
  return past.readsBy(instance, fromMs, atMs).flatMap(({ version, atMs: readAtMs }) => {
    return version?.description ?? lastGood(instance, readAtMs, past) ?? [];
  });
}

/** Holds are read between the mark in the ledger and the request, and what they say then is what counts. */
export const unheld: Invariant = {
  name: 'nothing on hold is deleted, by the holds as they were read just before',
  rule: 'rule 6: holds',
  *onDelete(deletion, past) {
    const { job, instance, family, atMs } = deletion;
    if (!past.plan.purge?.holds || !family) return;
    const saidMs = saidAtMs(deletion) ?? purgeWonAtMs(deletion, past) ?? 0;
    const read = past.purges.lastHoldsRead(instance, saidMs, atMs);
    if (!read) {
      yield `${job} was deleted, and ${instance} had not read the holds since it said so`;
      return;
    }
    const all = read.version?.description;
    if (!all) {
      yield `${job} was deleted, and ${instance} could not read the holds`;
      return;
    }
    const hold = holdOf(all, family, read.atMs);
    if (hold) yield `${job} was deleted, and ${hold.id} holds it`;
  },
};

/** The ledger knows of every delete, and that the job was DONE, before BigQuery is asked. */
export const saidPurge: Invariant = {
  name: 'no delete without a claim that was won, and that says before that the job was seen DONE',
  rule: 'rule 6, section 3',
  *onDelete(deletion, past) {
    const { job, instance, claim, atMs, family } = deletion;
    if (!claim) return;
    const saidMs = saidAtMs(deletion);
    if (saidMs === undefined) yield `${instance} never wrote that it asks for ${job} to be deleted`;
    else if (atMs - saidMs > past.plan.timeoutMs && !past.frozen.has(instance))
      yield `${instance} asked ${(atMs - saidMs) / 1_000} s after it said so, longer than it may live`;
    if (claim.purge?.seenDoneAtMs === undefined)
      yield `${job} was deleted, and nobody wrote that it was seen DONE`;
    const known = new Set(claim.purge?.children);
    for (const child of family?.children ?? [])
      if (!known.has(child.jobId))
        yield `${jobOf(child)} went with ${job}, and nobody wrote that it was there`;
  },
};

/** While a person has stopped everything nothing is deleted, unless it was on its way. */
export const haltedPurges: Invariant = {
  name: 'nothing is deleted once a person has stopped everything',
  rule: 'rule 1: observe',
  *onDelete(deletion, past) {
    const { stoppedSinceMs } = past;
    if (stoppedSinceMs === undefined) return;
    const unstoppedAtMs = past.unstoppedReads.get(deletion.instance) ?? 0;
    if (unstoppedAtMs < (saidAtMs(deletion) ?? deletion.atMs))
      yield `${deletion.job} was deleted ${(deletion.atMs - stoppedSinceMs) / 1_000} s after a person had stopped everything`;
  },
};
