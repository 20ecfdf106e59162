import { describe, expect, test } from 'vitest';
import { NoPolicyError } from '../../shared/enforce/errors.ts';
import { OwnerFileMissing, OwnerFileUnavailable } from '../../shared/owner-files/errors.ts';
import type { OwnerFile } from '../../shared/owner-files/owner-file.ts';
import { MINUTE_MS, running, tenMinutes, truth } from '../running-job.ts';
import { openWatchdog, START_MS, type Watchdog } from '../watchdog.ts';

const GOOD = tenMinutes();
const BROKEN = GOOD.replace('runtime', 'runtme');

const refusals = ({ alerts }: Watchdog) =>
  alerts.filter(({ type }) => type === 'bigquery-watchdog.policy.refused.v1').length;

/** Tick after tick, until the policy is surely read again. */
async function tick(watchdog: Watchdog, minute: number): Promise<void> {
  await watchdog.clock.advanceTo(START_MS + minute * MINUTE_MS);
  await watchdog.sweep();
}

describe('a policy file that is changed while the function runs', () => {
  test('is in force from then on', async () => {
    const watchdog = await openWatchdog({ policies: GOOD });
    running(watchdog, 'job', 5);
    await tick(watchdog, 1);
    watchdog.setPolicies(GOOD.replace('10m', '3m'));
    await tick(watchdog, 2);
    expect(truth(watchdog, 'job').state).toBe('DONE');
  });

  test('is refused when it is broken: the last good one stays, and people are told once', async () => {
    const watchdog = await openWatchdog({ policies: GOOD });
    watchdog.setPolicies(BROKEN);
    running(watchdog, 'job', 5);
    for (const minute of [1, 2, 3, 4, 5, 6]) await tick(watchdog, minute);
    expect(truth(watchdog, 'job').state).toBe('DONE');
    expect(refusals(watchdog)).toBe(1);
  });

  test('is told anew when it is broken in another way, and taken once it is mended', async () => {
    const watchdog = await openWatchdog({ policies: GOOD });
    running(watchdog, 'job', 5);
    watchdog.setPolicies(BROKEN);
    await tick(watchdog, 1);
    watchdog.setPolicies('version: 2');
    await tick(watchdog, 2);
    expect(refusals(watchdog)).toBe(2);
    watchdog.setPolicies(GOOD.replace('10m', '3m'));
    await tick(watchdog, 3);
    expect(truth(watchdog, 'job').state).toBe('DONE');
  });
});

describe('a policy file that is refused again after a good one', () => {
  const gone: OwnerFile['read'] = async () => {
    throw new OwnerFileMissing('policies.yaml');
  };
  const holding = (text: string) => async () => ({ text, generation: text });

  test.each([
    { name: 'the same broken text', bad: holding(BROKEN) },
    { name: 'the file gone once more', bad: gone },
  ])('$name: is told again, once for all instances, restarted or not', async ({ bad }) => {
    let read = holding(GOOD);
    const parts = { policyFile: () => ({ read: () => read(), describe: () => 'policies.yaml' }) };
    const first = await openWatchdog({ policies: '', parts });
    const { clock, simulator, store } = first;
    const anew = () => openWatchdog({ policies: '', parts, clock, simulator, store });
    const second = await anew();
    const third = await anew();
    const told = () => refusals(first) + refusals(second) + refusals(third);
    read = bad;
    await tick(first, 1);
    await tick(second, 2);
    expect(told()).toBe(1);
    read = holding(GOOD);
    await tick(second, 3);
    read = bad;
    await tick(second, 4);
    await tick(third, 5);
    expect(told()).toBe(2);
    read = holding(GOOD);
    const restarted = await anew();
    read = bad;
    await tick(restarted, 6);
    await tick(third, 7);
    expect(refusals(restarted)).toBe(1);
    expect(told()).toBe(2);
  });
});

describe('a policy file that is gone', () => {
  const missing: OwnerFile = {
    read: async () => {
      throw new OwnerFileMissing('policies.yaml');
    },
    describe: () => 'policies.yaml',
  };
  test('leaves the last good one in force, also in a new instance', async () => {
    const first = await openWatchdog({ policies: GOOD });
    const parts = { policyFile: () => missing };
    const { clock, simulator, store } = first;
    const second = await openWatchdog({ policies: '', clock, simulator, store, parts });
    running(second, 'job', 30);
    await second.sweep();
    expect(truth(second, 'job').state).toBe('DONE');
    expect(refusals(second)).toBe(1);
  });

  test('and never was there: nothing is served', async () => {
    await expect(openWatchdog({ policies: '', parts: { policyFile: () => missing } })).rejects.toThrow(
      NoPolicyError,
    );
  });
});

test('while it cannot be known what the file says, nothing is done', async () => {
  let reachable = true;
  const flaky: OwnerFile = {
    read: async () => {
      if (!reachable) throw new OwnerFileUnavailable('gs://bucket/policies.yaml', 'no answer');
      return { text: GOOD, generation: '1' };
    },
    describe: () => 'gs://bucket/policies.yaml',
  };
  const watchdog = await openWatchdog({ policies: '', parts: { policyFile: () => flaky } });
  running(watchdog, 'job', 30);
  reachable = false;
  await watchdog.clock.advanceTo(START_MS + MINUTE_MS);
  expect((await watchdog.sweep()).status).toBe(503);
  expect(watchdog.simulator.writes).toEqual([]);
  reachable = true;
  await watchdog.sweep();
  expect(truth(watchdog, 'job').state).toBe('DONE');
});

describe('functions of two verbs on one ledger, each with a file of its own', () => {
  const RETRY = `version: 1
mode: enforce
policies:
  - { name: hasty, limit: { runtime: 1m }, action: cancel }
  - { name: again, match: { principals: ["etl@my-project.iam.gserviceaccount.com"] }, retry: { reasons: [backendError], attempts: 1 } }
`;

  test('one that begins with a broken file goes on with its own last good one', async () => {
    const first = await openWatchdog({ policies: GOOD });
    const { clock, simulator, store } = first;
    running(first, 'allowed', 3);
    await openWatchdog({ verb: 'retry', policies: RETRY, clock, simulator, store });
    const restarted = await openWatchdog({ policies: BROKEN, clock, simulator, store });
    await tick(restarted, 1);
    expect(truth(restarted, 'allowed').state).toBe('RUNNING');
  });

  test('one that never had a good file does not begin with the other’s', async () => {
    const { clock, simulator, store } = await openWatchdog({ verb: 'retry', policies: RETRY });
    await expect(openWatchdog({ policies: BROKEN, clock, simulator, store })).rejects.toThrow(NoPolicyError);
  });
});
