import type { ClaimWrite } from '../claim-row.ts';
import type { Invariant } from '../invariant.ts';
import type { Past } from '../past.ts';
import { subjectOf } from '../plan.ts';
import { attemptIn } from '../retry-past.ts';

/** BigQuery is asked only for a claim that this instance has won and marked as asked, before the call. */
export const claimed: Invariant = {
  name: 'no cancel without a claim that was won, and marked as asked before',
  rule: 'section 3',
  *onCancel({ job, instance, claim, atMs }, past) {
    if (!claim) {
      // Its claim may have been lost with the ledger while the call was on its way.
      if (!past.lossesMs.some((lostMs) => atMs - lostMs < past.plan.timeoutMs)) yield `${job} has no claim`;
      return;
    }
    const own = claim.asked.findLast(({ by }) => by === instance);
    if (!own) yield `${instance} never wrote that it asks for ${job}`;
    else if (atMs - own.atMs > past.plan.timeoutMs && !past.frozen.has(instance)) {
      yield `${instance} asked ${(atMs - own.atMs) / 1_000} s after it said so, longer than it may live`;
    }
  },
};

/** A lease is so much longer than the function may live; two clocks may differ by so much. */
const LEASE_MARGIN_MS = 60_000;
const CLOCKS_DIFFER_MS = 60_000;
/** The taker judged the lease when it read the claim; its write may be slow. */
const SLOW_WRITE_MS = 15_000;

/** A claim is written by its holder only, and won by another only when its lease has run out. */
export const held: Invariant = {
  name: 'a claim is written by nobody but its holder, and taken from none whose lease lasts',
  rule: 'section 3: version conditions',
  onClaim: heldFaults,
  onRetryClaim: heldFaults,
  onPurgeClaim: heldFaults,
};

function* heldFaults({ before, after, by, byHolder, clockMs }: ClaimWrite, past: Past): Iterable<string> {
  if (byHolder !== undefined && after.holder !== byHolder) {
    yield `${by} (${byHolder}) wrote the claim of ${after.job}, which ${after.holder} holds`;
  }
  if (!before) return;
  // That BigQuery knows no such job may have been a wrong answer.
  const isFinal = before.state === 'ended' && before.outcome !== 'gone';
  if (isFinal) yield `the claim of ${after.job} had ended (${before.outcome}) and became ${after.state}`;
  const isTaken = before.holder !== after.holder && before.state !== 'void';
  const isUnfinished = isTaken && before.state !== 'ended';
  // No clock that agrees with the taker's can have written a lease that goes on for longer than one lasts.
  const believableMs = past.plan.timeoutMs + LEASE_MARGIN_MS + CLOCKS_DIFFER_MS - SLOW_WRITE_MS;
  const leftMs = before.leaseUntilMs - clockMs;
  if (isUnfinished && leftMs > 0 && leftMs <= believableMs) {
    yield `${after.holder} took the claim of ${after.job} from ${before.holder}, ${(before.leaseUntilMs - clockMs) / 1_000} s before its lease ended`;
  }
  if (isTaken && before.askedAtMs.length > 0 && after.askedAtMs.length < before.askedAtMs.length) {
    yield `requests of the claim of ${after.job} were forgotten when it was taken over`;
  }
}

/** One job, one act: whatever names it goes by. */
export const once: Invariant = {
  name: 'no two claims for one job',
  rule: 'section 3, rule 10',
  *onClaim({ after }, past) {
    for (const other of past.claims.values()) {
      if (other.key !== after.key && other.job === after.job)
        yield `${after.job} has claims ${other.key} and ${after.key}`;
    }
  },
};

/** A claim holds for longer than its holder can live. */
export const leased: Invariant = {
  name: 'a lease lasts longer than the function can',
  rule: 'section 3',
  onClaim: leaseFaults,
  onRetryClaim: leaseFaults,
  onPurgeClaim: leaseFaults,
};

function* leaseFaults({ before, after, clockMs, atMs }: ClaimWrite, past: Past): Iterable<string> {
  // Between reading it and the write, the clock may have been set.
  const wasSet = past.plan.happenings.some(
    (happening) =>
      happening.kind === 'clock-set' && happening.atMs <= atMs && atMs - happening.atMs <= SLOW_WRITE_MS,
  );
  if (wasSet) return;
  // What is due later is nobody's until then.
  if (after.leaseUntilMs === after.stampedWonAtMs) return;
  const isWin = !before || before.state === 'void' || before.holder !== after.holder;
  const lastsMs = after.leaseUntilMs - clockMs;
  // The clock may have been read some time before the write took effect.
  if (isWin && lastsMs < past.plan.timeoutMs && !past.frozen.has(after.wonBy)) {
    yield `${after.wonBy} won the claim of ${after.job} for ${lastsMs / 1_000} s only`;
  }
}

/** Who finds out how an act ended tells it in the same commit, so that no crash can lose it. */
export const receipts: Invariant = {
  name: 'a receipt is committed together with its alert',
  rule: 'section 3: outbox',
  onClaim: receiptFaults,
  onRetryClaim: receiptFaults,
  onPurgeClaim: receiptFaults,
};

function* receiptFaults({ before, after, alerts }: ClaimWrite, past: Past): Iterable<string> {
  if (after.state !== 'ended' || before?.state === 'ended') return;
  if (after.outcome === 'gone' || alerts.length > 0 || past.lossesMs.length > 0) return;
  // Who takes an attempt's id may have been told of before as if he were one.
  if (past.plan.jobs.some((job) => attemptIn(subjectOf(job))?.root === after.job)) return;
  yield `the claim of ${after.job} ended (${after.outcome}) without an alert in the same commit`;
}
