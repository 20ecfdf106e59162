import { describe, expect, test } from 'vitest';
import { BackgroundBudget } from '../../shared/bigquery/background-budget.ts';
import { type Budget, CallBudget, type Turn } from '../../shared/bigquery/budget.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';

const NEVER = Number.POSITIVE_INFINITY;

function world(limits = { requestsPerSecond: 10, inFlight: 1_000, abandonedMs: 60_000 }, share = 0.5) {
  const clock = new VirtualClock(0);
  const all = new CallBudget(clock, limits);
  const background = new BackgroundBudget(clock, limits, all);
  background.limitTo(share);
  const given: { id: string; atMs: number; turn: Turn | undefined }[] = [];
  const take = (id: string, budget: Budget, deadlineAtMs = NEVER): void =>
    void budget.take('get', deadlineAtMs).then((turn) => given.push({ id, atMs: clock.now(), turn }));
  const times = (start: string) =>
    given.filter(({ id }) => id.startsWith(start)).map(({ atMs, turn }) => (turn ? atMs : 'gone'));
  return { clock, all, background, take, times, given };
}

describe('turns that give way', () => {
  test('are so many a second, whatever is left of the account’s', async () => {
    const { clock, background, take, times } = world();
    for (let index = 0; index < 12; index++) take(`b${index}`, background);
    await clock.advanceTo(5_000);
    expect(times('b')).toEqual([...Array(5).fill(0), ...Array(5).fill(1_000), 2_000, 2_000]);
  });

  test('come after all that wait, and none more than the account may take', async () => {
    const { clock, all, background, take, times } = world();
    for (let index = 0; index < 10; index++) take(`a${index}`, all);
    take('b', background);
    for (let index = 10; index < 20; index++) take(`a${index}`, all);
    await clock.advanceTo(5_000);
    expect(times('a')).toEqual([...Array(10).fill(0), ...Array(10).fill(1_000)]);
    expect(times('b')).toEqual([2_000]);
  });

  test('come after those, too, who ask for one later', async () => {
    const { clock, all, background, take, times } = world(
      { requestsPerSecond: 2, inFlight: 9, abandonedMs: 1 },
      1,
    );
    for (let index = 0; index < 2; index++) take(`a${index}`, all);
    take('b', background);
    await clock.advanceTo(500);
    for (let index = 2; index < 4; index++) take(`a${index}`, all);
    await clock.advanceTo(5_000);
    expect(times('a')).toEqual([0, 0, 1_000, 1_000]);
    expect(times('b')).toEqual([2_000]);
  });

  test('are sent away when none comes in time, and hold nothing then', async () => {
    const { clock, all, background, take, times } = world(
      { requestsPerSecond: 2, inFlight: 9, abandonedMs: 1 },
      0.5,
    );
    for (let index = 0; index < 4; index++) take(`a${index}`, all);
    take('b0', background, 1_500);
    await clock.advanceTo(3_000);
    expect(times('b')).toEqual(['gone']);
    take('b1', background, 3_001);
    await clock.advanceTo(4_000);
    expect(times('b')).toEqual(['gone', 3_000]);
  });

  test('take their part of the places in flight, and give them back', async () => {
    const { clock, all, background, take, times, given } = world({
      requestsPerSecond: 99,
      inFlight: 4,
      abandonedMs: 9,
    });
    for (let index = 0; index < 3; index++) take(`b${index}`, background);
    await clock.advanceTo(10);
    expect(times('b')).toEqual([0, 0]);
    expect(all.inFlight).toBe(2);
    given[0]?.turn?.release();
    await clock.advanceTo(20);
    expect(times('b')).toHaveLength(3);
    for (const { turn } of given) turn?.release();
    expect(all.inFlight).toBe(0);
  });

  test('within another one of theirs need no further place, and are counted', async () => {
    const { clock, background, given } = world({ requestsPerSecond: 2, inFlight: 1, abandonedMs: 9 }, 1);
    const within: number[] = [];
    void background.take('delete', NEVER).then(async () => {
      await background.takeWithin('get', NEVER);
      within.push(clock.now());
      await background.takeWithin('get', NEVER);
      await background.takeWithin('get', NEVER);
      within.push(clock.now());
    });
    await clock.advanceTo(3_000);
    expect(within).toEqual([0, 1_000]);
    expect(given).toEqual([]);
  });
});

test('another part holds from then on', async () => {
  const { clock, background, take, times } = world();
  background.limitTo(0.1);
  for (let index = 0; index < 3; index++) take(`b${index}`, background);
  await clock.advanceTo(5_000);
  expect(times('b')).toEqual([0, 1_000, 2_000]);
});
