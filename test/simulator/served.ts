import type { RunningServer } from '../../simulator/server.ts';
import { serve } from '../../simulator/server.ts';
import { Simulator, type SimulatorOptions } from '../../simulator/simulator.ts';
import { WallClock } from '../../simulator/wall-clock.ts';
import { seeded } from './playground.ts';

export interface Served {
  readonly simulator: Simulator;
  readonly clock: WallClock;
  readonly server: RunningServer;
}

/** A simulator on a free port, for clients that cannot do without a network. */
export async function served(speed = 1, options: Partial<SimulatorOptions> = {}): Promise<Served> {
  const clock = new WallClock({ startMs: Date.now(), speed, monotonicNow: () => performance.now() });
  const simulator = new Simulator({ clock, random: seeded(7), ...options });
  return { simulator, clock, server: await serve({ simulator, clock, port: 0 }) };
}
