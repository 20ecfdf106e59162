import { expect, test } from 'vitest';
import { Stopwatch } from '../../demo/stopwatch.ts';

test('time stands still until it is started', () => {
  let realMs = 100;
  const stopwatch = new Stopwatch(5, () => realMs);
  realMs = 3_000;
  expect(stopwatch.now()).toBe(0);
  stopwatch.start();
  expect(stopwatch.now()).toBe(0);
  realMs += 4;
  expect(stopwatch.now()).toBe(4);
});

test('a pause of the machine is one step long', () => {
  let realMs = 0;
  const stopwatch = new Stopwatch(5, () => realMs);
  stopwatch.start();
  realMs = 10_000;
  expect(stopwatch.now()).toBe(5);
});
