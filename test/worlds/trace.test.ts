import { describe, expect, test } from 'vitest';
import { runWorld } from './run-world.ts';

describe('a world', () => {
  test.each([1, 2, 44, 1_000_003])('of seed %i leaves the same trace each time it is lived', async (seed) => {
    const first = await runWorld(seed, true);
    const second = await runWorld(seed, true);
    expect(first.trace.length).toBeGreaterThan(20);
    expect(second.trace.join('\n')).toBe(first.trace.join('\n'));
  });

  test('goes the same way whether or not anybody reads its trace', async () => {
    const read = await runWorld(3, true);
    const unread = await runWorld(3);
    expect(unread.trace).toEqual([]);
    expect([...unread.counts]).toEqual([...read.counts]);
  });

  test('of another seed is another world', async () => {
    const [one, other] = [await runWorld(5, true), await runWorld(6, true)];
    expect(other.trace.join('\n')).not.toBe(one.trace.join('\n'));
  });
});
