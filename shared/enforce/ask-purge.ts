import type { Answered, JobsReader } from '../bigquery/jobs-client.ts';
import type { Claim, ClaimChange, ClaimFinding, HeldClaim, PurgeDetails } from '../ledger/ledger.ts';
import { agreedNow } from './agreed-now.ts';
import { bigqueryNow } from './bigquery-now.ts';
import type { DuePurge } from './due-purge.ts';
import { ASKED } from './end-purge.ts';
import type { FamilyLook } from './family-look.ts';
import type { Span } from './ports.ts';
import type { JudgedFamily } from './purge-look.ts';
import { claimAlert } from './purge-news.ts';
import type { PurgePorts } from './purge-ports.ts';
import { record } from './receipt.ts';
import { toldOrGone } from './told-or-gone.ts';

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

/**
 * While a delete has its turn, looks are taken on that same turn: one that waited for another would wait in vain where
 * the account may have no more in flight.
 */
type OnTurn = Pick<JobsReader, 'get'>;

type TimeOfLook = Pick<FamilyLook, 'nowMs' | 'aheadMs'>;

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
    beforeSending: (onTurn) => makeSure(asking, grounds, onTurn, span, ports),
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
  onTurn: OnTurn,
  span: Span,
  ports: PurgePorts,
): Promise<boolean> {
  const { policies, holds } = judged;
  try {
    const look = await lookOfNow(judged.look, onTurn, span, ports);
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
  onTurn: OnTurn,
  { deadlineAtMs }: Span,
  ports: PurgePorts,
): Promise<TimeOfLook | undefined> {
  const ageMs = ageOf(look, ports);
  if (ageMs >= 0 && ageMs <= LOOK_GOOD_FOR_MS) return look;
  const { job } = look.root;
  const again = await toldOrGone(job.name, onTurn.get(job.name, { deadlineAtMs }), ports);
  const nowMs = again && (await agreedNow(again, ports));
  if (again === undefined || nowMs === undefined) return undefined;
  const { state, creationTimeMs, endTimeMs } = again.job;
  const isSame = creationTimeMs === job.creationTimeMs && endTimeMs === job.endTimeMs;
  if (state !== 'DONE' || !isSame) return undefined;
  const time = { nowMs, aheadMs: again.receivedAtMs - nowMs };
  return ageOf(time, ports) >= 0 ? time : undefined;
}

/** How long ago the look was, by our own clock. */
function ageOf({ nowMs, aheadMs }: TimeOfLook, { clock }: PurgePorts): number {
  return clock.now() - (nowMs + aheadMs);
}

/** The claim as if this delete had never been. */
export function unasked({ before }: AskingPurge): ClaimChange {
  const { state, askedAtMs, policy, finding, purge } = before;
  return { state, askedAtMs, policy, finding, ...(purge && { purge }) };
}
