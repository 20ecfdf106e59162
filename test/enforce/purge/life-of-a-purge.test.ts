import { expect, test } from 'vitest';
import {
  asked,
  deleted,
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
