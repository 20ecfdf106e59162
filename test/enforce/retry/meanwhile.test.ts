import { describe, expect, test } from 'vitest';
import { LedgerUnavailableError } from '../../../shared/ledger/errors.ts';
import {
  alertsWith,
  attempt,
  ETL,
  etlPolicy,
  fail,
  failing,
  HOUR_MS,
  inserted,
  MINUTE_MS,
  openRetrying,
  START_MS,
  scheduled,
} from './retrying.ts';

const STOP = { atMs: START_MS, by: 'ada' };
/** So many ticks that every first wait is over. */
const WAITED_MS = 2 * MINUTE_MS;

describe('a policy that has changed since a retry was scheduled', () => {
  test.each([
    {
      what: 'exempts the job',
      policies: etlPolicy(`except: { principals: ["${ETL}"] }`),
      why: 'no-longer-wanted',
    },
    { what: 'only observes', policies: etlPolicy('mode: observe'), why: 'no-longer-wanted' },
    { what: 'is gone', policies: etlPolicy().replaceAll('etl-*', 'other-*'), why: 'no-longer-wanted' },
    {
      what: 'answers other reasons',
      policies: etlPolicy('', ', reasons: [internalError]'),
      why: 'reason-not-named',
    },
    {
      what: 'lists the account no more',
      policies: etlPolicy().replaceAll('etl-*@my-project.iam.gserviceaccount.com', '*'),
      why: 'account-not-listed',
    },
    {
      what: 'gives less time',
      policies: etlPolicy().replace('deadline: 6h', 'deadline: 1s'),
      why: 'deadline-passed',
    },
  ])('has nothing done when it $what', async ({ policies, why }) => {
    const retrying = await scheduled();
    retrying.setPolicies(policies);
    await retrying.pass(WAITED_MS);
    expect(inserted(retrying)).toEqual([]);
    expect(retrying.told()).toEqual(['retry-scheduled', `gave-up ${why}`]);
    expect(await retrying.claim(1)).toMatchObject({ state: 'ended', outcome: 'gave-up' });
  });

  test('ends a chain between two attempts', async () => {
    const retrying = await scheduled({ lives: failing() });
    await retrying.pass(MINUTE_MS / 2);
    expect(inserted(retrying)).toHaveLength(1);
    retrying.setPolicies(etlPolicy('mode: observe'));
    await retrying.pass(HOUR_MS);
    expect(inserted(retrying)).toHaveLength(1);
    expect(retrying.told()).toEqual(['retry-scheduled', 'retried', 'gave-up no-longer-wanted']);
  });

  test('of another name does the act, under its own', async () => {
    const retrying = await scheduled();
    retrying.setPolicies(etlPolicy().replace('name: etl', 'name: nightly'));
    await retrying.pass(WAITED_MS);
    expect(inserted(retrying)).toHaveLength(1);
    expect(await retrying.claim(1)).toMatchObject({ policy: 'nightly' });
  });

  test('right before the insert decides, whatever was planned', async () => {
    const retrying = await scheduled();
    const { policies } = retrying.ports;
    let looks = 0;
    const latest = policies.latest.bind(policies);
    policies.latest = async () => {
      if (++looks === 2) retrying.setPolicies(etlPolicy('mode: observe'));
      return latest();
    };
    await retrying.pass(WAITED_MS);
    expect(looks).toBeGreaterThan(2);
    expect(inserted(retrying)).toEqual([]);
    expect(retrying.told()).toEqual(['retry-scheduled', 'gave-up no-longer-wanted']);
    expect(await retrying.claim(1)).toMatchObject({ askedAtMs: [] });
  });
});

test('a policy that cannot be read right before the insert has it sent once it can, and no lease is waited for', async () => {
  const retrying = await scheduled();
  const { policies } = retrying.ports;
  let reads = 0;
  const latest = policies.latest.bind(policies);
  policies.latest = async () => {
    if (++reads === 2) throw new LedgerUnavailableError('memory', 'it is away', 'wait');
    return latest();
  };
  await retrying.pass(MINUTE_MS);
  expect(retrying.faults).toMatchObject([{ name: 'LedgerUnavailableError' }]);
  expect(inserted(retrying)).toEqual([`${attempt(1)} by ${ETL}`]);
});

