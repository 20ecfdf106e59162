import type { JobsApi } from '../../shared/bigquery/jobs-api.ts';
import type { Span } from '../../shared/enforce/ports.ts';
import type { JobName } from '../../shared/job/job-name.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import type { VirtualClock } from '../../simulator/virtual-clock.ts';
import { simulatedImpersonator, simulatedJobsApi } from '../simulated-jobs-api.ts';

// What retries and purges are enforced on in tests: virtual time, a simulator in process, jobs of `my-project` in US.

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
export const LEASE_MS = 6 * MINUTE_MS;
/** Of the text of every query here: it must not be told. */
export const SECRET = 'hush_hush';

export function nameOf(jobId: string): JobName & { readonly location: string } {
  return { projectId: 'my-project', location: 'US', jobId };
}

export function apiOf(simulator: Simulator, clock: VirtualClock): JobsApi {
  const handle = simulator.handle.bind(simulator);
  return simulatedJobsApi(handle, { impersonator: simulatedImpersonator(handle, clock) });
}

/** That of a sweep which begins now. */
export function spanFrom(clock: VirtualClock): Span {
  const now = clock.now();
  return { startedAtMs: now, deadlineAtMs: now + 5 * MINUTE_MS, horizonAtMs: now + MINUTE_MS };
}

/** Passes time in ticks, and has something done at each. */
export async function passTime(
  clock: VirtualClock,
  { ms, tickMs }: { readonly ms: number; readonly tickMs: number },
  atTick: () => Promise<void>,
): Promise<void> {
  const untilMs = clock.now() + ms;
  while (clock.now() < untilMs) {
    await clock.advanceTo(Math.min(untilMs, clock.now() + tickMs));
    await atTick();
  }
}
