import type { Collection } from '../../shared/ledger/store.ts';
import type { Verb } from '../../shared/ledger/verb.schema.ts';
import type { JobTruth } from '../../simulator/truth.ts';
import type { ClaimRow } from './claim-row.ts';
import { drawWorld } from './draw-world.ts';
import { happenLater } from './happenings.ts';
import type { Ending } from './invariant.ts';
import { INVARIANTS } from './invariants/all.ts';
import { isKeptForGood } from './kept-for-good.ts';
import { writtenPolicy } from './policy-description.ts';
import { purging } from './purge-oracle.ts';
import { attemptIn } from './retry-past.ts';
import { familyIn } from './true-family.ts';
import { holdOf } from './true-hold.ts';
import { type Violation, World } from './world.ts';

export interface WorldResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly counts: ReadonlyMap<string, number>;
  readonly trace: readonly string[];
}

const CLEAN_TICKS = 3;
/** Answers to the last tick, and the messages that wait for a back-off. */
const LAST_ANSWERS_MS = 90_000;

/** Lives one world from its seed to its end: storm, calm until every lease has run out, three clean ticks. */
export async function runWorld(seed: number, traced = false): Promise<WorldResult> {
  const plan = drawWorld(seed);
  const world = new World(plan, INVARIANTS, traced);
  const { clock } = world;
  if (traced) tellPlan(world);
  world.start();
  for (const happening of plan.happenings) void happenLater(happening, world);
  for (let tick = 0; tick < plan.stormyTicks; tick++) {
    world.tick();
    await clock.advanceBy(plan.tickMs);
  }
  await world.calm();
  // What is under way when the storm ends may still take leases.
  await clock.advanceBy(plan.timeoutMs);
  await clock.advanceTo(await afterLeases(world));
  const beforeMs = clock.now();
  const before = world.truthsOfAll();
  for (let tick = 0; tick < CLEAN_TICKS; tick++) {
    world.tick();
    await clock.advanceBy(plan.tickMs);
  }
  await clock.advanceBy(LAST_ANSWERS_MS);
  const ending = await endingOf(world, before, beforeMs);
  world.check((invariant) => invariant.onEnd?.(ending, world.past));
  if (plan.retry || plan.purge) {
    if (plan.retry) await settle(world, 'retry', dueRetries);
    if (plan.purge) await settle(world, 'purge', duePurges);
    const settled = await endingOf(world, before, beforeMs);
    world.check((invariant) => invariant.onSettled?.(settled, world.past));
  }
  await world.store.close();
  return { seed, violations: world.violations, counts: world.counts.all, trace: world.trace.lines };
}

/** More than any chain of a world needs that goes on at all. */
const MOST_ROUNDS = 120;

/** Lets a world run on, from one thing that is due to the next, until nothing of that verb is. */
async function settle(world: World, verb: Verb, due: (world: World) => readonly number[]): Promise<void> {
  const { clock, plan } = world;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const dueMs = Math.min(...due(world));
    if (dueMs === Number.POSITIVE_INFINITY) return;
    await clock.advanceTo(Math.max(clock.now(), dueMs - plan.tickMs / 2));
    world.tick([verb]);
    await clock.advanceBy(plan.tickMs);
  }
  world.counts.add(`${verb} without an end`);
}

function dueRetries({ past }: World): readonly number[] {
  return past.retries
    .unfinished()
    .filter(({ projectId }) => !past.isOutOfReach(projectId))
    .map(dueAtMs);
}

/** What is kept for good is waited for by nobody, and what is kept for days is not looked at every hour. */
function duePurges(world: World): readonly number[] {
  const truths = world.truths();
  return world.past.purges
    .unfinished()
    .map((claim) => purgeAtMs(claim, truths, world))
    .filter(Number.isFinite);
}

