import type { CarriedOut } from './carried-out.ts';
import { type DuePurge, leaveToLater } from './due-purge.ts';
import { ASKED, endPurged } from './end-purge.ts';
import { orLeave } from './or-leave.ts';
import type { Span } from './ports.ts';
import { claimAlert } from './purge-news.ts';
import type { PurgePorts } from './purge-ports.ts';
import { record } from './receipt.ts';
import { type SeenGone, seeGone } from './see-gone.ts';
import { isLeftRunning, isNotTaking, nextLookAtMs, shouldAskAgain } from './verify.ts';

/** It answers still though it was asked for some time ago: ask again. */
export interface AskAgain {
  readonly kind: 'ask';
  readonly due: DuePurge;
}

/**
 * Looks until a job that BigQuery was asked to delete is gone, with its children; tells people when it is not. What
 * falls beyond the horizon is left to a later sweep.
 *
 * @param aheadMs how far our own clock stands beyond BigQuery's
 */
export async function pursuePurge(
  start: DuePurge,
  aheadMs: number,
  span: Span,
  ports: PurgePorts,
): Promise<CarriedOut | AskAgain> {
  const { clock } = ports;
  let due = start;
  for (;;) {
    const { claim } = due.held;
    const seen = await orLeave(due, seeGone(claim, due.purge, span, ports), ports);
    const now = clock.now();
    if (seen === 'gone') return endPurged(due, now - aheadMs, ports);
    due = await tellInVain(due, seen, now - aheadMs, ports);
    if (seen === 'there' && shouldAskAgain(claim.askedAtMs, now - aheadMs)) return { kind: 'ask', due };
    const lookAtMs = nextLookAtMs(claim.askedAtMs, now - aheadMs) + aheadMs;
    if (lookAtMs > span.horizonAtMs || now < span.startedAtMs) {
      await leaveToLater(ports)(due.held, { lookAtMs, change: {}, alerts: [] });
      return { kind: 'asked' };
    }
    await clock.sleep(lookAtMs - now);
  }
}

/** Requests had their time without effect: people are told, once. A child that stays cannot be asked for by itself. */
async function tellInVain(
  due: DuePurge,
  seen: Exclude<SeenGone, 'gone'>,
  nowMs: number,
  ports: PurgePorts,
): Promise<DuePurge> {
  const { held, purge } = due;
  const { claim } = held;
  const isInVain = seen === 'there' ? isNotTaking : isLeftRunning;
  if (purge.heldBy === 'asked-and-still-there' || !isInVain(claim.askedAtMs, nowMs)) return due;
  ports.log.warning('job is still there after a delete', {
    job: claim.job,
    requests: claim.askedAtMs.length,
  });
  const still = { ...purge, heldBy: 'asked-and-still-there' } as const;
  const outcome = seen === 'there' ? 'BigQuery has it still' : 'BigQuery has a child of it still';
  const alerts = [
    claimAlert(claim, still, { step: 'purging', outcome: ASKED, nowMs }),
    claimAlert(claim, still, { step: 'could-not-purge', outcome, nowMs, because: 'asked-and-still-there' }),
  ];
  return { ...due, purge: still, held: await record(held, { purge: still }, alerts, ports) };
}
