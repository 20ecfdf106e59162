import type { JobScript } from '../simulator/job-script.ts';
import type { JobTruth } from '../simulator/truth.ts';
import { START_MS, type Watchdog } from './watchdog.ts';

export const MINUTE_MS = 60_000;

/** A query in `my-project` that began so many minutes before the start and runs until it is stopped. */
export function running(
  watchdog: Watchdog,
  jobId: string,
  minutes: number,
  more: Partial<JobScript> = {},
): void {
  watchdog.simulator.start({
    projectId: 'my-project',
    jobId,
    principal: 'ada@example.com',
    createdAtMs: START_MS - minutes * MINUTE_MS,
    runMs: Number.POSITIVE_INFINITY,
    ...more,
  });
}

/** The true state of a job of `my-project`. */
export function truth({ simulator }: Watchdog, jobId: string): JobTruth {
  const found = simulator.truth({ projectId: 'my-project', location: 'US', jobId });
  if (found === undefined) throw new Error(`the simulator has no job ${jobId}`);
  return found;
}

/** One policy that cancels what has run for more than ten minutes, and more keys for it and for the file. */
export function tenMinutes(policy = '', file = ''): string {
  return `
version: 1
mode: enforce
${file}
policies:
  - { name: short, match: { jobTypes: [QUERY, COPY] }, limit: { runtime: 10m }, action: cancel${policy} }
`;
}
