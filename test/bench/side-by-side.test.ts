import { expect, test } from 'vitest';
import { sideBySide } from '../../bench/side-by-side.ts';

test('every round measures each once, and begins with another one', async () => {
  const order: string[] = [];
  const take = (name: string) => async () => order.push(name);
  const rounds = await sideBySide(3, { a: take('a'), b: take('b') });
  expect(order.join('')).toBe('abbaab');
  expect(rounds.values('a')).toEqual([1, 4, 5]);
  expect(rounds.values('b')).toEqual([2, 3, 6]);
});

test('only what was measured in the same round is compared', async () => {
  // A machine that gets slower and slower: the ratio stays.
  let pace = 1;
  const slow = async () => 3 * pace++;
  const fast = async () => pace;
  const rounds = await sideBySide(1, { slow, fast });
  expect(rounds.ratios('slow', 'fast')).toEqual([1.5]);
  expect((await sideBySide(0, { slow, fast })).ratios('slow', 'fast')).toEqual([]);
});
