import type { Invariant } from '../invariant.ts';
import type { Cancel } from '../past.ts';

const LEAST_MS = 60_000;

/** A job is asked again only when the request before had a minute: no storm, whoever asks. */
export const spaced: Invariant = {
  name: 'a job is asked again no sooner than a minute after the request before',
  rule: 'rule 7',
  *onCancel(cancel, past) {
    const { job, claim, atMs } = cancel;
    const own = requestOf(cancel);
    if (!claim || own === undefined) return;
    const last = past.cancels.findLast((other) => other.job === job && requestOf(other) !== own);
    // What the ledger held of a request that was on its way when it was lost, nobody knows.
    if (!last?.claim || past.lossesMs.some((lostMs) => lostMs >= last.atMs)) return;
    const before = last.claim.asked.at(-1)?.stampedAtMs ?? last.atMs;
    const waitedMs = atMs - before;
    if (waitedMs < LEAST_MS) yield `${job} was asked again after ${waitedMs / 1_000} s by ${cancel.instance}`;
  },
};

/** Attempts of one request belong together: the transport may repeat a request that had no answer. */
function requestOf({ claim, instance }: Cancel): number | undefined {
  return claim?.asked.findLast(({ by }) => by === instance)?.atMs;
}
