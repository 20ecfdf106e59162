import type { Answered } from '../bigquery/jobs-client.ts';
import type { Claim, ClaimChange, ClaimFinding, HeldClaim, PurgeDetails } from '../ledger/ledger.ts';
import { bigqueryNow } from './bigquery-now.ts';
import type { DuePurge } from './due-purge.ts';
import { ASKED } from './end-purge.ts';
import { type FamilyLook, lookAtTop } from './family-look.ts';
import type { Span } from './ports.ts';
import type { JudgedFamily } from './purge-look.ts';
import { claimAlert } from './purge-news.ts';
import type { PurgePorts } from './purge-ports.ts';
import { record } from './receipt.ts';

/** What a delete stands on. */
export interface PurgeGrounds {
  readonly judged: JudgedFamily;
  readonly finding: ClaimFinding;
  /** With what was seen: `seenDoneAtMs`, `children`, `found`. */
  readonly purge: PurgeDetails;
}

/** One delete on its way. */
export interface AskingPurge {
  /** The claim as it stood before. */
  readonly before: Claim;
  held: HeldClaim;
  /** Why it could not be made sure that it is wanted still. */
  failure?: unknown;
}

const SECOND_MS = 1_000;

/** A delete is sent on no older look. */
const LOOK_GOOD_FOR_MS = 30 * SECOND_MS;
/** No delete is stamped later than so long after its look: a clock that jumped ahead must not postpone the next. */
const STAMP_WITHIN_MS = 30 * SECOND_MS;

/**
 * Asks BigQuery to delete, once, when its turn has come.
 *
 * @throws what the client throws; `asking` says how the claim stands then
 */
export async function askPurge(
  asking: AskingPurge,
  due: DuePurge,
  grounds: PurgeGrounds,
  span: Span,
  ports: PurgePorts,
): Promise<DuePurge> {
  const { job } = asking.before;
  const { look } = grounds.judged;
  const answer = await ports.jobs.delete(job, {
    deadlineAtMs: span.deadlineAtMs,
    beforeSending: () => makeSure(asking, grounds, span, ports),
  });
  const { claim } = asking.held;
  const askedAtMs = [...asking.before.askedAtMs, takenAtMs(answer, claim)];
  ports.log.notice('purge requested', { job, policy: claim.policy, requests: askedAtMs.length });
  const { purge } = grounds;
  const news = { step: 'purging', outcome: ASKED, nowMs: look.nowMs, job: look.root.job } as const;
  const told = claimAlert({ ...claim, askedAtMs }, purge, news);
  return { ...due, purge, held: await record(asking.held, { askedAtMs }, [told], ports) };
}

/** When BigQuery took it, by its own clock; if the answer does not say, when it was sent. */
function takenAtMs(answer: Answered, { askedAtMs }: Claim): number {
  const told = bigqueryNow(answer);
  const sentAtMs = askedAtMs.at(-1) ?? answer.sentAtMs;
  return told.kind === 'now' ? Math.max(told.nowMs, sentAtMs) : sentAtMs;
}

/**
 * Whether the delete is to be sent, now that its turn has come. First the claim says that it is, with what was seen:
 * a holder that lost its lease is stopped by the condition of that write, and whoever takes over knows that the job was
 * there. Then policies and a stop are read, and the holds last of all: nothing is waited for between them and the
 * delete.
 */
async function makeSure(
  asking: AskingPurge,
  { judged, finding, purge }: PurgeGrounds,
  span: Span,
  ports: PurgePorts,
): Promise<boolean> {
  const { policies, holds } = judged;
  try {
    const look = await lookOfNow(judged.look, span, ports);
    if (!look) return false;
    const ageMs = ageOf(look, ports);
    const atMs = look.nowMs + Math.min(ageMs, STAMP_WITHIN_MS);
    const askedAtMs = [...asking.before.askedAtMs, atMs];
    const change = { state: 'asked', askedAtMs, policy: finding.policy, finding, purge } as const;
    asking.held = (await ports.ledger.advance(asking.held, change, [])).held;
    // By other policies or holds it is judged anew.
    if ((await ports.policies.latest()) !== policies) return false;
    return (await ports.holds.latest()).generation === holds?.generation;
  } catch (error) {
    asking.failure = error;
    return false;
  }
}

/**
 * A look that is not old. At a family of thousands it takes minutes, and the turn of a delete may be long in coming:
 * nothing of what ended changes meanwhile, but its id may be another job's.
 */
async function lookOfNow(
  look: FamilyLook,
  span: Span,
  ports: PurgePorts,
): Promise<Pick<FamilyLook, 'nowMs' | 'aheadMs'> | undefined> {
  const ageMs = ageOf(look, ports);
  if (ageMs >= 0 && ageMs <= LOOK_GOOD_FOR_MS) return look;
  const { job } = look.root;
  const again = await lookAtTop(job.name, span, ports);
  if (again.kind !== 'top') return undefined;
  const { creationTimeMs, endTimeMs } = again.root.job;
  const isSame = creationTimeMs === job.creationTimeMs && endTimeMs === job.endTimeMs;
  return isSame && ageOf(again, ports) >= 0 ? again : undefined;
}

/** How long ago the look was, by our own clock. */
function ageOf({ nowMs, aheadMs }: Pick<FamilyLook, 'nowMs' | 'aheadMs'>, { clock }: PurgePorts): number {
  return clock.now() - (nowMs + aheadMs);
}

/** The claim as if this delete had never been. */
export function unasked({ before }: AskingPurge): ClaimChange {
  const { state, askedAtMs, policy, finding, purge } = before;
  return { state, askedAtMs, policy, finding, ...(purge && { purge }) };
}
