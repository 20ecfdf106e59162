import { describe, expect, test } from 'vitest';
import { MINUTE_MS } from '../running-job.ts';
import { START_MS } from '../watchdog.ts';
import { DAY_MS, openPurge, POLICIES, type PurgingWatchdog, progressOf } from './purging-watchdog.ts';

const BUDGET = ', history: { acts: 1000, per: 24h, quota: 20% }';
const NO_BUDGET = POLICIES.replace(BUDGET, '');

/** Another policy about the same jobs, which has a budget. */
const withAnother = (mode: string, after: string): string => `${NO_BUDGET}
  - name: another
    mode: ${mode}
    match: { principals: ["etl@*"] }
    sensitive: { patterns: { other: 'CUST-[0-9]{7}' } }
    purge: { after: ${after}, history: { acts: 1000 } }
`;

async function markOf({ runtime }: PurgingWatchdog) {
  return (await runtime.ports.ledger.historyMark('my-project'))?.mark;
}

async function walked(policies: string): Promise<PurgingWatchdog> {
  const watchdog = await openPurge({ policies });
  for (const days of [100, 30, 20]) watchdog.sensitive(`job_${days}`, START_MS - days * DAY_MS);
  await watchdog.walk();
  return watchdog;
}

describe('people are told why jobs are left', () => {
  test('when the budget is used up', async () => {
    const [told] = progressOf(await walked(POLICIES.replace('acts: 1000', 'acts: 1')));
    expect(told).toMatchObject({ purged: 1, isFinished: false, stoppedBy: 'capped' });
    expect(told).not.toHaveProperty('onlyReported');
  });

  test('when a policy has no budget, by its name', async () => {
    const [told] = progressOf(await walked(NO_BUDGET));
    expect(told).toMatchObject({ found: 3, purged: 0, isFinished: true, onlyReported: ['customers'] });
    expect(told).not.toHaveProperty('stoppedBy');
  });
});

describe('what a policy without a budget wants deleted', () => {
  test('is only reported although one that observes has a budget, and the walk goes on', async () => {
    const watchdog = await walked(withAnother('observe', '15m'));
    expect(watchdog.deleted()).toEqual([]);
    expect(await markOf(watchdog)).toMatchObject({ found: 3, finishedAtMs: expect.any(Number) });
    expect(
      (await watchdog.runtime.ports.ledger.dueClaims('purge', 'my-project', START_MS + DAY_MS, 9)).claims,
    ).toEqual([]);
  });

  test('waits until it is due by the one that has a budget, and the walk goes on', async () => {
    const watchdog = await walked(withAnother('enforce', '90d'));
    expect(watchdog.deleted()).toEqual(['job_100']);
    expect((await markOf(watchdog))?.finishedAtMs).toBeDefined();
    await watchdog.clock.advanceTo(START_MS + 60 * DAY_MS - MINUTE_MS);
    await watchdog.sweep();
    expect(watchdog.deleted()).toEqual(['job_100']);
    await watchdog.clock.advanceTo(START_MS + 60 * DAY_MS + MINUTE_MS);
    await watchdog.sweep();
    expect(watchdog.deleted()).toEqual(['job_100', 'job_30']);
  });

  test('is let go of when its budget is taken away, and the walk goes on', async () => {
    const first = await walked(POLICIES.replace('acts: 1000', 'acts: 1'));
    expect(first.deleted()).toEqual(['job_100']);
    const { clock, simulator, store } = first;
    const second = await openPurge({ policies: NO_BUDGET, clock, simulator, store });
    await clock.advanceTo(START_MS + 30 * MINUTE_MS);
    await second.sweep();
    await second.walk();
    expect(second.deleted()).toEqual(['job_100']);
    expect((await markOf(second))?.finishedAtMs).toBeDefined();
    expect(
      (await second.runtime.ports.ledger.dueClaims('purge', 'my-project', START_MS + DAY_MS, 9)).claims,
    ).toEqual([]);
  });
});

test('an open breaker stops the walk, and people are told of a few jobs, not of all', async () => {
  const policies = POLICIES.replace('mode: enforce', 'mode: enforce\nbreaker: { acts: 2, per: 1h }');
  const watchdog = await openPurge({ policies });
  for (let index = 0; index < 4; index++) watchdog.sensitive(`live_${index}`, START_MS - 16 * MINUTE_MS);
  await watchdog.sweepAt(0, 1);
  expect(watchdog.deleted()).toHaveLength(2);
  watchdog.alerts.length = 0;
  for (let index = 0; index < 100; index++)
    watchdog.sensitive(`old_${index}`, START_MS - 50 * DAY_MS + index);
  await watchdog.walk();
  expect(watchdog.alerts.length).toBeLessThanOrEqual(21);
  await watchdog.runtime.ports.ledger.resetBreaker({ verb: 'purge', policy: 'customers' });
  for (const minute of [10, 20]) {
    await watchdog.clock.advanceTo(START_MS + minute * MINUTE_MS);
    await watchdog.sweep();
    await watchdog.walk();
  }
  expect(watchdog.deleted()).toHaveLength(104);
});
