import { expect, test } from 'vitest';
import {
  childOf,
  end,
  HOUR_MS,
  MINUTE_MS,
  openPurging,
  purgePolicy,
  START_MS,
  scheduled,
} from './purging.ts';

const DUE_MS = 15 * MINUTE_MS;

test('the purge of a job takes a get when it is found, two when it is due, the delete, and a get to see it gone', async () => {
  const purging = await scheduled();
  expect(purging.calls).toEqual(['get job']);
  await purging.clock.advanceTo(START_MS + DUE_MS);
  await purging.carryOut();
  expect(purging.calls.slice(1)).toEqual(['get job', 'get job', 'delete job', 'get job']);
});

test('the purge of a script takes besides, each time, a list of its children and a get for each', async () => {
  const purging = await openPurging();
  end(purging, { children: [{}], createdAtMs: START_MS - HOUR_MS });
  await purging.follow();
  const child = childOf(purging);
  await purging.carryOut();
  expect(purging.calls).toEqual([
    ...['get job', 'list job', `get ${child}`],
    // That the clocks agree was just seen.
    ...['get job', 'list job', `get ${child}`],
    ...['delete job', 'get job', `get ${child}`, 'list job'],
  ]);
});

test('a job that no policy takes costs one get, whatever it is, and no read of the holds', async () => {
  const purging = await openPurging({ policies: purgePolicy('match: { projects: [other-project] }') });
  purging.setHolds(undefined);
  end(purging, { children: [{}], createdAtMs: START_MS - HOUR_MS });
  expect(await purging.follow()).toEqual({ kind: 'nothing' });
  expect(purging.calls).toEqual(['get job']);
  expect(purging.alerts).toEqual([]);
});

test('what is on hold is looked at every half hour to hour', async () => {
  const purging = await openPurging();
  purging.setHolds(
    'version: 1\nholds: [{ id: a, reason: b, until: indefinite, match: { projects: [my-project] } }]\n',
  );
  end(purging);
  await purging.follow();
  await purging.pass(24 * HOUR_MS);
  const looks = purging.calls.length / 2;
  expect(looks).toBeGreaterThan(24);
  expect(looks).toBeLessThan(48);
});
