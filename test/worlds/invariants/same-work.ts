import type { JobTruth } from '../../../simulator/truth.ts';
import type { Invariant } from '../invariant.ts';
import type { Past } from '../past.ts';
import { attemptIn, type Insert, type ShownPage } from '../retry-past.ts';
import { areAlike } from '../true-work.ts';
import { saidAtMs, wonAtMs } from './retries.ts';

/** A list may go back further than one retry wants, for others whose failures lie so close to it. */
const SHARED_WITHIN_MS = 600_000;

/**
 * Nobody else is at it: of what does the same and was created since the failure, nothing that a list since the work
 * was held could tell of is pending, running, or has succeeded.
 */
export const alone: Invariant = {
  name: 'nothing is inserted while a job that does the same runs or has succeeded, as far as lists tell',
  rule: 'rule 3',
  *onInsert(insert, past) {
    const { job, root = '', truths, instance } = insert;
    const rootTruth = truths.get(root);
    if (wonAtMs(insert, past) === undefined || !rootTruth?.endTimeMs) return;
    const lists = comparisonsOf(insert, rootTruth, past).map(({ since }) => since);
    if (lists.length === 0)
      yield `${job} was inserted, and ${instance} had not asked what others did since ${root} failed`;
    yield* fewestOf(lists.map((list) => [...doneSince(list, insert, rootTruth, past)]));
  },
};

/** What by this list somebody else has done since the failure, or does. */
function* doneSince(
  list: readonly ShownPage[],
  { job, root = '', truths }: Insert,
  rootTruth: JobTruth,
  past: Past,
): Iterable<string> {
  const { location, endTimeMs = 0 } = rootTruth;
  const asOfMs = list[0]?.asOfMs ?? 0;
  if (lacks(list, location)) yield `${job} was inserted, and the list of what others did lacked ${location}`;
  for (const [name, other] of truths) {
    const isOther = name !== root && name !== job && attemptIn(name)?.root !== root;
    const isSince = other.creationTimeMs >= endTimeMs && other.creationTimeMs <= asOfMs;
    if (
      isOther &&
      isSince &&
      mayHaveDone(other, rootTruth) &&
      isShown(name, list, past) &&
      areAlike(other, rootTruth)
    )
      yield `${job} was inserted, and ${name} does the same and is ${other.state}`;
  }
}

/** What was there before the failure does not count as its repetition; but while it runs it may do the work yet. */
export const waited: Invariant = {
  name: 'nothing is inserted while a job of before the failure does the same still, as far as lists tell',
  rule: 'rule 3',
  *onInsert(insert, past) {
    const { job, root = '', truths, instance } = insert;
    const rootTruth = truths.get(root);
    if (wonAtMs(insert, past) === undefined || !rootTruth?.endTimeMs) return;
    const both = comparisonsOf(insert, rootTruth, past);
    if (both.length === 0)
      yield `${job} was inserted, and ${instance} had not asked what runs on since before ${root} failed`;
    // What was created between the failure and where both lists meet, the first one shows.
    yield* fewestOf(
      both.map(({ since, before }) => [...runsOn([...before, ...since], insert, rootTruth, past)]),
    );
  },
};

/** What by these pages runs since before the failure. */
function* runsOn(
  pages: readonly ShownPage[],
  { job, root = '', truths }: Insert,
  rootTruth: JobTruth,
  past: Past,
): Iterable<string> {
  const { location, endTimeMs = 0 } = rootTruth;
  const asOfMs = pages[0]?.asOfMs ?? 0;
  if (lacks(pages, location)) yield `${job} was inserted, and the list of what runs on lacked ${location}`;
  for (const [name, other] of truths) {
    // Of an id that is taken BigQuery makes no second job.
    const isOther = name !== root && name !== job;
    const isEarlier = isOther && other.creationTimeMs < Math.min(endTimeMs, asOfMs);
    if (isEarlier && other.state !== 'DONE' && isShown(name, pages, past) && areAlike(other, rootTruth))
      yield `${job} was inserted, and ${name} does the same and is ${other.state} since before ${root} failed`;
  }
}