/** A policy whose breaker is open keeps nothing from another one; an attempt goes after the job that it repeats. */
function purgeAtMs(claim: ClaimRow, truths: ReadonlyMap<string, JobTruth>, world: World): number {
  const { past, file, holds, clock, plan } = world;
  const { job, policy, projectId, state } = claim;
  const about = { holds: holds.standing(), nowMs: clock.now() };
  const family = familyIn(truths, job);
  const opinions = family ? purging(file.good(), family, plan.purge?.planted ?? {}) : [];
  const isKept = (name: string): boolean => isKeptForGood({ policy: name, projectId }, family, about, past);
  if ([policy, ...opinions.map((opinion) => opinion.policy.name)].every(isKept))
    return Number.POSITIVE_INFINITY;
  if (state === 'asked' || !family) return dueAtMs(claim);
  const waits = opinions.filter((opinion) => !isKept(opinion.policy.name)).map((opinion) => opinion.dueAtMs);
  const untilMs = holdOf(about.holds ?? [], family, about.nowMs)?.untilMs;
  const origin = past.purges.unfinishedOf(attemptIn(job)?.root ?? '');
  return Math.max(
    dueAtMs(claim),
    typeof untilMs === 'number' ? untilMs : 0,
    waits.length > 0 ? Math.min(...waits) : 0,
    origin ? purgeAtMs(origin, truths, world) : 0,
  );
}

function dueAtMs({ lookAtMs, leaseUntilMs }: ClaimRow): number {
  return lookAtMs ?? leaseUntilMs;
}

/** No lease is believed to last longer; one that seems to was taken by a clock far ahead. */
const LONGEST_LEASE_MS = 3_660_000;

/** When the last lease of the storm has run out, by whatever clock it was taken; and the last back-off. */
async function afterLeases({ past, clock, plan, store }: World): Promise<number> {
  const claims = [...past.claims.values()]
    .filter(({ state }) => state === 'claimed' || state === 'asked')
    .map(({ leaseUntilMs, lookAtMs }) => Math.max(leaseUntilMs, lookAtMs ?? 0));
  const ledger = store.as({ id: 'end', now: () => clock.now() });
  const leases = await ledger.find({ collection: 'leases', limit: 100 });
  const ends = leases.map(({ expiresAtMs }) => expiresAtMs ?? 0);
  const now = clock.now();
  const lastMs = Math.min(Math.max(...claims, ...ends), now + LONGEST_LEASE_MS);
  return Math.max(now + plan.timeoutMs + 120_000, lastMs) + 30_000;
}

async function endingOf(world: World, before: Ending['before'], beforeMs: number): Promise<Ending> {
  const { store, clock } = world;
  const now = (): number => clock.now();
  const ledger = store.as({ id: 'end', now });
  const find = async (collection: Collection): Promise<unknown[]> => [
    ...(await ledger.find({ collection, limit: 10_000 })),
  ];
  const waiting = await ledger.find({
    collection: 'outbox',
    group: 'unpublished',
    dueUpToMs: Number.MAX_SAFE_INTEGER,
    limit: 1_000,
  });
  return {
    nowMs: now(),
    file: world.file.good(),
    before,
    beforeMs,
    after: world.truthsOfAll(),
    holds: world.holds.standing(),
    unpublished: waiting.map(({ key }) => key),
    stored: JSON.stringify([
      await find('outbox'),
      await find('claims'),
      await find('dead-letters'),
      await find('looks'),
      await find('certificates'),
      await find('history-marks'),
    ]),
  };
}

function tellPlan({ plan, trace }: World): void {
  const { jobs, files, happenings: _, ...rest } = plan;
  trace.add('world', () => `plan ${JSON.stringify(rest)}`);
  for (const job of jobs) trace.add('world', () => `job ${JSON.stringify({ ...job, query: undefined })}`);
  for (const { fromMs, text, description } of files) {
    trace.add(
      'world',
      () =>
        `file from ${(fromMs - plan.startMs) / 1_000} s: ${description ? writtenPolicy(description) : JSON.stringify(text)}`,
    );
  }
}
