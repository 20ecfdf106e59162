import type { Invariant } from '../invariant.ts';
import { opinionsOf } from '../oracle.ts';
import type { Cancel, Look, Past } from '../past.ts';
import type { FileDescription } from '../policy-description.ts';

/**
 * Every cancel that reached BigQuery followed a look of that instance, made after it won the claim, at a job
 * that by the file then in force was to be cancelled, for the policy that the claim names.
 *
 * "Then in force" is what the instance read from the file between that look and the cancel, after it said that it
 * asks; where it read no good file, the last good one.
 */
export const justified: Invariant = {
  name: 'every cancel is justified by the policy in force for the true job',
  rule: 'rules 1 and 11, section 1',
  *onCancel(cancel, past) {
    const { truth, job, instance, claim } = cancel;
    if (truth.parentJobId !== undefined) yield `${job} is a script's child`;
    if (truth.type === 'COPY') yield `${job} is a copy job`;
    if (past.plan.dryRun) yield `${job} was asked to stop in a dry run`;
    if (!claim) return;
    // Who lost the claim while the request was under way looked after his own win.
    const wonAtMs = past.wins.get(`${instance} ${claim.key}`) ?? claim.wonAtMs;
    const looks = past.looksAt(instance, job, wonAtMs, cancel.atMs);
    if (looks.length === 0) {
      yield `${job} was not looked at by ${instance} after it won the claim`;
      return;
    }
    if (looks.some((look) => isJustifiedBy(look, cancel, claim.policy, past))) return;
    const last = looks.at(-1);
    yield `${job} (${last?.truth.state} when last looked at) is not to be cancelled for ${claim.policy} by any file that ${instance} read since`;
  },
};

function isJustifiedBy(look: Look, cancel: Cancel, policy: string, past: Past): boolean {
  return filesInForce(look, cancel, past).some((file) =>
    opinionsOf(file, look.truth, look.atMs).some(({ acts, policy: { name } }) => acts && name === policy),
  );
}

function filesInForce({ atMs, instance }: Look, cancel: Cancel, past: Past): FileDescription[] {
  const saidAtMs = cancel.claim?.asked.findLast(({ by }) => by === instance)?.atMs ?? atMs;
  return past
    .readsBy(instance, Math.max(atMs, saidAtMs), cancel.atMs)
    .flatMap(({ version, atMs: readAtMs }) => {
      const description = version?.description ?? lastGood(instance, readAtMs, past);
      return description ? [description] : [];
    });
}

/** The last good text that this instance read; for one that never did, what the ledger held when it began. */
export function lastGood(instance: string, beforeMs: number, past: Past): FileDescription | undefined {
  const own = past.readsBy(instance, 0, beforeMs).findLast(({ version }) => version?.description);
  if (own?.version?.description) return own.version.description;
  const stored = past.bootTexts.get(instance);
  return past.plan.files.find(({ text }) => text === stored)?.description;
}
