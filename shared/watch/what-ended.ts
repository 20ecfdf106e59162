import type { ListQuery } from '../bigquery/jobs-client.ts';
import { agreedNow } from '../enforce/agreed-now.ts';
import type { EnforcePorts, Span } from '../enforce/ports.ts';
import { StaleMarkError } from '../ledger/errors.ts';
import { HandingOver, type JudgeEnded } from './handing-over.ts';
import { ProgressRecord } from './progress-record.ts';
import type { SweepLease } from './sweep-lease.ts';
import { type EndedSweep, takeList } from './take-list.ts';
import { earliestMs, isDue, OVERLAP_MS } from './watermarks.ts';

/** How a sweep for what ended went. */
export type WhatEnded =
  /**
   * `faults`: what went wrong with single jobs; the next sweep takes them again. Not `complete`: time ran out, and
   * another sweep goes on from what is recorded.
   */
  | {
      readonly kind: 'done';
      readonly ended: number;
      readonly faults: readonly unknown[];
      readonly complete: boolean;
    }
  /** Another sweep recorded its progress since this one began, whose own is not recorded. */
  | { readonly kind: 'overtaken' }
  /** The clocks disagree, or BigQuery told no time. People were told. */
  | { readonly kind: 'no-time' };

/** What is left of a sweep's time is for recording. */
const WORK_PART = 0.8;
const RUNNING_PART = 0.4;
/** Of the time that is left. */
const WINDOW_PART = 0.5;
const NARROWEST_MS = 1_000;
/** A token may run out while a long list is read. Those of shorter ones, read right away, do not. */
const MOST_REFUSALS = 4;

/**
 * Hands over each job of a project that ended since the last sweep, however long it ran, at least once: those that a
 * list by creation time from the watermark on shows as done, and those that ran at the last sweep and no list shows
 * (design, section 1). The cost grows with what happened since then.
 *
 * The second list asks for jobs of every state: one that ends while the pages are read then keeps its place, and
 * pushes no other from a page that is still to come onto one that was read.
 *
 * @param lease of this project and verb: two at once do no harm, and the slower one's progress is not recorded
 * @throws the errors of `bigquery/errors.ts` when a list failed, and of `ledger/errors.ts`; what was recorded stands
 */
export async function whatEnded(
  projectId: string,
  lease: SweepLease,
  span: Span,
  ports: EnforcePorts,
  judge: JudgeEnded,
): Promise<WhatEnded> {
  const { ledger, clock, verb } = ports;
  const startMs = clock.now();
  const part = (share: number): number => startMs + (span.deadlineAtMs - startMs) * share;
  const over = new HandingOver(judge);
  const unreachable = new Set<string>();
  const sweep = { projectId, lease, span, ports, over, unreachable, untilMs: part(WORK_PART) };
  const held = await ledger.sweepMark(verb, projectId);
  const query: ListQuery = { projectId, states: ['pending', 'running'] };
  const running = await takeList(query, part(RUNNING_PART), () => false, sweep);
  const nowMs = await agreedNow(running.first, ports);
  if (nowMs === undefined) return { kind: 'no-time' };
  const record = new ProgressRecord(held, nowMs, sweep);
  try {
    const complete = await takeWindows(nowMs, record, sweep);
    // To go on at once would only ask for the same pages again.
    if (running.refused) throw running.refused;
    return { kind: 'done', ended: over.count, faults: over.faults, complete: running.complete && complete };
  } catch (error) {
    if (error instanceof StaleMarkError) return { kind: 'overtaken' };
    throw error;
  }
}

/**
 * All that was created since the watermark, at once if time allows. Where it does not, a narrower window of it,
 * the oldest first, and then wider ones: each moves the watermark, so that sweep by sweep all of it is done.
 *
 * @returns false when time ran out
 * @throws PageTokenError when the lists of narrower windows are cut off, too: others would be no better for now
 */
async function takeWindows(nowMs: number, record: ProgressRecord, sweep: EndedSweep): Promise<boolean> {
  const { projectId, ports, unreachable, untilMs } = sweep;
  const { clock } = ports;
  let refusals = 0;
  let widthMs = record.mark.windowMs ?? Number.POSITIVE_INFINITY;
  for (;;) {
    const { mark } = record;
    const fromMs = earliestMs(mark, unreachable) - OVERLAP_MS;
    const toMs = fromMs + widthMs;
    const isLast = toMs >= nowMs - OVERLAP_MS;
    const query: ListQuery = {
      projectId,
      states: ['pending', 'running', 'done'],
      minCreationTimeMs: fromMs,
      ...(!isLast && { maxCreationTimeMs: toMs }),
    };
    const windowUntilMs = clock.now() + (untilMs - clock.now()) * WINDOW_PART;
    const listed = await takeList(query, windowUntilMs, (job) => isDue(job, mark, unreachable), sweep);
    if (listed.complete) {
      widthMs *= 2;
      const isAll = await record.moveTo(isLast ? nowMs : toMs + OVERLAP_MS, isLast ? undefined : widthMs);
      if (isLast) return isAll;
    } else {
      const listedMs = (isLast ? nowMs : toMs) - listed.backToMs;
      widthMs = Math.max(NARROWEST_MS, Math.floor(Math.min(listedMs, widthMs) / 2));
    }
    refusals += listed.refused ? 1 : 0;
    if (listed.refused && refusals >= MOST_REFUSALS) {
      await record.narrow(widthMs);
      throw listed.refused;
    }
    if (clock.now() < untilMs) continue;
    if (!listed.complete) await record.narrow(widthMs);
    return false;
  }
}
