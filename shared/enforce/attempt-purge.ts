import type { PurgeFinding } from '../judge/purge-verdict.ts';
import type { PurgeDetails } from '../ledger/ledger.ts';
import { afterDelete } from './after-delete.ts';
import { type AskingPurge, askPurge, type PurgeGrounds } from './ask-purge.ts';
import type { CarriedOut } from './carried-out.ts';
import { claimFinding } from './claim-finding.ts';
import { type DuePurge, keepBack } from './due-purge.ts';
import { endNotFound, endVoid } from './end-purge.ts';
import { familyOf } from './family-look.ts';
import { heldElsewhere } from './held-elsewhere.ts';
import { keptNews, keptUntilMs, putOffUntilMs } from './kept-until.ts';
import { orLeave, REFUSED_MS } from './or-leave.ts';
import type { Span } from './ports.ts';
import { findingsOf } from './purge-budget.ts';
import { decide, type PurgeDecision } from './purge-decision.ts';
import { foundIn } from './purge-found.ts';
import { type JudgedFamily, lookToPurge } from './purge-look.ts';
import type { PurgePorts } from './purge-ports.ts';
import { takeTurn } from './purge-turn.ts';
import { FOR_A_PERSON_MS } from './waits-for-person.ts';
import { endOf } from './whole-look.ts';

/** BigQuery was asked, or may have been: look for what became of it. */
export interface Asked {
  readonly kind: 'look';
  readonly due: DuePurge;
  readonly aheadMs: number;
}

const MINUTE_MS = 60_000;
/** A cap lets others go when its slots are free again: those that wait for it must not all come at once. */
const CAPPED_MS = 10 * MINUTE_MS;
/** So long after BigQuery was asked a delete may yet be carried out, and is certified then, whoever wants it still. */
const MAY_BE_DONE_MS = 24 * 60 * MINUTE_MS;
const SELDOM_MS = 60 * MINUTE_MS;

/**
 * The delete of a claim that was won: the family is looked at anew and judged by the policies and holds of now; then it
 * is asked for, or the claim says when to go on, or it is void.
 *
 * @throws the errors of `bigquery/errors.ts`, and of `ledger/errors.ts`
 */
export async function attemptPurge(
  due: DuePurge,
  span: Span,
  ports: PurgePorts,
): Promise<CarriedOut | Asked> {
  const { claim } = due.held;
  const now = ports.clock.now();
  const look = await orLeave(due, lookToPurge(claim.job, span, ports, due.judge, due.purge.children), ports);
  switch (look.kind) {
    case 'gone':
      if (claim.askedAtMs.length > 0) return { kind: 'look', due, aheadMs: 0 };
      return endNotFound(due, now, ports);
    case 'child':
      return endVoid(due, 'child', ports);
    case 'not-done':
    case 'no-time':
      await due.leave(due.held, { lookAtMs: now + MINUTE_MS, change: {}, alerts: [] });
      return { kind: 'left' };
    case 'judged':
      return act(due, look, decide(look, ports), span, ports);
  }
}

async function act(
  due: DuePurge,
  judged: JudgedFamily,
  decision: PurgeDecision,
  span: Span,
  ports: PurgePorts,
): Promise<CarriedOut | Asked> {
  const { look } = judged;
  const now = ports.clock.now();
  switch (decision.kind) {
    case 'kept': {
      const told = keptNews(decision, look);
      const lookAtMs = keptUntilMs(decision, look, ports);
      return keepBack(due, { by: decision.by, lookAtMs, ...(told && { told }) }, ports);
    }
    case 'not-whole':
      await due.leave(due.held, { lookAtMs: now + MINUTE_MS, change: {}, alerts: [] });
      return { kind: 'left' };
    case 'unwanted':
      return unwanted(due, judged, decision.finding, ports);
    case 'wanted': {
      const elsewhere = due.by === 'hand' ? heldElsewhere(judged, due.purge) : undefined;
      if (elsewhere) return keepBack(due, { by: elsewhere, lookAtMs: now + MINUTE_MS }, ports);
      const [first] = findingsOf(due.by, judged, ports, due.held.claim);
      if (!first) return unwanted(due, judged, undefined, ports);
      const dueAtMs = Math.max(first.dueAtMs, decision.dueAtMs);
      if (dueAtMs <= look.nowMs) return inTurn(due, judged, span, ports);
      return putOff(due, judged, dueAtMs, ports);
    }
  }
}

