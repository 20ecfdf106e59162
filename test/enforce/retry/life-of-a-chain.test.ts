import { describe, expect, test } from 'vitest';
import { PRESSURE_SPAN_MS } from '../../../shared/retry/storm.ts';
import { Simulator } from '../../../simulator/simulator.ts';
import { VirtualClock } from '../../../simulator/virtual-clock.ts';
import { OffsetClock } from '../../offset-clock.ts';
import { jobAlerts } from '../../watchdog.ts';
import {
  attempt,
  BACKEND_ERROR,
  ETL,
  etlPolicy,
  fail,
  failing,
  HOUR_MS,
  inserted,
  MINUTE_MS,
  nameOf,
  openRetrying,
  SECRET,
  START_MS,
  truthOf,
} from './retrying.ts';

describe('a failure that passes', () => {
  test('is answered once, at a moment drawn within the first wait', async () => {
    const retrying = await openRetrying();
    fail(retrying);
    const first = await retrying.answer();
    expect(first).toMatchObject({
      kind: 'scheduled',
      claim: { attempt: 1, state: 'claimed', retry: { attemptId: attempt(1), principal: ETL } },
    });
    const { lookAtMs = 0 } = (await retrying.claim(1)) ?? {};
    expect(lookAtMs).toBeGreaterThanOrEqual(START_MS);
    expect(lookAtMs).toBeLessThanOrEqual(START_MS + MINUTE_MS);
    expect(await retrying.answer()).toEqual(first);
    expect(retrying.told()).toEqual(['retry-scheduled']);
    expect(inserted(retrying)).toEqual([]);
  });

  test('is run again as the account of the job, and recovers', async () => {
    const retrying = await openRetrying();
    fail(retrying);
    await retrying.answer();
    await retrying.pass(5 * MINUTE_MS);
    expect(inserted(retrying)).toEqual([`${attempt(1)} by ${ETL}`]);
    expect(truthOf(retrying, attempt(1))).toMatchObject({
      principal: ETL,
      labels: { 'bq-watchdog-origin': 'root', 'bq-watchdog-attempt': '1' },
    });
    expect(retrying.told()).toEqual(['retry-scheduled', 'retried', 'recovered']);
    expect(await retrying.claim(1)).toMatchObject({ state: 'ended', outcome: 'recovered' });
  });

  test('that comes again is answered until no attempts are left, each wait within its bounds', async () => {
    const retrying = await openRetrying({ lives: failing() });
    fail(retrying);
    await retrying.answer();
    await retrying.pass(HOUR_MS);
    expect(inserted(retrying)).toEqual([1, 2, 3].map((number) => `${attempt(number)} by ${ETL}`));
    expect(retrying.told()).toEqual([
      'retry-scheduled',
      'retried',
      'retry-scheduled',
      'retried',
      'retry-scheduled',
      'retried',
      'gave-up attempts-used',
    ]);
    const gaveUp = jobAlerts(retrying.alerts).at(-1)?.data;
    expect(gaveUp?.sentence).toBe(
      'failed with backendError; etl has it run again, attempt 3 of 3: it failed with backendError, too, and is not run again: it was run again 3 times, as often as the policy allows',
    );
    expect(gaveUp?.retry).toMatchObject({
      attempt: 3,
      jobId: attempt(3),
      reasons: ['backendError', 'backendError', 'backendError', 'backendError'],
    });
    for (const number of [1, 2]) {
      expect(await retrying.claim(number)).toMatchObject({ state: 'ended', outcome: 'failed' });
    }
    expect(await retrying.claim(3)).toMatchObject({ state: 'ended', outcome: 'gave-up' });
    expect(await retrying.claim(4)).toBeUndefined();
  });

  test('of an attempt is answered as soon as somebody tells of it', async () => {
    const retrying = await openRetrying({ lives: failing() });
    fail(retrying);
    await retrying.answer();
    await retrying.pass(MINUTE_MS / 2);
    expect(await retrying.answer(attempt(1))).toMatchObject({ kind: 'scheduled', claim: { attempt: 2 } });
    expect(await retrying.answer(attempt(1))).toEqual({ kind: 'nothing' });
    expect(await retrying.claim(1)).toMatchObject({ state: 'ended', outcome: 'failed' });
  });

  test('that comes again as one that does not pass ends the chain', async () => {
    const retrying = await openRetrying({ lives: failing({ reason: 'invalidQuery', message: SECRET }) });
    fail(retrying);
    await retrying.answer();
    await retrying.pass(10 * MINUTE_MS);
    expect(retrying.told()).toEqual(['retry-scheduled', 'retried', 'gave-up permanent-reason']);
    expect(inserted(retrying)).toHaveLength(1);
  });

  test('of an attempt that somebody cancelled ends the chain', async () => {
    const retrying = await openRetrying({
      lives: failing({ reason: 'stopped', message: 'User requested cancellation' }),
    });
    fail(retrying);
    await retrying.answer();
    await retrying.pass(10 * MINUTE_MS);
    expect(retrying.told()).toEqual(['retry-scheduled', 'retried', 'gave-up stopped']);
  });

  test('is not answered after the deadline', async () => {
    const retrying = await openRetrying();
    fail(retrying, { createdAtMs: START_MS - 7 * HOUR_MS });
    expect(await retrying.answer()).toEqual({ kind: 'refused' });
    expect(retrying.told()).toEqual(['retry-refused deadline-passed']);
    expect(await retrying.claim(1)).toBeUndefined();
  });

  test('is counted once, and its chain is not begun again, however often and late it is looked at', async () => {
    const retrying = await openRetrying({ lives: failing({ reason: 'invalidQuery', message: SECRET }) });
    fail(retrying);
    for (const _ of [1, 2, 3]) await retrying.answer();
    const { ledger } = retrying;
    expect(await ledger.countFailure('my-project', 'backendError', START_MS, PRESSURE_SPAN_MS)).toEqual([
      2, 0, 0, 0, 0, 0,
    ]);
    await retrying.pass(7 * HOUR_MS);
    expect(await retrying.answer()).toEqual({ kind: 'nothing' });
    expect(retrying.told()).toEqual(['retry-scheduled', 'retried', 'gave-up permanent-reason']);
  });

  test('that is due right before the deadline is not due at once, though a clock is ahead', async () => {
    const clock = new OffsetClock(new VirtualClock(START_MS), 20_000);
    const retrying = await openRetrying({
      policies: etlPolicy().replace('initial: 1m, factor: 2, max: 30m', 'initial: 10h, max: 10h'),
      clock,
      simulator: new Simulator({
        clock: { now: () => clock.now() - 20_000, sleep: (ms) => clock.sleep(ms) },
        random: () => 0.5,
      }),
      through: (ports) => ({ ...ports, random: () => 0.999_999_9 }),
    });
    fail(retrying);
    await retrying.answer();
    expect((await retrying.claim(1))?.lookAtMs).toBeGreaterThan(START_MS + 5 * HOUR_MS);
  });

  test('tells nothing of the text of the job, wherever', async () => {
    const retrying = await openRetrying({ lives: failing() });
    fail(retrying);
    await retrying.answer();
    await retrying.pass(HOUR_MS);
    const claims = await retrying.ledger.recentClaims(0, 100);
    expect(claims).toHaveLength(3);
    const everything = JSON.stringify([retrying.alerts, retrying.lines, claims]);
    expect(everything).not.toContain(SECRET);
  });
});

