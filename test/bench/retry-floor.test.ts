import { describe, expect, test } from 'vitest';
import { settleFloorMs, startFloorMs } from '../../bench/retries/retry-floor.ts';

describe('the floor of retries at 25 ms a call', () => {
  test.for([
    { name: 'of one failure: list, get, insert', failures: 1, successes: 0, start: 75, settle: 25 },
    { name: 'a second’s quota of gets is free', failures: 100, successes: 400, start: 75, settle: 25 },
    { name: 'one more waits for the next', failures: 101, successes: 0, start: 1_075, settle: 1_025 },
    {
      name: 'of many, whose gets go beside the pages',
      failures: 1_000,
      successes: 0,
      start: 9_075,
      settle: 9_025,
    },
    { name: 'one job more is one page more', failures: 100, successes: 401, start: 100, settle: 25 },
    { name: 'of few among many', failures: 1, successes: 9_999, start: 550, settle: 25 },
  ])('$name', ({ failures, successes, start, settle }) => {
    const scene = { failures, successes, accounts: 10, callMs: 25 };
    expect({ start: startFloorMs(scene), settle: settleFloorMs(scene) }).toEqual({ start, settle });
  });
});