/** By the policy of now it is due later than by that of then. */
async function putOff(
  due: DuePurge,
  { look }: JudgedFamily,
  dueAtMs: number,
  ports: PurgePorts,
): Promise<CarriedOut> {
  const purge = { ...due.purge, dueAtMs };
  const lookAtMs = putOffUntilMs(dueAtMs, look, ports);
  await due.leave(due.held, { lookAtMs, change: { purge }, alerts: [] });
  return { kind: 'left' };
}

/** What was asked for may be done yet, and is looked for, ever more seldom; after that nobody waits for it. */
async function unwanted(
  due: DuePurge,
  judged: JudgedFamily,
  finding: PurgeFinding | undefined,
  ports: PurgePorts,
): Promise<CarriedOut> {
  const { look } = judged;
  const asked = due.held.claim.askedAtMs.at(-1);
  if (asked !== undefined && look.nowMs < asked + MAY_BE_DONE_MS) {
    const againMs = Math.min(SELDOM_MS, Math.max(REFUSED_MS, look.nowMs - asked));
    const lookAtMs = ports.clock.now() + againMs;
    await due.leave(due.held, { lookAtMs, change: {}, alerts: [] });
    return { kind: 'asked' };
  }
  if (!finding) {
    const outcome = judged.verdict.act ? 'no-budget' : 'no-longer-sensitive';
    return endVoid(due, outcome, ports);
  }
  const news = { outcome: 'nothing is done', nowMs: look.nowMs, job: look.root.job };
  return endVoid(due, 'no-longer-wanted', ports, { ...news, step: 'observed', because: 'observe-mode' });
}

async function inTurn(
  due: DuePurge,
  judged: JudgedFamily,
  span: Span,
  ports: PurgePorts,
): Promise<CarriedOut | Asked> {
  const { look } = judged;
  const turn = await orLeave(due, takeTurn(judged, due, ports), ports);
  const now = ports.clock.now();
  if (turn.kind === 'none') {
    const { by } = turn;
    if (by === 'capped')
      return keepBack(due, { by, lookAtMs: now + CAPPED_MS * (0.5 + ports.random()) }, ports);
    const outcome = 'nothing is done while its breaker is open';
    const told = { step: 'observed', outcome, nowMs: look.nowMs, job: look.root.job } as const;
    return keepBack(due, { by, lookAtMs: now + FOR_A_PERSON_MS, told }, ports);
  }
  const { claim } = due.held;
  const asking: AskingPurge = { before: claim, held: due.held };
  const grounds: PurgeGrounds = {
    judged,
    finding: claimFinding(turn.finding),
    purge: seenIn(judged, turn.finding, due, ports),
  };
  const { aheadMs } = look;
  try {
    return { kind: 'look', due: await askPurge(asking, due, grounds, span, ports), aheadMs };
  } catch (error) {
    const after = await afterDelete(error, asking, due, grounds, turn.giveBack, ports);
    return after.kind === 'in-doubt' ? { kind: 'look', due: after.due, aheadMs } : after;
  }
}

/** What was seen right before the delete; of an earlier one, that it was there stands, and so do its children. */
function seenIn(
  { look }: JudgedFamily,
  { because, dueAtMs }: PurgeFinding,
  { purge: { heldBy: _, ...purge } }: DuePurge,
  ports: PurgePorts,
): PurgeDetails {
  const { root, children, unseen, nowMs } = look;
  const { principal } = root.job;
  const ids = children?.map(({ job }) => job.name.jobId);
  const all =
    ids || purge.children ? { children: [...new Set([...(purge.children ?? []), ...(ids ?? [])])] } : {};
  return {
    ...purge,
    ...(principal !== undefined && { principal }),
    endedAtMs: endOf(root, nowMs),
    dueAtMs,
    found: foundIn(familyOf(look), because, ports),
    seenDoneAtMs: purge.seenDoneAtMs ?? nowMs,
    ...all,
    ...(unseen !== undefined && { childrenUnseen: unseen }),
  };
}