test('the policies speak of the first job, whatever an attempt was given by their guards', async () => {
  const guards =
    'guards: { priority: BATCH, labels: { watchdog: exempt }, maximumBytesBilled: 1 GiB, jobTimeout: 1h }';
  const policies = etlPolicy(
    'except: [{ labels: { watchdog: exempt } }, { priority: BATCH }]',
    `, ${guards}`,
  );
  const retrying = await openRetrying({ policies, lives: failing() });
  fail(retrying);
  await retrying.answer();
  await retrying.pass(HOUR_MS);
  expect(inserted(retrying)).toHaveLength(3);
  expect(truthOf(retrying, attempt(3))).toMatchObject({ priority: 'BATCH', labels: { watchdog: 'exempt' } });
  expect(retrying.told().at(-1)).toBe('gave-up attempts-used');
});

test('of an attempt, too, every error counts: one that came beside its result ends the chain', async () => {
  const retrying = await openRetrying();
  const { clock, ports, simulator } = retrying;
  fail(retrying);
  await retrying.answer();
  const { resource } = await clock.run(ports.jobs.getWhole(nameOf('root'), retrying.span()));
  const errors = [BACKEND_ERROR, { reason: 'stopped', message: 'User requested cancellation' }];
  simulator.load({
    ...resource.take(),
    id: `my-project:US.${attempt(1)}`,
    jobReference: nameOf(attempt(1)),
    statistics: { creationTime: String(START_MS), startTime: String(START_MS), endTime: String(START_MS) },
    status: { state: 'DONE', errorResult: BACKEND_ERROR, errors },
  });
  await retrying.pass(HOUR_MS);
  expect(retrying.told()).toEqual(['retry-scheduled', 'retried', 'gave-up stopped']);
});

