import type { FaultPlan } from '../../simulator/faults.ts';
import type { SimulatorResponse } from '../../simulator/request.ts';
import { Simulator, type SimulatorOptions } from '../../simulator/simulator.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { sdkDiscovery } from './discovery.ts';

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
  /**
   * One call; time passes until it is answered. Where there is a Google Cloud SDK, a good answer that is not as its
   * discovery document describes it is an error.
   */
  call(method: string, path: string, body?: unknown, token?: string): Promise<SimulatorResponse>;
}

export interface PlaygroundOptions extends Partial<SimulatorOptions> {
  readonly faults?: FaultPlan;
  /** Jobs are loaded that are as odd as those of the wild: answers show them as they are. */
  readonly isWild?: boolean;
}

/** A simulator on a virtual clock. */
export function playground({ isWild = false, ...options }: PlaygroundOptions = {}): Playground {
  const clock = new VirtualClock(START_MS);
  const simulator = new Simulator({ clock, random: seeded(7), ...options });
  return {
    clock,
    simulator,
    call: async (method, path, body, token) => {
      const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
      const request = { method, path, headers, ...(body === undefined ? {} : { body }) };
      const response = await clock.run(simulator.handle(request));
      if (!isWild) checkAnswer(method, path, response);
      return response;
    },
  };
}

/** Errors are described by no discovery document, and a control route by none of Google's. */
function checkAnswer(method: string, path: string, { status, body, rawBody }: SimulatorResponse): void {
  const discovery = sdkDiscovery();
  const called = discovery?.methodOf(method, path);
  if (discovery === undefined || called === undefined || status >= 300 || rawBody !== undefined) return;
  // Over JSON, as a network would: what is undefined does not travel.
  const faults = discovery.faultsOf(called, body === undefined ? body : JSON.parse(JSON.stringify(body)));
  if (faults.length > 0) throw new Error(`${method} ${path}\n${faults.join('\n')}`);
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
