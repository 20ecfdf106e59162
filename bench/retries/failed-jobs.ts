import type { Simulator } from '../../simulator/simulator.ts';
import { seeded } from '../../test/simulator/playground.ts';

/** The jobs that end before the sweep which is to run the failed ones again. */
export interface EndedJobs {
  readonly failures: number;
  /** Jobs of the same accounts that ended well, in the same minute. */
  readonly successes: number;
  readonly accounts: number;
}

/** The project of all of them. */
export const FAILED_IN = 'my-project';
const RUN_MS = 10_000;

/**
 * Caps and breaker stand beyond what is played, and nothing is waited for: what is measured is how fast retries can
 * be made, not when they are held back.
 */
export const RETRY_POLICIES = `
version: 1
mode: enforce
breaker: { acts: 10000, per: 1h }
policies:
  - name: transient
    match: { principals: ["etl-*@${FAILED_IN}.iam.gserviceaccount.com"] }
    retry:
      backoff: { initial: 1ms, factor: 1, max: 1ms }
      caps: { perProjectPerHour: 10000, perPrincipalPerHour: 10000 }
`;

/** Starts queries that end between two moments, those that fail spread among those that succeed, of any account. No two do the same. */
export function startEndedJobs(
  simulator: Simulator,
  { failures, successes, accounts }: EndedJobs,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): void {
  const random = seeded(11);
  const jobs = failures + successes;
  for (let job = 0; job < jobs; job += 1) {
    const fails = Math.floor(((job + 1) * failures) / jobs) > Math.floor((job * failures) / jobs);
    const endsAtMs = Math.floor(fromMs + random() * (toMs - fromMs));
    simulator.start({
      projectId: FAILED_IN,
      jobId: `job-${job}`,
      principal: `etl-${Math.floor(random() * accounts)}@${FAILED_IN}.iam.gserviceaccount.com`,
      query: `SELECT ${job}`,
      createdAtMs: endsAtMs - RUN_MS,
      runMs: RUN_MS,
      ...(fails && { error: { reason: 'backendError', message: 'Error encountered during execution.' } }),
    });
  }
}
