import { describe, expect, test } from 'vitest';
import { MINUTE_MS, running, truth } from '../running-job.ts';
import { jobAlerts, openWatchdog, START_MS, type Watchdog } from '../watchdog.ts';

/** What both policies call for is done for `first`, unless its breaker is open. */
const policies = (first = '10m', second = '20m', more = '') => `
version: 1
mode: enforce
policies:
  - { name: first, limit: { runtime: ${first} }, action: cancel${more} }
  - { name: second, limit: { runtime: ${second} }, action: cancel }
`;

const told = ({ alerts }: Watchdog, jobId: string) =>
  jobAlerts(alerts).flatMap(({ data }) =>
    data.job.jobId === jobId ? [[data.policy, data.step, data.because]] : [],
  );

async function openBreaker({ runtime, clock }: Watchdog, policy: string): Promise<void> {
  const trip = { atMs: clock.now(), why: 'a test' };
  await runtime.ports.ledger.tripBreaker({ verb: 'cancel', policy }, trip, {
    ceId: policy,
    event: { id: policy },
  });
}

async function openBreakers({ runtime }: Watchdog): Promise<string[]> {
  const all = await runtime.ports.ledger.breakers();
  return all.flatMap(({ scope, trip }) => (trip ? [scope.policy] : []));
}

async function sweepFor(watchdog: Watchdog, minutes: number): Promise<void> {
  for (let minute = 1; minute <= minutes; minute++) {
    await watchdog.sweep();
    await watchdog.clock.advanceTo(Math.max(watchdog.clock.now(), START_MS + minute * MINUTE_MS));
  }
}

describe('a policy whose breaker is open keeps no other from acting', () => {
  test('one that trips in the same sweep', async () => {
    const watchdog = await openWatchdog({ policies: policies('1m', '60m') });
    for (let index = 0; index < 8; index++) running(watchdog, `young-${index}`, 5);
    running(watchdog, 'hog', 240);
    await sweepFor(watchdog, 2);
    expect(truth(watchdog, 'hog').state).toBe('DONE');
    expect(told(watchdog, 'hog')).toEqual([
      ['second', 'cancelling', undefined],
      ['second', 'cancelled', undefined],
      ['first', 'observed', 'breaker-open'],
    ]);
    expect(await openBreakers(watchdog)).toEqual(['first']);
    expect(watchdog.simulator.writes).toHaveLength(1);
  });

  test('one that ran out of slots', async () => {
    const watchdog = await openWatchdog({
      policies: policies('10m', '20m', ', breaker: { acts: 1, share: 100% }'),
    });
    running(watchdog, 'one', 30);
    running(watchdog, 'two', 30);
    await watchdog.sweep();
    expect([truth(watchdog, 'one').state, truth(watchdog, 'two').state]).toEqual(['DONE', 'DONE']);
  });

  test('one that opened after it had asked in vain', async () => {
    const watchdog = await openWatchdog({ policies: policies() });
    running(watchdog, 'hog', 30, { cancel: { ignoresFirst: 1 } });
    await watchdog.sweep();
    await openBreaker(watchdog, 'first');
    await sweepFor(watchdog, 6);
    expect(truth(watchdog, 'hog').state).toBe('DONE');
  });
});

test('what falls to the next policy is weighed by its share before its first act', async () => {
  const own = ', match: { principals: ["ada@example.com"] }';
  const watchdog = await openWatchdog({ policies: policies('10m', '20m', own) });
  await openBreaker(watchdog, 'first');
  // Nobody else calls for this one, so it need not wait for the first policy.
  running(watchdog, 'second-only', 30, { principal: 'bob@example.com' });
  for (let index = 0; index < 8; index++) running(watchdog, `both-${index}`, 30);
  for (let index = 0; index < 20; index++) running(watchdog, `innocent-${index}`, 1);
  await watchdog.sweep();
  expect(watchdog.simulator.writes).toEqual([]);
  expect((await openBreakers(watchdog)).toSorted()).toEqual(['first', 'second']);
  expect(told(watchdog, 'both-0')).toEqual([
    ['first', 'observed', 'breaker-open'],
    ['second', 'observed', 'breaker-open'],
  ]);
});

describe('that another policy acts is told only when one does', () => {
  test('not in a dry run', async () => {
    const environment = { WATCHDOG_DRY_RUN: 'true' };
    const watchdog = await openWatchdog({ policies: policies(), environment });
    running(watchdog, 'hog', 30);
    await watchdog.sweep();
    await watchdog.sweep();
    expect(told(watchdog, 'hog')).toEqual([
      ['first', 'observed', 'dry-run'],
      ['second', 'observed', 'dry-run'],
    ]);
  });

  test('and once, while the job runs on', async () => {
    const watchdog = await openWatchdog({ policies: policies() });
    running(watchdog, 'hog', 30, { cancel: 'stuck' });
    await sweepFor(watchdog, 3);
    const observed = told(watchdog, 'hog').filter(([, step]) => step === 'observed');
    expect(observed).toEqual([['second', 'observed', 'another-policy-acts']]);
  });

  test('not of the policy that has come to act, when the first may again', async () => {
    const watchdog = await openWatchdog({ policies: policies() });
    await openBreaker(watchdog, 'first');
    running(watchdog, 'hog', 30, { cancel: 'stuck' });
    await watchdog.sweep();
    await watchdog.runtime.ports.ledger.resetBreaker({ verb: 'cancel', policy: 'first' });
    await sweepFor(watchdog, 2);
    expect(told(watchdog, 'hog').filter(([, , because]) => because === 'another-policy-acts')).toEqual([]);
  });
});
