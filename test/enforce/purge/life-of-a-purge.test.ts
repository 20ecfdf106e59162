import { expect, test } from 'vitest';
import {
  asked,
  deleted,
  end,
  HOUR_MS,
  KEY,
  MINUTE_MS,
  nameOf,
  PERSON,
  SECOND_MS,
  START_MS,
  scheduled,
} from './purging.ts';

const ENDED_MS = START_MS - SECOND_MS;

test('a sensitive job is purged when it is due, not before, and told and certified', async () => {
  const purging = await scheduled({ redactionKey: KEY });
  expect(await purging.claim()).toMatchObject({
    state: 'claimed',
    policy: 'secrets',
    lookAtMs: ENDED_MS + 15 * MINUTE_MS,
    purge: { by: 'live', principal: PERSON, endedAtMs: ENDED_MS, dueAtMs: ENDED_MS + 15 * MINUTE_MS },
  });
  await purging.clock.advanceTo(ENDED_MS + 15 * MINUTE_MS - 1);
  expect(await purging.carryOut()).toEqual({ kind: 'left' });
  expect(asked(purging)).toBe(0);
  await purging.clock.advanceTo(ENDED_MS + 15 * MINUTE_MS);
  expect(await purging.carryOut()).toMatchObject({ kind: 'purged' });
  expect(deleted(purging)).toEqual(['job']);
  expect(purging.told()).toEqual(['purging', 'purged']);
  expect(await purging.claim()).toMatchObject({ state: 'ended', outcome: 'purged' });
  expect(await purging.ledger.certificateOf(nameOf('job'))).toEqual({
    job: nameOf('job'),
    children: [],
    principal: PERSON,
    policy: 'secrets',
    by: 'here',
    found: [{ detector: 'principals', field: 'user_email' }],
    seenDoneAtMs: ENDED_MS + 15 * MINUTE_MS,
    askedAtMs: [ENDED_MS + 15 * MINUTE_MS],
    verifiedAtMs: ENDED_MS + 15 * MINUTE_MS,
    copiesNotReached: [
      'audit-log',
      'log-sinks',
      'information-schema',
      'results',
      'watchdog-subscriptions',
      'query-history-of-tools',
      'alert-consumers',
    ],
  });
});

test('a job that failed has its longer time', async () => {
  const error = { reason: 'invalidQuery', message: 'no' };
  const purging = await scheduled({}, { error });
  await purging.pass(23 * HOUR_MS);
  expect(asked(purging)).toBe(0);
  await purging.pass(2 * HOUR_MS);
  expect(deleted(purging)).toEqual(['job']);
});

test('an id that is used again is a job like any other, which is purged as well', async () => {
  const purging = await scheduled();
  await purging.pass(20 * MINUTE_MS);
  expect(deleted(purging)).toEqual(['job']);
  end(purging, { createdAtMs: purging.clock.now() + HOUR_MS });
  await purging.clock.advanceTo(purging.clock.now() + 2 * HOUR_MS);
  expect(await purging.follow()).toMatchObject({ kind: 'scheduled' });
  await purging.pass(MINUTE_MS);
  expect(deleted(purging)).toEqual(['job', 'job']);
  expect((await purging.ledger.certificates(0, 10)).certificates).toHaveLength(2);
});

test('an old answer that shows a job just purged begins nothing', async () => {
  const purging = await scheduled();
  const { jobs } = purging.ports;
  const look = await purging.clock.run(jobs.getWhole(nameOf('job'), purging.span()));
  await purging.pass(16 * MINUTE_MS);
  const { dateMs: _, ...old } = look;
  jobs.getWhole = async () => {
    const now = purging.clock.now();
    return { ...old, dateMs: now, sentAtMs: now, receivedAtMs: now };
  };
  expect(await purging.follow()).toEqual({ kind: 'nothing' });
  expect(await purging.claim()).toMatchObject({ state: 'ended', outcome: 'purged' });
});
