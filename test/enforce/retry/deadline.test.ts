import { describe, expect, test } from 'vitest';
import {
  alertsWith,
  attempt,
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

test('until when a retry is made, the policy of now says, not the one that it was scheduled by', async () => {
  const retrying = await scheduled({ policies: etlPolicy('', '').replace('deadline: 6h', 'deadline: 2m') });
  retrying.setPolicies(etlPolicy());
  // Nobody was there until the old deadline had passed.
  await retrying.clock.advanceTo(retrying.clock.now() + 5 * MINUTE_MS);
  await retrying.pass(HOUR_MS);
  expect(inserted(retrying)).toEqual([`${attempt(1)} by ${ETL}`]);
  expect(retrying.told()).toEqual(['retry-scheduled', 'retried', 'recovered']);
});

describe('an attempt that is not started by the deadline is told to be so, with what last held it back', () => {
  const policies = etlPolicy().replace('deadline: 6h', 'deadline: 20m');

  test.each<{
    what: string;
    because: string;
    held: (retrying: Retrying) => unknown;
    policies?: string;
    last: string;
  }>([
    {
      what: 'a cap',
      because: 'capped',
      policies: etlPolicy('', ', caps: { perProjectPerHour: 1 }').replace('deadline: 6h', 'deadline: 20m'),
      held: ({ ledger }) =>
        ledger.takeSlot({ verb: 'retry', cap: 'project', of: 'my-project' }, 'x', 1, HOUR_MS),
      last: 'as many retries as its caps allow were started within the hour before',
    },
    {
      what: 'a stop',
      because: 'stopped',
      held: ({ ledger, clock }) => ledger.stop({ atMs: clock.now(), by: 'ada' }),
      last: 'a person had stopped all acts',
    },
    {
      what: 'an open breaker',
      because: 'breaker-open',
      held: ({ ledger, clock }) =>
        ledger.tripBreaker(
          { verb: 'retry', policy: 'etl' },
          { atMs: clock.now(), why: 'tried' },
          { ceId: 'x', event: {} },
        ),
      last: 'its breaker was open',
    },
    {
      what: 'an account that is gone',
      because: 'permission-missing',
      held: ({ simulator }) => simulator.setMissingAccounts([ETL]),
      last: 'a permission was missing',
    },
    {
      what: 'a job that does the same',
      because: 'same-work-runs',
      held: ({ simulator }) =>
        simulator.start({
          ...nameOf('other'),
          principal: ETL,
          query: "SELECT 'hush_hush'",
          runMs: 9 * HOUR_MS,
        }),
      last: 'a job that does the same was pending or running',
    },
    {
      what: 'an API that answers nothing',
      because: 'request-failed',
      held: ({ simulator }) =>
        simulator.setFaults(({ method }) => (method === 'list' ? { kind: 'unavailable' } : undefined)),
      last: 'BigQuery did not answer, or took no request',
    },
  ])('$what', async ({ held, because, last, ...own }) => {
    const retrying = await scheduled({ policies, ...own });
    await held(retrying);
    await retrying.pass(HOUR_MS);
    expect(inserted(retrying)).toEqual([]);
    const [told] = alertsWith(retrying, 'gave-up');
    expect(told).toMatchObject({
      sentence: `failed with backendError; etl has it run again, attempt 1 of 3: this attempt was never started: the time within which the policy has it run again is over; what last held it back: ${last}`,
      because,
      retry: { attempt: 1, why: 'deadline-passed' },
    });
    expect(told?.retry).not.toHaveProperty('jobId');
  });
});

describe('what waits near its deadline', () => {
  const policies = etlPolicy().replace('deadline: 6h', 'deadline: 3m');
  const stop = ({ ledger, clock }: Retrying) => ledger.stop({ atMs: clock.now(), by: 'ada' });
  const other = ({ simulator, clock }: Retrying, runMs: number) =>
    simulator.start({
      ...nameOf('other'),
      principal: ETL,
      query: "SELECT 'hush_hush'",
      createdAtMs: clock.now(),
      runMs,
    });

  test('is compared once more before it, so that jobs that are alike have recovered', async () => {
    const retrying = await openRetrying({ policies });
    for (const jobId of ['a', 'b', 'c']) {
      fail(retrying, { jobId });
      await retrying.answer(jobId);
    }
    await retrying.pass(3 * MINUTE_MS - 10 * SECOND_MS);
    expect(inserted(retrying)).toHaveLength(1);
    expect(['a', 'b', 'c'].map((jobId) => retrying.told(jobId).at(-1)).toSorted()).toEqual([
      'recovered',
      'recovered run-by-others',
      'recovered run-by-others',
    ]);
  });

  test('is tried once more before it, so that what was granted meanwhile is of use', async () => {
    const retrying = await scheduled({ policies });
    retrying.simulator.setMissingAccounts([ETL]);
    await retrying.pass(90 * SECOND_MS);
    retrying.simulator.setMissingAccounts([]);
    await retrying.pass(5 * MINUTE_MS);
    expect(retrying.told()).toEqual([
      'retry-scheduled',
      'observed permission-missing',
      'retried',
      'recovered',
    ]);
  });

  test('has recovered if somebody did the work meanwhile, whatever it waited for', async () => {
    const retrying = await scheduled({ policies });
    await stop(retrying);
    other(retrying, MINUTE_MS);
    await retrying.pass(10 * MINUTE_MS);
    await retrying.ledger.resume();
    await retrying.pass(MINUTE_MS);
    expect(retrying.told().at(-1)).toBe('recovered run-by-others');
  });

  test('is told to have waited for what still runs', async () => {
    const retrying = await scheduled({
      policies: etlPolicy('', ', caps: { perProjectPerHour: 1 }').replace('deadline: 6h', 'deadline: 3m'),
    });
    await retrying.ledger.takeSlot({ verb: 'retry', cap: 'project', of: 'my-project' }, 'x', 1, HOUR_MS);
    other(retrying, HOUR_MS);
    await retrying.pass(10 * MINUTE_MS);
    expect(alertsWith(retrying, 'gave-up')).toMatchObject([{ because: 'same-work-runs' }]);
  });

  test('and what is not wanted any more is told with what held it back', async () => {
    const retrying = await scheduled({
      policies: etlPolicy('', ', caps: { perProjectPerHour: 1 }'),
    });
    await retrying.ledger.takeSlot({ verb: 'retry', cap: 'project', of: 'my-project' }, 'x', 1, HOUR_MS);
    await retrying.pass(5 * MINUTE_MS);
    retrying.setPolicies(etlPolicy().replaceAll('etl-*', 'other-*'));
    await retrying.pass(HOUR_MS);
    expect(alertsWith(retrying, 'gave-up')).toMatchObject([
      { because: 'capped', retry: { why: 'no-longer-wanted' } },
    ]);
  });
});
