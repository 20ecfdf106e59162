import type { Simulator } from '../simulator/simulator.ts';
import { seeded } from '../test/simulator/playground.ts';

/** The jobs of the projects that are swept. */
export interface SweptJobs {
  readonly jobsPerProject: number;
  /** What the offenders have too much of. */
  readonly limit: 'runtime' | 'slotTime';
  /** By the simulator's clock. */
  readonly nowMs: number;
}

/** Of so many jobs one breaks the limit. */
const ONE_IN = 100;
const MINUTE_MS = 60_000;

/** The breaker stands beyond what is played: what is measured is how fast it acts, not when it refuses. */
export const SWEEP_POLICIES = `
version: 1
mode: enforce
breaker: { acts: 10000, per: 1h, share: 20% }
policies:
  - { name: too-long, limit: { runtime: 1h }, action: cancel }
  - { name: too-wide, limit: { slotTime: 100h }, action: cancel }
`;

/**
 * Starts jobs that run until they are stopped; 1 % of them break a limit, and none of the others comes to it within
 * the sweep. Returns how many offend.
 */
export function startJobs(
  simulator: Simulator,
  projects: readonly string[],
  { jobsPerProject, limit, nowMs }: SweptJobs,
): number {
  const random = seeded(11);
  let started = 0;
  let offenders = 0;
  for (const projectId of projects) {
    for (let job = 0; job < jobsPerProject; job += 1) {
      const breaks = started % ONE_IN === ONE_IN / 2;
      const runsForMinutes = breaks && limit === 'runtime' ? 90 : 1 + random() * 40;
      simulator.start({
        projectId,
        jobId: `job-${started}`,
        principal: 'ada@example.com',
        createdAtMs: Math.floor(nowMs - runsForMinutes * MINUTE_MS),
        runMs: Number.POSITIVE_INFINITY,
        slots: breaks && limit === 'slotTime' ? 10_000 : 10,
      });
      started += 1;
      if (breaks) offenders += 1;
    }
  }
  return offenders;
}