describe('while a person has stopped all acts', () => {
  test('what is due waits, people are told once, and it is done when they let it', async () => {
    const retrying = await scheduled();
    await retrying.ledger.stop(STOP);
    await retrying.pass(HOUR_MS);
    expect(inserted(retrying)).toEqual([]);
    expect(retrying.told()).toEqual(['retry-scheduled', 'observed stopped']);
    await retrying.ledger.resume();
    await retrying.pass(10 * MINUTE_MS);
    expect(inserted(retrying)).toEqual([`${attempt(1)} by ${ETL}`]);
    expect(retrying.told()).toEqual(['retry-scheduled', 'observed stopped', 'retried', 'recovered']);
  });

  test('it is done by the next sweep after they let it, and little is looked at before', async () => {
    const retrying = await scheduled();
    await retrying.ledger.stop(STOP);
    await retrying.pass(HOUR_MS, MINUTE_MS);
    const calls: string[] = [];
    retrying.simulator.setFaults(({ method }) => void calls.push(method));
    await retrying.pass(20 * MINUTE_MS, MINUTE_MS);
    // Two looks every six minutes, not at each tick.
    expect(calls.length).toBeLessThanOrEqual(8);
    await retrying.ledger.resume();
    await retrying.pass(MINUTE_MS, MINUTE_MS);
    expect(inserted(retrying)).toEqual([`${attempt(1)} by ${ETL}`]);
  });

  test('nothing waits beyond the deadline', async () => {
    const retrying = await scheduled({ policies: etlPolicy().replace('deadline: 6h', 'deadline: 6m') });
    await retrying.ledger.stop(STOP);
    await retrying.pass(8 * MINUTE_MS);
    expect(inserted(retrying)).toEqual([]);
    expect(retrying.told()).toEqual(['retry-scheduled', 'observed stopped', 'gave-up deadline-passed']);
  });

  test('tells once of each cause that kept it back, one after the other', async () => {
    const retrying = await scheduled();
    await retrying.ledger.stop(STOP);
    await retrying.pass(20 * MINUTE_MS);
    await retrying.ledger.resume();
    retrying.simulator.setMissingAccounts([ETL]);
    await retrying.pass(20 * MINUTE_MS);
    expect(retrying.told()).toEqual(['retry-scheduled', 'observed stopped', 'observed permission-missing']);
  });

  test('the failure of an attempt is answered when they let it', async () => {
    const retrying = await scheduled({ lives: failing() });
    await retrying.pass(MINUTE_MS / 2);
    await retrying.ledger.stop(STOP);
    await retrying.pass(HOUR_MS);
    expect(inserted(retrying)).toHaveLength(1);
    await retrying.ledger.resume();
    await retrying.pass(HOUR_MS);
    expect(inserted(retrying)).toHaveLength(3);
    expect(retrying.told().at(-1)).toBe('gave-up attempts-used');
  });

  test('a new failure is told and left alone', async () => {
    const retrying = await openRetrying();
    fail(retrying);
    await retrying.ledger.stop(STOP);
    expect(await retrying.answer()).toEqual({ kind: 'observed' });
    expect(retrying.told()).toEqual(['observed stopped']);
    expect(alertsWith(retrying, 'observed')).toMatchObject([
      {
        sentence:
          'failed with backendError; etl would have it run again, attempt 1 of 3: nothing is done until a person lets acts be done again',
      },
    ]);
    expect(await retrying.claim(1)).toBeUndefined();
  });

  test('a stop that comes right before the insert holds', async () => {
    const retrying = await scheduled();
    const { policies } = retrying.ports;
    let looks = 0;
    const latest = policies.latest.bind(policies);
    policies.latest = async () => {
      if (++looks === 2) await retrying.ledger.stop(STOP);
      return latest();
    };
    await retrying.pass(WAITED_MS);
    expect(inserted(retrying)).toEqual([]);
    expect(await retrying.claim(1)).toMatchObject({ state: 'claimed', askedAtMs: [] });
  });
});

