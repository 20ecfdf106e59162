import { expect, test } from 'vitest';
import { inTurns } from '../../shared/watch/in-turns.ts';

interface Work {
  begun: number[];
  ended: number[];
  finish(item: number): void;
  fail(item: number): void;
  work(item: number): Promise<string>;
}

function openWork(): Work {
  const waiting = new Map<number, PromiseWithResolvers<string>>();
  const of = (item: number) => {
    const one = waiting.get(item) ?? Promise.withResolvers<string>();
    waiting.set(item, one);
    return one;
  };
  const begun: number[] = [];
  const ended: number[] = [];
  return {
    begun,
    ended,
    finish: (item) => of(item).resolve(`done ${item}`),
    fail: (item) => of(item).reject(new Error(`failed ${item}`)),
    work: async (item) => {
      begun.push(item);
      try {
        return await of(item).promise;
      } finally {
        ended.push(item);
      }
    },
  };
}

test('so many are under way at once, and are told in their order', async () => {
  const { begun, finish, work } = openWork();
  const turns = inTurns([1, 2, 3, 4], 2, work);
  const first = turns.next();
  finish(2);
  finish(1);
  expect(await first).toEqual({ done: false, value: 'done 1' });
  expect(begun).toEqual([1, 2]);
  expect(await turns.next()).toEqual({ done: false, value: 'done 2' });
  expect(begun).toEqual([1, 2, 3]);
  finish(3);
  finish(4);
  expect([await turns.next(), await turns.next(), await turns.next()]).toMatchObject([
    { value: 'done 3' },
    { value: 'done 4' },
    { done: true },
  ]);
});

/** Until all that can go on without anybody's doing has. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('after a failure nothing more is begun, and what was under way has ended before it is told', async () => {
  const { begun, ended, fail, finish, work } = openWork();
  const turns = inTurns([1, 2, 3], 2, work);
  let told: unknown;
  const first = turns.next().catch((error: unknown) => {
    told = error;
  });
  fail(1);
  await settled();
  expect(told).toBeUndefined();
  finish(2);
  await first;
  expect(told).toEqual(new Error('failed 1'));
  expect({ begun, ended }).toEqual({ begun: [1, 2], ended: [1, 2] });
});

test('whoever leaves early waits for what is under way, and nothing more is begun', async () => {
  const { begun, finish, work } = openWork();
  const turns = inTurns([1, 2, 3], 2, work);
  const first = turns.next();
  finish(1);
  await first;
  let hasLeft = false;
  const left = turns.return(undefined).then(() => {
    hasLeft = true;
  });
  await settled();
  expect(hasLeft).toBe(false);
  finish(2);
  await left;
  expect(begun).toEqual([1, 2]);
});

test('where it does not go on, what was begun is told all the same', async () => {
  const { begun, finish, work } = openWork();
  const told: string[] = [];
  for (const item of [1, 2, 3]) finish(item);
  for await (const result of inTurns([1, 2, 3], 2, work, (result) => result !== 'done 1')) told.push(result);
  expect({ begun, told }).toEqual({ begun: [1, 2], told: ['done 1', 'done 2'] });
});
