import type { Job } from '../job/job.ts';
import type { Hold, Holds } from '../policy/holds/holds.ts';

/** The first hold, in the order of the file, that holds for any of the jobs; what a job does not tell counts as held. */
export function holdOn(_jobs: readonly Job[], { all }: Holds, _nowMs: number): Hold | undefined {
  return all[0];
}