test('a policy that only observes tells what it would do, once, and does nothing', async () => {
  const retrying = await openRetrying({ policies: etlPolicy('mode: observe') });
  fail(retrying);
  expect(await retrying.answer()).toEqual({ kind: 'observed' });
  await retrying.answer();
  await retrying.pass(HOUR_MS);
  expect(retrying.told()).toEqual(['observed observe-mode']);
  expect(alertsWith(retrying, 'observed')).toMatchObject([
    { sentence: 'failed with backendError; etl would have it run again, attempt 1 of 3' },
  ]);
  expect(await retrying.ledger.recentClaims(0, 10)).toEqual([]);
});

test('what a policy would have had run again in time is not told to be refused once that time is over', async () => {
  const policies = etlPolicy('mode: observe').replace('deadline: 6h', 'deadline: 2m');
  const retrying = await openRetrying({ policies });
  fail(retrying);
  expect(await retrying.answer()).toEqual({ kind: 'observed' });
  await retrying.pass(5 * MINUTE_MS);
  expect(await retrying.answer()).toEqual({ kind: 'observed' });
  expect(retrying.told()).toEqual(['observed observe-mode']);
});

test('what is found after the time that its policy gives is told to be refused, also where it only observes', async () => {
  const policies = etlPolicy('mode: observe').replace('deadline: 6h', 'deadline: 2m');
  const retrying = await openRetrying({ policies });
  fail(retrying);
  await retrying.pass(5 * MINUTE_MS);
  expect(await retrying.answer()).toEqual({ kind: 'refused' });
  expect(retrying.told()).toEqual(['retry-refused deadline-passed']);
});

test('a policy that is made to act too late says so', async () => {
  const policies = etlPolicy('mode: observe').replace('deadline: 6h', 'deadline: 2m');
  const retrying = await openRetrying({ policies });
  fail(retrying);
  await retrying.answer();
  await retrying.pass(5 * MINUTE_MS);
  retrying.setPolicies(etlPolicy().replace('deadline: 6h', 'deadline: 2m'));
  expect(await retrying.answer()).toEqual({ kind: 'refused' });
  expect(retrying.told()).toEqual(['observed observe-mode', 'retry-refused deadline-passed']);
});

test('a dry run leaves what was asked for before it as it is, for a job may have come of it', async () => {
  const retrying = await scheduled();
  const { clock, simulator, ledger } = retrying;
  simulator.setFaults(({ method }) => (method === 'insert' ? { kind: 'silent' } : undefined));
  await retrying.pass(20_000);
  simulator.setFaults(undefined);
  const { askedAtMs } = (await retrying.claim(1)) ?? {};
  expect(askedAtMs).toHaveLength(1);
  const dry = await openRetrying({ clock, simulator, ledger, holder: 'dry', dryRun: true });
  await dry.pass(10 * MINUTE_MS);
  expect(await retrying.claim(1)).toMatchObject({ state: 'asked', askedAtMs });
  expect(dry.told()).toEqual(['observed dry-run']);
  await retrying.pass(10 * MINUTE_MS);
  expect(inserted(retrying)).toHaveLength(1);
});

test('a dry run does nothing, and says so', async () => {
  const retrying = await scheduled({ dryRun: true });
  await retrying.pass(HOUR_MS);
  expect(inserted(retrying)).toEqual([]);
  expect(retrying.told()).toEqual(['retry-scheduled', 'observed dry-run']);
  expect(await retrying.claim(1)).toMatchObject({ state: 'void', outcome: 'dry-run', askedAtMs: [] });
});

