import { expect, test } from 'vitest';
import { VirtualClock } from '../../simulator/virtual-clock.ts';

test('sleepers wake in the order of their times, ties in the order in which they lay down', async () => {
  const clock = new VirtualClock(1_000);
  const woken: string[] = [];
  for (const [name, ms] of [
    ['c', 30],
    ['a', 10],
    ['d', 30],
    ['b', 20],
    ['now', 0],
  ] as const) {
    void clock.sleep(ms).then(() => woken.push(`${name}@${clock.now()}`));
  }
  await clock.advanceTo(1_029);
  expect(woken).toEqual(['now@1000', 'a@1010', 'b@1020']);
  await clock.advanceBy(1);
  expect(woken.slice(3)).toEqual(['c@1030', 'd@1030']);
});

test('who sleeps again while time passes wakes on the way', async () => {
  const clock = new VirtualClock(0);
  const woken: number[] = [];
  const loop = async (): Promise<void> => {
    for (let count = 0; count < 3; count++) {
      await clock.sleep(10);
      woken.push(clock.now());
    }
  };
  void loop();
  await clock.advanceTo(100);
  expect(woken).toEqual([10, 20, 30]);
  expect(clock.now()).toBe(100);
});

test('an aborted sleep rejects with the reason at once, and holds nobody up', async () => {
  const clock = new VirtualClock(0);
  const alarm = new AbortController();
  const sleep = clock.sleep(10, alarm.signal);
  alarm.abort(new Error('enough'));
  await expect(sleep).rejects.toThrow('enough');
  await expect(clock.sleep(10, alarm.signal)).rejects.toThrow('enough');
  await clock.advanceTo(20);
  expect(clock.now()).toBe(20);
});

test('run passes time until the work is done, and no further', async () => {
  const clock = new VirtualClock(0);
  expect(await clock.run(clock.sleep(5).then(() => 'done'))).toBe('done');
  expect(clock.now()).toBe(5);
  await expect(clock.run(new Promise(() => undefined))).rejects.toThrow('nothing is left to happen');
});

test('thousands of sleepers keep their order', async () => {
  const clock = new VirtualClock(0);
  const woken: number[] = [];
  for (let index = 0; index < 2_000; index++) {
    const ms = (index * 7_919) % 2_003;
    void clock.sleep(ms).then(() => woken.push(ms));
  }
  await clock.advanceTo(3_000);
  expect(woken).toEqual([...woken].sort((a, b) => a - b));
  expect(woken).toHaveLength(2_000);
});
