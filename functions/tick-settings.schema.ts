import * as z from 'zod';
import { type Environment, readEnvironment } from './environment.ts';
import { Projects, SweepTopics } from './setting-values.schema.ts';
import { WatchEnvironment } from './settings.schema.ts';

/** The settings of `tick`. It acts on nothing, so it needs neither a policy nor a ledger. */
const TickEnvironment = z.object({
  WATCHDOG_PROJECTS: Projects,
  WATCHDOG_SWEEP_TOPICS: SweepTopics,
  GOOGLE_CLOUD_PROJECT: z.string().optional(),
});

export interface TickSettings {
  readonly projects: readonly string[];
  readonly sweepTopics: SweepTopics;
  /** The project that the function itself runs in. */
  readonly ownProject: string | undefined;
}

/** @throws SettingsError */
export function readTickSettings(environment: Environment): TickSettings {
  const others = Object.keys(WatchEnvironment.shape);
  const env = readEnvironment(TickEnvironment, others, environment);
  return {
    projects: env.WATCHDOG_PROJECTS,
    sweepTopics: env.WATCHDOG_SWEEP_TOPICS,
    ownProject: env.GOOGLE_CLOUD_PROJECT,
  };
}