/** Of what we inserted ourselves the ledger tells, however late lists are. */
export const onceAtATime: Invariant = {
  name: 'nothing is inserted while another retry that does the same runs, or after it has succeeded',
  rule: 'rule 3',
  *onInsert({ job, root = '', isEffective, truths, atMs }, past) {
    const rootTruth = truths.get(root);
    if (!isEffective || !rootTruth) return;
    for (const [name, made] of past.retries.made) {
      const truth = truths.get(name);
      if (name === job || !truth || !areAlike(truth, rootTruth)) continue;
      // What is not in the ledger any more, only lists tell.
      if (past.lossesMs.some((lostMs) => lostMs >= made.atMs && lostMs <= atMs)) continue;
      if (mayHaveDone(truth, rootTruth))
        yield `${job} was inserted, and ${name}, which was inserted by ${made.instance}, does the same and is ${truth.state}`;
    }
  },
};

/** It runs, or has done since the failure what was to be done. */
function mayHaveDone({ state, errors, creationTimeMs }: JobTruth, { endTimeMs = 0 }: JobTruth): boolean {
  return state !== 'DONE' || (errors.length === 0 && creationTimeMs >= endTimeMs);
}

/** Which list an insert followed nobody sees: one that speaks for it is enough. */
function fewestOf(faults: readonly (readonly string[])[]): readonly string[] {
  return faults.some((some) => some.length === 0) ? [] : (faults.at(-1) ?? []);
}

/** Two lists that go together: what was created since some moment, and what of before runs still. */
interface Comparison {
  readonly since: readonly ShownPage[];
  readonly before: readonly ShownPage[];
}

/**
 * Those that were asked for in the course of the insert's own delivery, after its work was held and before it said
 * that it asks. What a sweep lists for itself has no second list beside it.
 */
function comparisonsOf(
  insert: Insert,
  { projectId, endTimeMs = 0 }: JobTruth,
  { retries }: Past,
): readonly Comparison[] {
  const { claim, delivery, atMs } = insert;
  const heldMs = retries.heldSinceMs.get(claim?.key ?? '') ?? atMs;
  const untilMs = saidAtMs(insert) ?? atMs;
  const pages = retries.pages.filter(
    (page) =>
      page.delivery === delivery &&
      page.projectId === projectId &&
      page.atMs >= heldMs &&
      page.atMs <= untilMs,
  );
  return pages.flatMap(({ isFirst, states, createdFromMs, createdUpToMs }, index) => {
    if (!isFirst || !states.includes('done') || createdUpToMs !== undefined) return [];
    if (createdFromMs === undefined || createdFromMs < endTimeMs - SHARED_WITHIN_MS) return [];
    const later = pages.slice(index);
    const since = oneList(later.filter((page) => page.createdFromMs === createdFromMs));
    const isBefore = ({ createdUpToMs: upToMs = Number.POSITIVE_INFINITY, ...page }: ShownPage): boolean =>
      page.createdFromMs === undefined && upToMs <= createdFromMs;
    const before = oneList(later.filter(isBefore));
    return before.length === 0 ? [] : [{ since, before }];
  });
}

/** The pages of the first of some lists of a kind. */
function oneList(pages: readonly ShownPage[]): readonly ShownPage[] {
  const next = pages.findIndex(({ isFirst }, index) => isFirst && index > 0);
  return next === -1 ? pages : pages.slice(0, next);
}

function lacks(pages: readonly ShownPage[], location: string): boolean {
  return pages.some(({ unreachable }) => unreachable.includes(location));
}

/** Where pages shift, a job may be on none of them. */
function isShown(name: string, list: readonly ShownPage[], { plan }: Past): boolean {
  return !plan.pagesShift || list.some(({ shown }) => shown.includes(name));
}