test('an attempt that fails for another reason is answered by what the policy says of that one', async () => {
  const retrying = await openRetrying({ lives: failing({ reason: 'internalError', message: SECRET }) });
  fail(retrying);
  retrying.setPolicies(etlPolicy('', ', reasons: [backendError]'));
  await retrying.answer();
  await retrying.pass(HOUR_MS);
  expect(retrying.told()).toEqual(['retry-scheduled', 'retried', 'gave-up reason-not-named']);
});

test('an attempt that runs for long is looked at ever more seldom', async () => {
  const retrying = await openRetrying({ lives: () => ({ runMs: 5 * HOUR_MS }) });
  fail(retrying);
  await retrying.answer();
  await retrying.pass(5 * HOUR_MS);
  const { length } = retrying.simulator.writes;
  expect(length).toBe(1);
  expect(retrying.told()).toEqual(['retry-scheduled', 'retried']);
  await retrying.pass(HOUR_MS);
  expect(retrying.told()).toEqual(['retry-scheduled', 'retried', 'recovered']);
});

test.each([
  { what: 'still runs', more: { runMs: HOUR_MS } },
  {
    what: 'failed for a reason that the policy does not answer',
    more: { error: { ...BACKEND_ERROR, reason: 'quotaExceeded' } },
  },
  { what: 'is of nobody that the policy matches', more: { principal: 'ada@example.com' } },
])('a job that $what is left alone', async ({ more }) => {
  const retrying = await openRetrying();
  fail(retrying, more);
  expect(await retrying.answer()).toEqual({ kind: 'nothing' });
  expect(retrying.alerts).toEqual([]);
});

test('a job that did not fail, and one that BigQuery does not know, are left alone', async () => {
  const retrying = await openRetrying();
  retrying.simulator.start({ ...nameOf('fine'), principal: ETL, createdAtMs: START_MS - MINUTE_MS });
  expect(await retrying.answer('fine')).toEqual({ kind: 'nothing' });
  expect(await retrying.answer('nowhere')).toEqual({ kind: 'gone' });
  expect(retrying.alerts).toEqual([]);
});

test('a step of a script leads to its script', async () => {
  const retrying = await openRetrying();
  fail(retrying, { children: [{ error: BACKEND_ERROR }] });
  const child = retrying.simulator.allTruths().find(({ parentJobId }) => parentJobId === 'root');
  expect(await retrying.answer(child?.jobId)).toMatchObject({ kind: 'child', parent: nameOf('root') });
});
