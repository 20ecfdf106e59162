import type { FaultPlan } from '../../simulator/faults.ts';
import type { SimulatorResponse } from '../../simulator/request.ts';
import { Simulator, type SimulatorOptions } from '../../simulator/simulator.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';

export const START_MS = Date.UTC(2026, 7, 3, 9, 0, 0);

/** Numbers that look random and are the same in each run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface Playground {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  /** One call; time passes until it is answered. */
  call(method: string, path: string, body?: unknown, token?: string): Promise<SimulatorResponse>;
}

/** A simulator on a virtual clock. */
export function playground(options: Partial<SimulatorOptions> & { faults?: FaultPlan } = {}): Playground {
  const clock = new VirtualClock(START_MS);
  const simulator = new Simulator({ clock, random: seeded(7), ...options });
  return {
    clock,
    simulator,
    call: (method, path, body, token) =>
      clock.run(
        simulator.handle({
          method,
          path,
          headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
          ...(body === undefined ? {} : { body }),
        }),
      ),
  };
}

/** The value at a path of an answer, for assertions: absent parts read as undefined. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = Object.getOwnPropertyDescriptor(found, key)?.value;
  }
  return found;
}

/** The ids of a list answer, in its order. */
export function idsOf(response: SimulatorResponse): unknown[] {
  const jobs = at(response.body, 'jobs');
  return Array.isArray(jobs) ? jobs.map((job: unknown) => at(job, 'jobReference', 'jobId')) : [];
}

export function reasonOf(response: SimulatorResponse): unknown {
  return at(response.body, 'error', 'errors', 0, 'reason');
}
