import type { Span } from '../enforce/ports.ts';
import { StaleMarkError } from '../ledger/errors.ts';
import type { HistoryMark } from '../ledger/ledger.ts';
import type { Policies } from '../policy/policy.ts';
import { purgeGeneration } from '../policy/purge-generation.ts';
import type { StoppedBy } from './history-job.ts';
import { planWalk } from './history-plan.ts';
import type { Background } from './history-ports.ts';
import type { HistoryRange } from './history-range.ts';
import { type HistoryCounts, HistoryRecord } from './history-record.ts';
import { takeSlices, type Walk } from './history-slices.ts';
import { takeSweepLease } from './sweep-lease.ts';
import { tellUnwatchable } from './tell-unwatched.ts';
import type { WatchPurgePorts } from './watch-ended-purge.ts';

/** How one message's part of a walk went. */
export type Walked =
  /** What it did itself. Without `stoppedBy` it has come to the end. */
  | ({ readonly kind: 'walked'; readonly stoppedBy?: StoppedBy } & HistoryCounts)
  /** Another walk of this project is under way, or recorded its progress since this one began. */
  | { readonly kind: 'lease-held' | 'overtaken' }
  /** All of it has been gone through, by these policies. */
  | { readonly kind: 'nothing-new' }
  /** No policy purges, or a person has stopped all acts. */
  | { readonly kind: 'no-policy' | 'stopped' }
  /** The project may not be listed, or cannot be. People were told. */
  | { readonly kind: 'unwatchable' };

/** What is left of a message's time is for recording, and for acts that are under way. */
const WORK_PART = 0.8;
/** Of what no policy says how much the clean-up of history may take up, for it only reports. */
const USUAL_SHARE = 0.2;

/**
 * The clean-up of history: goes through what was created in a part of it, the oldest first, as far as time and budget
 * allow; the ledger says where the next walk goes on. Each sensitive job is purged by the same path as any other, for
 * the account of `history`, or stored as due. Its calls give way to all others.
 *
 * @param id tells this walk from every other, also of this instance
 * @throws the errors of `bigquery/errors.ts` and `ledger/errors.ts`; what was recorded stands
 */
export async function walkHistory(
  asked: HistoryRange,
  projectId: string,
  id: string,
  span: Span,
  ports: WatchPurgePorts,
  background: Background,
): Promise<Walked> {
  const policies = await ports.policies.latest();
  if (policies.purge.length === 0) return { kind: 'no-policy' };
  if (policies.purge.some(({ name }) => ports.policies.isStopped(name))) return { kind: 'stopped' };
  background.limitTo(quotaShareOf(policies));
  const lease = await takeSweepLease(projectId, id, span, ports, 'history');
  if (!lease) return { kind: 'lease-held' };
  const untilMs = ports.clock.now() + (span.deadlineAtMs - ports.clock.now()) * WORK_PART;
  const walk = {
    projectId,
    lease,
    // Whether what it deletes is gone it waits for as long as it works.
    span: { ...span, horizonAtMs: untilMs },
    ports: { ...ports, jobs: background.jobs },
    policies,
    untilMs,
  };
  try {
    return await walkOn(asked, walk);
  } catch (error) {
    if (error instanceof StaleMarkError) return { kind: 'overtaken' };
    if (await tellUnwatchable(error, projectId, ports)) throw error;
    return { kind: 'unwatchable' };
  } finally {
    // Its mark says where the next one goes on: the lease hands on nothing.
    lease.becomeWhole();
    await lease.release();
  }
}

/** The least that any policy allows: they share the calls. */
function quotaShareOf({ purge }: Pick<Policies, 'purge'>): number {
  const shares = purge.flatMap(({ rule }) => (rule.history ? [rule.history.quotaShare] : []));
  return shares.length === 0 ? USUAL_SHARE : Math.min(...shares);
}

async function walkOn(asked: HistoryRange, walk: Walk): Promise<Walked> {
  const { projectId, ports, policies } = walk;
  const before = await ports.ledger.historyMark(projectId);
  const mark = planWalk(before?.mark, asked, purgeGeneration(policies.purge), ports.clock.now());
  if (mark === undefined) return { kind: 'nothing-new' };
  const record = new HistoryRecord(before, mark, projectId, ports);
  const begun = record.mark;
  let stoppedBy: StoppedBy | undefined;
  try {
    stoppedBy = await takeSlices(record, walk);
    if (stoppedBy === undefined) await record.finish();
    return { kind: 'walked', ...countedSince(mark, record.mark), ...(stoppedBy && { stoppedBy }) };
  } finally {
    if (record.mark !== begun) await record.tell(stoppedBy, onlyReporting(policies));
  }
}

/** Policies that want something purged, and have no budget for history. */
function onlyReporting({ purge }: Policies): readonly string[] {
  return purge.filter(({ mode, rule }) => mode === 'enforce' && !rule.history).map(({ name }) => name);
}

function countedSince(before: HistoryMark, { looked, found, purged }: HistoryMark): HistoryCounts {
  return {
    looked: looked - before.looked,
    found: found - before.found,
    purged: purged - before.purged,
  };
}
