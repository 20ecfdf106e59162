import { describe, expect, test } from 'vitest';
import type { RetryPorts } from '../../../shared/enforce/retry-ports.ts';
import type { JobScript } from '../../../simulator/job-script.ts';
import {
  ETL,
  etlPolicy,
  fail,
  HOUR_MS,
  inserted,
  MINUTE_MS,
  nameOf,
  openRetrying,
  type Retrying,
  SECOND_MS,
  scheduled,
} from './retrying.ts';

const OTHER = 'etl-2@my-project.iam.gserviceaccount.com';

/** Each does something else, unless it says otherwise. */
async function failed(retrying: Retrying, jobId: string, more: Partial<JobScript> = {}): Promise<void> {
  fail(retrying, { jobId, query: `SELECT '${jobId}'`, ...more });
  await retrying.answer(jobId);
}

function idsOf(retrying: Retrying): string[] {
  return inserted(retrying).map((text) => text.replace(/_wdr.*/, ''));
}

describe('a turn that is not used is given back: another job has it at once', () => {
  test('when somebody else did the work', async () => {
    const retrying = await openRetrying({ policies: etlPolicy('', ', caps: { perProjectPerHour: 1 }') });
    await failed(retrying, 'first');
    retrying.simulator.start({ ...nameOf('other'), principal: ETL, query: "SELECT 'first'" });
    await retrying.pass(5 * MINUTE_MS);
    await failed(retrying, 'second');
    await retrying.pass(5 * MINUTE_MS);
    expect(idsOf(retrying)).toEqual(['second']);
  });

  test('when BigQuery did not take the insert', async () => {
    const retrying = await openRetrying({
      policies: etlPolicy('breaker: { acts: 1, per: 1h }', ', caps: { perProjectPerHour: 1 }'),
    });
    retrying.simulator.setMissingAccounts([ETL]);
    await failed(retrying, 'first');
    await retrying.pass(2 * MINUTE_MS);
    await failed(retrying, 'second', { principal: OTHER });
    await retrying.pass(2 * MINUTE_MS);
    expect(idsOf(retrying)).toEqual(['second']);
  });

  test("when the account has none left, of the project's", async () => {
    const caps = ', caps: { perProjectPerHour: 2, perPrincipalPerHour: 1 }';
    const retrying = await openRetrying({ policies: etlPolicy('', caps) });
    await failed(retrying, 'first');
    await failed(retrying, 'second');
    await retrying.pass(2 * MINUTE_MS);
    await failed(retrying, 'third', { principal: OTHER });
    await retrying.pass(2 * MINUTE_MS);
    expect(idsOf(retrying)).toHaveLength(2);
    expect(idsOf(retrying)).toContain('third');
  });

  test("when the breaker is open, of the project's", async () => {
    const policies = `${etlPolicy('breaker: { acts: 1, per: 1h }', ', caps: { perProjectPerHour: 2 }').replace('etl-*', 'etl-1')}
  - { name: others, match: { principals: ["${OTHER}"] }, retry: { caps: { perProjectPerHour: 2 } } }
`;
    const retrying = await openRetrying({ policies });
    await failed(retrying, 'first');
    await failed(retrying, 'second');
    await retrying.pass(2 * MINUTE_MS);
    await failed(retrying, 'third', { principal: OTHER });
    await retrying.pass(2 * MINUTE_MS);
    expect(idsOf(retrying)).toHaveLength(2);
    expect(idsOf(retrying)).toContain('third');
  });
});

describe('an insert whose turn comes late', () => {
  /** The first insert waits so long for its turn. */
  const late = (ms: number): ((ports: RetryPorts) => RetryPorts) => {
    let left = 1;
    return (ports) => ({
      ...ports,
      jobs: {
        ...ports.jobs,
        insert: async (...args) => {
          if (left-- > 0) await ports.clock.sleep(ms);
          return ports.jobs.insert(...args);
        },
      },
    });
  };

  test('is not sent on an old comparison: what others did meanwhile is seen', async () => {
    const retrying = await scheduled({ through: late(40 * SECOND_MS) });
    const { simulator, clock } = retrying;
    simulator.start({
      ...nameOf('other'),
      principal: ETL,
      query: "SELECT 'hush_hush'",
      createdAtMs: clock.now() + 20 * SECOND_MS,
    });
    await retrying.pass(10 * MINUTE_MS);
    expect(inserted(retrying)).toEqual([]);
    expect(retrying.told()).toEqual(['retry-scheduled', 'recovered run-by-others']);
  });

  test('is not sent after the deadline', async () => {
    const retrying = await scheduled({
      policies: etlPolicy().replace('deadline: 6h', 'deadline: 30s'),
      through: late(25 * SECOND_MS),
    });
    await retrying.pass(10 * MINUTE_MS);
    expect(inserted(retrying)).toEqual([]);
    expect(retrying.told()).toEqual(['retry-scheduled', 'gave-up deadline-passed']);
  });
});

test('a deadline that was put off holds for what was scheduled before', async () => {
  const retrying = await scheduled();
  await retrying.ledger.stop({ atMs: retrying.clock.now(), by: 'ada' });
  retrying.setPolicies(etlPolicy().replace('deadline: 6h', 'deadline: 12h'));
  await retrying.pass(7 * HOUR_MS);
  await retrying.ledger.resume();
  await retrying.pass(HOUR_MS);
  expect(idsOf(retrying)).toEqual(['root']);
});
