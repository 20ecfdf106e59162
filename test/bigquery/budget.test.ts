import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallBudget, type Turn } from '../../shared/bigquery/budget.ts';
import type { JobsMethod } from '../../shared/bigquery/jobs-api.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';

const NEVER = Number.POSITIVE_INFINITY;
const LIMITS = { requestsPerSecond: 3, inFlight: 1_000, abandonedMs: 60_000 };

interface Given {
  readonly id: string;
  readonly atMs: number;
  readonly turn: Turn | undefined;
}

function world(limits = LIMITS, startMs = 0) {
  const clock = new VirtualClock(startMs);
  const budget = new CallBudget(clock, limits);
  const given: Given[] = [];
  const take = (id: string, method: JobsMethod = 'get', deadlineAtMs = NEVER): Promise<void> =>
    budget.take(method, deadlineAtMs).then((turn) => {
      given.push({ id, atMs: clock.now(), turn });
    });
  const times = () =>
    given.map(({ id, turn, atMs }) => `${id} ${turn === undefined ? 'gone' : 'on'} ${atMs}`);
  return { clock, budget, given, take, times };
}

describe('the rate', () => {
  it('gives so many turns in a second, and the others in the order they came', async () => {
    const { clock, take, times } = world();
    for (const id of ['a', 'b', 'c', 'd', 'e']) take(id);
    await clock.advanceTo(10_000);
    expect(times()).toEqual(['a on 0', 'b on 0', 'c on 0', 'd on 1000', 'e on 1000']);
  });

  it('is of each method on its own: a cancel does not wait behind gets', async () => {
    const { clock, take, times } = world();
    for (const id of ['a', 'b', 'c', 'd']) take(id, 'get');
    take('x', 'cancel');
    await clock.advanceTo(0);
    expect(times()).toEqual(['a on 0', 'b on 0', 'c on 0', 'x on 0']);
  });

  it.each([
    ['at its turn', 1_000, ['d gone 0']],
    ['a millisecond after its turn', 1_001, ['d on 1000']],
  ])(
    'sends away at once who cannot have a turn in time: a deadline %s',
    async (_, deadlineAtMs, expected) => {
      const { clock, take, times } = world();
      for (const id of ['a', 'b', 'c']) take(id);
      await clock.advanceTo(0);
      take('d', 'get', deadlineAtMs);
      await clock.advanceTo(5_000);
      expect(times().slice(3)).toEqual(expected);
    },
  );

  it('counts those who wait before, also over several seconds', async () => {
    const { clock, take, times } = world();
    for (let index = 0; index < 9; index++) take(`${index}`);
    take('in vain', 'get', 3_000);
    take('in time', 'get', 3_001);
    await clock.advanceTo(10_000);
    expect(times()).toContain('in vain gone 0');
    expect(times().at(-1)).toBe('in time on 3000');
  });

  it('is kept in every second, whoever comes when', async () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(gaps, async (waits) => {
        const { clock, take, given } = world();
        for (const [index, wait] of waits.entries()) {
          await clock.advanceBy(wait);
          take(`${index}`);
        }
        await clock.advanceBy(60_000);
        expect(given.map(({ id }) => id)).toEqual(waits.map((_, index) => `${index}`));
        for (const [index, { atMs }] of given.entries()) {
          const before = given[index - LIMITS.requestsPerSecond];
          if (before !== undefined) expect(atMs - before.atMs).toBeGreaterThanOrEqual(1_000);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('makes nobody wait for longer than a second because a clock was set back', async () => {
    let nowMs = 1_000_000;
    const virtual = new VirtualClock(0);
    const clock = { now: () => nowMs + virtual.now(), sleep: virtual.sleep.bind(virtual) };
    const budget = new CallBudget(clock, { ...LIMITS, requestsPerSecond: 1 });
    await budget.take('get', NEVER);
    nowMs -= 500_000;
    let given = false;
    budget.take('get', NEVER).then(() => {
      given = true;
    });
    await virtual.advanceTo(1_000);
    expect(given).toBe(true);
  });
});

describe('what is in flight', () => {
  const ONE = { requestsPerSecond: 1_000, inFlight: 1, abandonedMs: 60_000 };

  it('is bounded over all methods, and passes on in order', async () => {
    const { clock, take, given, times } = world(ONE);
    take('a', 'get');
    take('b', 'list');
    take('c', 'get');
    await clock.advanceTo(500);
    given[0]?.turn?.release();
    await clock.advanceTo(700);
    given[1]?.turn?.release();
    await clock.advanceTo(900);
    expect(times()).toEqual(['a on 0', 'b on 500', 'c on 700']);
  });

  it('is given back once, however often it is said', async () => {
    const { clock, take, given, times, budget } = world(ONE);
    for (const id of ['a', 'b', 'c']) take(id);
    await clock.advanceTo(0);
    given[0]?.turn?.release();
    given[0]?.turn?.release();
    await clock.advanceTo(100);
    expect(times()).toEqual(['a on 0', 'b on 0']);
    expect(budget.inFlight).toBe(1);
  });

  it('sends away at its deadline who waits for a place', async () => {
    const { clock, take, given, times } = world(ONE);
    take('a');
    take('b', 'get', 2_000);
    take('c', 'get', 2_001);
    await clock.advanceTo(2_000);
    given[0]?.turn?.release();
    await clock.advanceTo(3_000);
    expect(times()).toEqual(['a on 0', 'b gone 2000', 'c on 2000']);
  });

  it('counts what was abandoned, for a while', async () => {
    const { clock, take, given, times } = world(ONE);
    take('a');
    take('b');
    await clock.advanceTo(1_000);
    given[0]?.turn?.abandon();
    await clock.advanceTo(60_999);
    expect(times()).toEqual(['a on 0']);
    await clock.advanceTo(61_000);
    expect(times()).toEqual(['a on 0', 'b on 61000']);
  });
});
