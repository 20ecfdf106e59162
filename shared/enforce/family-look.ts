import { childrenOf, childrenToldBy } from '../bigquery/children-of.ts';
import { TooManyChildrenError } from '../bigquery/errors.ts';
import type { RawLook } from '../bigquery/jobs-client.ts';
import type { JobName } from '../job/job-name.ts';
import type { Family, Member } from '../judge/family.ts';
import { mayHaveChildren } from '../judge/nominate-purge.ts';
import { jsonAt } from '../retry/json.ts';
import { agreedNow } from './agreed-now.ts';
import { LIST_LATE_MS } from './hold-work.ts';
import type { Span } from './ports.ts';
import type { PurgePorts } from './purge-ports.ts';
import { isOfSameProject } from './second-look.ts';
import { toldOrGone } from './told-or-gone.ts';
import { endOf, lookAtWhole, type WholeLook } from './whole-look.ts';

/** A job that ended, with its children of all generations, each whole. */
export interface FamilyLook {
  readonly kind: 'family';
  readonly root: WholeLook;
  /** Absent: it cannot have any. */
  readonly children?: readonly RawLook[];
  /**
   * Why it cannot be judged as a whole: a child runs, or one is on no list yet, so soon after the end; or they are more
   * than are looked at.
   */
  readonly lacks?: { readonly running: JobName } | 'children' | 'too-many-children';
  /** So many children its jobs tell of besides, and no list shows them though none is late any more. */
  readonly unseen?: number;
  /** By BigQuery's clock. */
  readonly nowMs: number;
  /** How far our own clock stood beyond that when the answer came: what to add to a time of BigQuery's. */
  readonly aheadMs: number;
}

/** A job at the top of its family that ended. */
export type TopLook = Pick<FamilyLook, 'root' | 'nowMs' | 'aheadMs'> & { readonly kind: 'top' };

export type LookedTop =
  | TopLook
  /** `jobs.get` answers 404. */
  | { readonly kind: 'gone' }
  /** It is a child: its parent is to be looked at in its stead. */
  | { readonly kind: 'child'; readonly look: WholeLook; readonly parent: JobName }
  /** It runs still. */
  | { readonly kind: 'not-done'; readonly look: WholeLook }
  /** The clocks disagree, or BigQuery told no time: nothing may be judged. People were told. */
  | { readonly kind: 'no-time'; readonly look: WholeLook };

/**
 * `jobs.get` of the whole.
 *
 * @throws the errors of `bigquery/errors.ts` but NotFoundError, and of `ledger/errors.ts`; a ForbiddenError has been
 * alerted
 */
export async function lookAtTop(name: JobName, span: Span, ports: PurgePorts): Promise<LookedTop> {
  const root = await lookAtWhole(name, span, ports);
  if (!root) return { kind: 'gone' };
  const { parent } = root.job;
  if (parent) {
    return isOfSameProject(parent, name) ? { kind: 'child', look: root, parent } : { kind: 'gone' };
  }
  const nowMs = await agreedNow(root, ports);
  if (nowMs === undefined) return { kind: 'no-time', look: root };
  if (!isDone(root)) return { kind: 'not-done', look: root };
  return { kind: 'top', root, nowMs, aheadMs: root.receivedAtMs - nowMs };
}

/**
 * A look at each of its children; undefined: BigQuery knows the project no more.
 *
 * @param seenBefore ids of children that earlier looks found: a delete that is under way may have taken some
 * @throws as `lookAtTop`
 */
export async function lookAtChildren(
  { root, nowMs, aheadMs }: TopLook,
  seenBefore: readonly string[],
  span: Span,
  ports: PurgePorts,
): Promise<FamilyLook | undefined> {
  const seen = { kind: 'family', root, nowMs, aheadMs } as const;
  const { name } = root.job;
  if (!root.facts.script && !mayHaveChildren(root.job)) return seen;
  const children = await toldOrGone(name, childrenOrTooMany(name, span, ports), ports);
  if (!children) return undefined;
  if (children === 'too-many') return { ...seen, lacks: 'too-many-children' };
  const running = children.find((child) => !isDone(child))?.job.name;
  if (running) return { ...seen, children, lacks: { running } };
  const unseen = unseenOf(root, children, seenBefore);
  if (unseen === 0) return { ...seen, children };
  const isListLate = nowMs < endOf(root, nowMs) + LIST_LATE_MS;
  return { ...seen, children, ...(isListLate ? { lacks: 'children' as const } : { unseen }) };
}

/** Only if BigQuery says so: an end time alone, beside a state that nobody knows, is not enough for a delete. */
function isDone({ job, resource }: RawLook): boolean {
  return job.state === 'DONE' && jsonAt(resource.take(), 'status', 'state') === 'DONE';
}

async function childrenOrTooMany(
  name: JobName,
  span: Span,
  { jobs }: PurgePorts,
): Promise<readonly RawLook[] | 'too-many'> {
  try {
    return await childrenOf(name, jobs, span);
  } catch (error) {
    if (error instanceof TooManyChildrenError) return 'too-many';
    throw error;
  }
}

/** How many children more the job and its children tell of than lists have shown. */
function unseenOf(root: RawLook, children: readonly RawLook[], seenBefore: readonly string[]): number {
  const shown = new Map<string | undefined, number>();
  for (const { job } of children) {
    const parentId = job.parent?.jobId;
    shown.set(parentId, (shown.get(parentId) ?? 0) + 1);
  }
  let unseen = 0;
  for (const look of [root, ...children]) {
    unseen += Math.max(0, childrenToldBy(look) - (shown.get(look.job.name.jobId) ?? 0));
  }
  const listed = new Set(children.map(({ job }) => job.name.jobId));
  const gone = seenBefore.filter((jobId) => !listed.has(jobId)).length;
  return Math.max(0, unseen - gone);
}

/** As it is judged. It holds text of the jobs: nothing of it may be printed or stored. */
export function familyOf({ root, children = [], unseen = 0 }: FamilyLook): Family {
  return { root: memberOf(root), facts: root.facts, children: children.map(memberOf), unseen };
}

function memberOf({ job, resource }: RawLook): Member {
  return { job, resource: resource.take() };
}
