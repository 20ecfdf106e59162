import type { JobStep } from '../shared/alert/alert.schema.ts';
import { mayBeSensitive } from '../shared/judge/nominate-purge.ts';
import { mayBeAnswered } from '../shared/judge/nominate-retry.ts';
import { readAttemptId } from '../shared/retry/attempt-id.ts';
import { appliesTo } from './closest-limit.ts';
import { DAY_ENDS_MS, DAY_STARTS_MS } from './day.ts';
import { allJobs } from './job-lists.ts';
import type { Cashier } from './money.ts';
import type { Summary } from './summary.ts';
import type { System } from './system.ts';
import type { Tally } from './tally.ts';

/** More than a day can have. */
const MOST_CERTIFICATES = 10_000;

/**
 * What came of the day up to `toMs`.
 *
 * @param meantToMs up to when it would have come on a machine that keeps up
 */
export async function summarise(
  { simulator, witness, runtime, feed }: System,
  tally: Tally,
  cashier: Cashier,
  seed: number,
  toMs: number,
  meantToMs: number,
): Promise<Summary> {
  const jobs = (await allJobs(simulator)).filter(({ creationTimeMs = 0 }) => creationTimeMs <= toMs);
  const seen = jobs.filter(({ name }) => witness.hasSeen(name.jobId));
  const rooted = seen.filter(({ name }) => readAttemptId(name.jobId) === undefined);
  const { cancel, retry, purge } = await runtime.ports.policies.recent();
  const { certificates } = await runtime.ports.ledger.certificates(DAY_STARTS_MS, MOST_CERTIFICATES);
  return {
    seed,
    fromMs: DAY_STARTS_MS,
    toMs,
    meantToMs,
    rows: [
      ...cancel.map((policy) => ({
        name: policy.name,
        judged: seen.filter((job) => appliesTo(policy, job)).length,
        count: (step: JobStep) => tally.count(step, policy.name),
      })),
      { name: 'all', judged: seen.length, count: (step) => tally.count(step) },
    ],
    retryRows: retry.map((policy) => ({
      name: policy.name,
      judged: rooted.filter((job) => mayBeAnswered(job, { retry: [policy] })).length,
      count: (step: JobStep) => tally.count(step, policy.name),
    })),
    purgeRows: purge.map((policy) => ({
      name: policy.name,
      judged: seen.filter((job) => mayBeSensitive(job, { purge: [policy] })).length,
      count: (step: JobStep) => tally.count(step, policy.name),
    })),
    certificates: {
      count: certificates.length,
      jobs: certificates.reduce((sum, { children }) => sum + 1 + children.length, 0),
    },
    jobs: {
      ofDay: jobs.length,
      seen: seen.length,
      unfinished: jobs.filter(({ state }) => state !== 'DONE').length,
    },
    money: await cashier.count(jobs),
    untilMs: DAY_ENDS_MS,
    calls: witness.calls,
    warnings: feed.warnings,
  };
}
