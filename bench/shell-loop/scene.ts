import { serve } from '../../simulator/server.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { WallClock } from '../../simulator/wall-clock.ts';
import { seeded } from '../../test/simulator/playground.ts';

/** The project that `test/simulator/real-bq.ts` has bq work in. */
export const PROJECT = 'myproject';
const MINUTE_MS = 60_000;

/** A simulator over HTTP with a thousand running jobs, a few of which have run for too long. */
export interface Scene {
  readonly address: string;
  /** Ids of the offenders that run still. */
  running(): readonly string[];
  close(): Promise<void>;
}

/** Whoever stops them, they end at once: what is compared is how they are found and stopped. */
export async function openScene(jobs: number, offenders: number): Promise<Scene> {
  const clock = new WallClock({ startMs: Date.now(), speed: 1, monotonicNow: () => performance.now() });
  const simulator = new Simulator({ clock, random: seeded(7) });
  const guilty = Array.from({ length: offenders }, (_, at) => `guilty-${at}`);
  const innocent = Array.from({ length: jobs - offenders }, (_, at) => `innocent-${at}`);
  for (const jobId of [...guilty, ...innocent]) {
    const minutes = jobId.startsWith('guilty') ? 60 : 1;
    simulator.start({
      projectId: PROJECT,
      jobId,
      principal: 'ada@example.com',
      createdAtMs: clock.now() - minutes * MINUTE_MS,
      runMs: Number.POSITIVE_INFINITY,
      cancel: { afterMs: 0 },
    });
  }
  const server = await serve({ simulator, clock, port: 0 });
  const isRunning = (jobId: string): boolean =>
    simulator.truth({ projectId: PROJECT, location: 'US', jobId })?.state === 'RUNNING';
  return {
    address: server.address,
    running: () => guilty.filter(isRunning),
    close: () => server.close(),
  };
}
