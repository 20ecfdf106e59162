import type { Job } from '../job/job.ts';
import { toNanoUsd } from './on-demand.ts';

const HOUR_MS = 3_600_000;

/**
 * Averages are taken over a minute at least: a burst in the first seconds is no rate, and BigQuery's own time
 * comes in whole seconds.
 */
const LEAST_RUNTIME_MS = 60_000;

/**
 * The time of a look is the beginning of the second that it fell in (decision 0006), and what was used is of the look
 * itself: by the end of that second no average comes out higher than it is.
 */
const SECOND_OF_LOOK_MS = 1_000;

/** How long a running job has run at most, for an average over it; `undefined` when its start is not told. */
export function averagedOverMs({ startTimeMs }: Job, nowMs: number): number | undefined {
  return startTimeMs === undefined
    ? undefined
    : Math.max(LEAST_RUNTIME_MS, nowMs + SECOND_OF_LOOK_MS - startTimeMs);
}

/**
 * What a running job on slots will have cost an hour from now, if it goes on as on average so far. Nobody knows
 * how long it will run: this is for warnings.
 */
export function inAnHourUsd(spentUsd: number, runtimeMs: number): number {
  return toNanoUsd(spentUsd * (1 + HOUR_MS / runtimeMs));
}
