import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OVERLAP_MS } from '../../shared/watch/watermarks.ts';
import type { FaultPlan } from '../../simulator/faults.ts';
import { MINUTE_MS } from '../running-job.ts';
import { seeded } from '../simulator/playground.ts';
import { START_MS } from '../watchdog.ts';
import {
  type EndedWorld,
  openEndedWorld,
  PROJECT,
  type SweepOptions,
  type SweepTold,
} from './ended-world.ts';

const HOUR_MS = 60 * MINUTE_MS;
const LOCATIONS = ['US', 'EU', 'europe-west2', 'asia-northeast1'];

/** Draws from one seed. */
class Draws {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = seeded(seed);
  }

  chance(part: number): boolean {
    return this.#next() < part;
  }

  between(from: number, to: number): number {
    return Math.floor(from + this.#next() * (to - from));
  }

  /** Small ones as likely as big ones. */
  magnitude(from: number, to: number): number {
    return Math.floor(from * (to / from) ** this.#next());
  }

  of<T>(choices: readonly T[]): T {
    const chosen = choices[this.between(0, choices.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  }
}

interface Life {
  readonly jobId: string;
  readonly createdAtMs: number;
}

/** Jobs of the past and of the hours to come, of seconds and of hours. */
function startJobs({ simulator }: EndedWorld, draws: Draws): Life[] {
  return Array.from({ length: draws.between(20, 90) }, (_, index) => {
    const jobId = `job_${index}`;
    const createdAtMs =
      START_MS + (draws.chance(0.3) ? -draws.magnitude(1_000, 60 * HOUR_MS) : draws.between(0, 4 * HOUR_MS));
    const pendingMs = draws.chance(0.2) ? draws.magnitude(1_000, HOUR_MS) : 0;
    const runMs = draws.magnitude(500, 3 * HOUR_MS);
    simulator.start({
      projectId: PROJECT,
      jobId,
      location: draws.of(LOCATIONS),
      createdAtMs,
      pendingMs,
      runMs,
    });
    return { jobId, createdAtMs };
  });
}

function faults(draws: Draws): FaultPlan {
  return ({ method }) => {
    if (method !== 'list' && method !== 'get') return undefined;
    if (draws.chance(0.05)) return { kind: 'unavailable' };
    if (draws.chance(0.02)) return { kind: 'reset' };
    return draws.chance(0.3) ? { kind: 'slow', ms: draws.magnitude(10, 20_000) } : undefined;
  };
}

function drawSweep(draws: Draws, isStill: boolean): SweepOptions {
  return {
    seconds: draws.of([300, 300, 60, 20]),
    ...(draws.chance(0.25) && { diesAt: draws.magnitude(1, 60), isDoneFirst: draws.chance(0.5) }),
    ignoresLease: draws.chance(0.3),
    judge: async () => {
      if (!isStill && draws.chance(0.03)) throw new Error('this job could not be judged');
    },
  };
}

/**
 * Hours of ticks with all that may go wrong; then all is well, and sweeps go on until there is nothing left.
 *
 * @param isStill nothing happens that is a reason to hand over a job again: judging never fails, lists are fresh
 */
async function live(world: EndedWorld, draws: Draws, isStill: boolean): Promise<void> {
  const { simulator, clock } = world;
  const shifts = draws.chance(0.5);
  simulator.setLists({ pagesShift: shifts, stalenessMs: isStill ? 0 : draws.of([0, 0, 30_000, 600_000]) });
  simulator.setFaults(faults(draws));
  while (clock.now() < START_MS + 4 * HOUR_MS) {
    simulator.setLists({ unreachable: LOCATIONS.filter(() => draws.chance(0.1)) });
    if (draws.chance(0.02)) world.loseLedger();
    const running = [world.begin(drawSweep(draws, isStill))];
    if (draws.chance(0.2)) running.push(world.begin(drawSweep(draws, isStill)));
    await clock.run(Promise.all(running));
    await clock.advanceBy(draws.of([1_000, MINUTE_MS, MINUTE_MS, 10 * MINUTE_MS, 40 * MINUTE_MS]));
  }
  simulator.setFaults(undefined);
  simulator.setLists({ unreachable: [], pagesShift: false, stalenessMs: 0 });
  await clock.advanceBy(5 * HOUR_MS);
  for (let sweeps = 0, clean = 0; clean < 2; sweeps++) {
    const { result } = await world.sweep({ ignoresLease: true });
    if (isClean(result)) clean += 1;
    else if (sweeps > 20) throw new Error('sweeps do not come to an end', { cause: result });
    await clock.advanceBy(MINUTE_MS);
  }
}

function isClean(result: SweepTold['result']): boolean {
  return (
    typeof result === 'object' &&
    'kind' in result &&
    result.kind === 'done' &&
    result.complete &&
    result.faults.length === 0
  );
}

const seeds = fc.integer({ min: 0, max: 2 ** 31 });

test('every job that ends is handed over, whatever is lost, late, doubled, shifted, away or dies', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      const draws = new Draws(seed);
      const world = await openEndedWorld({ pageSize: draws.of([1, 3, 7, 500]) });
      const jobs = startJobs(world, draws);
      await live(world, draws, false);
      const handed = new Set(world.sweeps.flatMap((sweep) => sweep.handed));
      expect(jobs.filter(({ jobId }) => !handed.has(jobId))).toEqual([]);
    }),
    { numRuns: 40 },
  );
}, 60_000);

test('a job is handed over again only by a sweep that had to look back beyond its creation', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      const draws = new Draws(seed);
      const world = await openEndedWorld({ pageSize: draws.of([3, 7, 500]) });
      const created = new Map(startJobs(world, draws).map(({ jobId, createdAtMs }) => [jobId, createdAtMs]));
      await live(world, draws, true);
      for (const [jobId, again] of handedAgain(world.sweeps)) {
        const { watermarkMs = Number.NEGATIVE_INFINITY, behind = new Map() } = again.before ?? {};
        const fromMs = Math.min(watermarkMs, ...behind.values()) - OVERLAP_MS;
        expect(created.get(jobId), `${jobId} at ${again.startedAtMs}`).toBeGreaterThanOrEqual(fromMs);
      }
    }),
    { numRuns: 30 },
  );
}, 60_000);

/** Who was handed over by a sweep that began after another one, which was recorded as a whole, had done so. */
function handedAgain(sweeps: readonly SweepTold[]): (readonly [string, SweepTold])[] {
  return sweeps.flatMap((again) =>
    again.handed
      .filter((jobId) =>
        sweeps.some(
          ({ endedAtMs, result, handed }) =>
            endedAtMs < again.startedAtMs && isClean(result) && handed.includes(jobId),
        ),
      )
      .map((jobId) => [jobId, again] as const),
  );
}
