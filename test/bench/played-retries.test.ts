import { describe, expect, test } from 'vitest';
import { playRetries, RetriesFellShort } from '../../bench/retries/played-retries.ts';
import { type RetryScene, settleFloorMs, startFloorMs } from '../../bench/retries/retry-floor.ts';

const ONE: RetryScene = { failures: 1, successes: 0, accounts: 1, callMs: 25 };
const MANY: RetryScene = { failures: 30, successes: 20, accounts: 3, callMs: 25 };

describe('retries at 25 ms a call', () => {
  test('one costs the calls that docs/retry.md tells of those that need not ask for the time', async () => {
    const { starting, settling } = await playRetries(ONE);
    expect(Object.fromEntries(starting.calls)).toEqual({
      list: 4,
      get: 2,
      insert: 1,
      generateAccessToken: 1,
    });
    expect(Object.fromEntries(settling.calls)).toEqual({ list: 2, get: 2 });
  });

  test.for([
    { name: 'one', scene: ONE },
    { name: 'many, beside jobs that succeed', scene: MANY },
  ])('$name: every failure is run again once, and no sooner than it can be', async ({ scene }) => {
    const { starting, settling } = await playRetries(scene);
    expect(starting.calls.get('insert')).toBe(scene.failures);
    expect(starting.lastMs).toBeGreaterThanOrEqual(startFloorMs(scene));
    expect(settling.calls.get('insert')).toBeUndefined();
    expect(settling.lastMs).toBeGreaterThanOrEqual(settleFloorMs(scene));
  });

  test('the same scene gives the same times and calls', async () => {
    expect(await playRetries(MANY)).toEqual(await playRetries(MANY));
  });

  test('a sweep that leaves failures alone is not timed', async () => {
    // So slow that no list comes before a call is given up.
    await expect(playRetries({ ...ONE, callMs: 30_000 })).rejects.toThrow(RetriesFellShort);
  });
});