describe('the breaker', () => {
  const POLICY = etlPolicy('breaker: { acts: 2, per: 1h }');

  test('lets so many acts through, and opens; what is due waits until a person resets it', async () => {
    const retrying = await openRetrying({ policies: POLICY });
    for (const jobId of ['a', 'b', 'c', 'd']) {
      fail(retrying, { jobId, query: `SELECT '${jobId}'` });
      await retrying.answer(jobId);
    }
    await retrying.pass(2 * HOUR_MS);
    expect(inserted(retrying)).toHaveLength(2);
    const told = ['a', 'b', 'c', 'd'].map((jobId) => retrying.told(jobId).slice(1).join());
    expect(told.toSorted()).toEqual([
      'observed breaker-open',
      'observed breaker-open',
      'retried,recovered',
      'retried,recovered',
    ]);
    const trips = retrying.alerts.filter(({ type }) => type === 'bigquery-watchdog.breaker.tripped.v1');
    expect(trips).toHaveLength(1);
    await retrying.ledger.resetBreaker({ verb: 'retry', policy: 'etl' });
    await retrying.pass(10 * MINUTE_MS);
    expect(inserted(retrying)).toHaveLength(4);
  });

  test('that is reset has what waits done by the next sweep, and little is looked at before', async () => {
    const retrying = await scheduled({ policies: POLICY });
    const scope = { verb: 'retry', policy: 'etl' } as const;
    await retrying.ledger.tripBreaker(scope, { atMs: START_MS, why: 'tried' }, { ceId: 'x', event: {} });
    await retrying.pass(HOUR_MS, MINUTE_MS);
    const calls: string[] = [];
    retrying.simulator.setFaults(({ method }) => void calls.push(method));
    await retrying.pass(20 * MINUTE_MS, MINUTE_MS);
    // Two looks every six minutes, not at each tick.
    expect(calls.length).toBeLessThanOrEqual(8);
    expect(retrying.told()).toEqual(['retry-scheduled', 'observed breaker-open']);
    await retrying.ledger.resetBreaker(scope);
    await retrying.pass(MINUTE_MS, MINUTE_MS);
    expect(inserted(retrying)).toEqual([`${attempt(1)} by ${ETL}`]);
  });

  test('that is open keeps nobody from giving up what the policy does not want any more', async () => {
    const retrying = await scheduled({ policies: POLICY });
    const scope = { verb: 'retry', policy: 'etl' } as const;
    await retrying.ledger.tripBreaker(scope, { atMs: START_MS, why: 'tried' }, { ceId: 'x', event: {} });
    await retrying.pass(HOUR_MS, MINUTE_MS);
    retrying.setPolicies(etlPolicy('mode: observe'));
    await retrying.pass(7 * MINUTE_MS, MINUTE_MS);
    expect(retrying.told().at(-1)).toBe('gave-up no-longer-wanted');
  });

  test('counts the attempts of one chain, too', async () => {
    const retrying = await scheduled({ policies: POLICY, lives: failing() });
    await retrying.pass(7 * HOUR_MS);
    expect(inserted(retrying)).toHaveLength(2);
    expect(retrying.told().slice(-2)).toEqual(['observed breaker-open', 'gave-up deadline-passed']);
  });
});

describe('a cap', () => {
  test.each([
    { cap: 'perProjectPerHour', accounts: 2 },
    { cap: 'perPrincipalPerHour', accounts: 1 },
  ])('$cap bounds the inserts of any hour, and what is above waits', async ({ cap, accounts }) => {
    const retrying = await openRetrying({ policies: etlPolicy('', `, caps: { ${cap}: 3 }`) });
    const jobs = Array.from({ length: 8 }, (_, index) => `job-${index}`);
    for (const [index, jobId] of jobs.entries()) {
      const principal = `etl-${index % accounts}@my-project.iam.gserviceaccount.com`;
      fail(retrying, { jobId, query: `SELECT '${jobId}'`, principal });
      await retrying.answer(jobId);
    }
    await retrying.pass(5 * HOUR_MS);
    const waited = jobs.filter((jobId) => retrying.told(jobId).includes('observed capped'));
    expect(waited).toHaveLength(5);
    for (const jobId of waited)
      expect(retrying.told(jobId)).toEqual(['retry-scheduled', 'observed capped', 'retried', 'recovered']);
    const times = retrying.simulator.writes.map(({ atMs }) => atMs);
    expect(times).toHaveLength(8);
    for (const [index, atMs] of times.entries()) {
      const before = times.filter((other, at) => at < index && other > atMs - HOUR_MS);
      expect(before.length).toBeLessThan(3);
    }
    expect(await retrying.ledger.breakers()).toMatchObject([]);
  });
});
