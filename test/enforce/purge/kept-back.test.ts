import { describe, expect, test } from 'vitest';
import {
  asked,
  childOf,
  DAY_MS,
  deleted,
  end,
  HOUR_MS,
  holding,
  MINUTE_MS,
  openPurging,
  type Purging,
  purgePolicy,
  START_MS,
  scheduled,
} from './purging.ts';

const DUE_MS = 15 * MINUTE_MS;
const PASSED_MS = 20 * MINUTE_MS;
const STOP = { atMs: START_MS, by: 'ada' };

/** Has something happen when policies, or holds, are read for the nth time, before that is answered. */
function atRead(purging: Purging, port: 'policies' | 'holds', nth: number, happen: () => unknown): void {
  const { policies, holds } = purging.ports;
  let reads = 0;
  const count = async (): Promise<void> => {
    if (++reads === nth) await happen();
  };
  const [readPolicies, readHolds] = [policies.latest.bind(policies), holds.latest.bind(holds)];
  if (port === 'policies') policies.latest = () => count().then(readPolicies);
  else holds.latest = () => count().then(readHolds);
}

describe('a legal hold', () => {
  test('keeps a job, of which people are told once, and when it is taken away the job is purged', async () => {
    const purging = await scheduled({ holds: holding('job') });
    await purging.pass(DAY_MS);
    expect(asked(purging)).toBe(0);
    expect(purging.told()).toEqual(['observed held']);
    expect(await purging.claim()).toMatchObject({ state: 'claimed', purge: { heldBy: 'held' } });
    purging.setHolds('version: 1\nholds: []\n');
    await purging.pass(2 * HOUR_MS);
    expect(deleted(purging)).toEqual(['job']);
  });

  test('that ends keeps it no longer', async () => {
    const until = new Date(START_MS + 3 * HOUR_MS).toISOString();
    const purging = await scheduled({ holds: holding('job').replace('indefinite', until) });
    await purging.pass(3 * HOUR_MS);
    expect(asked(purging)).toBe(0);
    await purging.pass(2 * MINUTE_MS);
    expect(deleted(purging)).toEqual(['job']);
  });

  test('that is added when the delete is about to be sent wins', async () => {
    const purging = await scheduled();
    atRead(purging, 'holds', 2, () => purging.setHolds(holding('job')));
    await purging.pass(PASSED_MS);
    expect(asked(purging)).toBe(0);
    expect(purging.told()).toEqual(['observed held']);
    expect(await purging.claim()).toMatchObject({ state: 'claimed', askedAtMs: [] });
    expect((await purging.claim())?.purge).not.toHaveProperty('seenDoneAtMs');
  });

  test('on a child keeps the whole family', async () => {
    const purging = await scheduled({}, { children: [{}] });
    purging.setHolds(holding(childOf(purging)));
    await purging.pass(PASSED_MS);
    expect(asked(purging)).toBe(0);
    expect(purging.told()).toEqual(['observed held']);
  });
});

describe('holds that cannot be read', () => {
  test.each([
    ['when it is due', 0],
    ['right before the delete', 2],
  ])('%s keep everything, until they can; people are told once an hour', async (_, nth) => {
    const purging = await scheduled();
    if (nth > 0) atRead(purging, 'holds', nth, () => purging.setHolds(undefined));
    else purging.setHolds(undefined);
    await purging.pass(DUE_MS + 50 * MINUTE_MS);
    expect(asked(purging)).toBe(0);
    expect(await purging.claim()).toMatchObject({ state: 'claimed', purge: { heldBy: 'holds-unreadable' } });
    const refusals = purging.alerts.filter(({ type }) => type === 'bigquery-watchdog.holds.refused.v1');
    expect(refusals).toHaveLength(2);
    purging.setHolds('version: 1\nholds: []\n');
    await purging.pass(2 * MINUTE_MS);
    expect(deleted(purging)).toEqual(['job']);
  });

  test('for they are broken, keep everything too', async () => {
    const purging = await scheduled();
    purging.setHolds('version: 1\nholds: [{ id: 7 }]\n');
    await purging.pass(PASSED_MS);
    expect(asked(purging)).toBe(0);
    expect(purging.faults).toEqual([]);
  });
});

describe('a policy that has changed since', () => {
  test.each([
    { what: 'exempts the job', policies: purgePolicy('except: { projects: [my-project] }'), told: [] },
    { what: 'only observes', policies: purgePolicy('mode: observe'), told: ['observed observe-mode'] },
  ])('has nothing done when it $what', async ({ policies, told }) => {
    const purging = await scheduled();
    purging.setPolicies(policies);
    await purging.pass(PASSED_MS);
    expect(asked(purging)).toBe(0);
    expect(purging.told()).toEqual(told);
    expect(await purging.claim()).toMatchObject({ state: 'void' });
  });

  test('right before the delete has nothing done by the old one', async () => {
    const purging = await scheduled();
    atRead(purging, 'policies', 2, () => purging.setPolicies(purgePolicy('mode: observe')));
    await purging.pass(PASSED_MS);
    expect(asked(purging)).toBe(0);
    expect(await purging.claim()).toMatchObject({ state: 'void' });
  });

  test('has its longer time', async () => {
    const purging = await scheduled();
    purging.setPolicies(purgePolicy().replace('after: 15m', 'after: 3h'));
    await purging.pass(2 * HOUR_MS);
    expect(asked(purging)).toBe(0);
    expect(purging.told()).toEqual([]);
    await purging.pass(HOUR_MS + MINUTE_MS);
    expect(deleted(purging)).toEqual(['job']);
  });
});

describe('a person who stopped all acts', () => {
  test('keeps everything until they let acts be done again, also what ends meanwhile', async () => {
    const purging = await scheduled();
    await purging.ledger.stop(STOP);
    end(purging, { jobId: 'later' });
    expect(await purging.follow('later')).toMatchObject({ kind: 'scheduled' });
    await purging.pass(HOUR_MS);
    expect(asked(purging)).toBe(0);
    expect(purging.told()).toEqual(['observed stopped']);
    await purging.ledger.resume();
    await purging.pass(6 * MINUTE_MS);
    expect(deleted(purging).toSorted()).toEqual(['job', 'later']);
  });

  test('right before the delete is in time', async () => {
    const purging = await scheduled();
    atRead(purging, 'policies', 2, () => purging.ledger.stop(STOP));
    await purging.pass(PASSED_MS);
    expect(asked(purging)).toBe(0);
    expect(await purging.claim()).toMatchObject({ state: 'claimed', purge: { heldBy: 'stopped' } });
  });
});

describe('a breaker', () => {
  const ONE = purgePolicy('breaker: { acts: 1, per: 1h }');

  test('that trips lets so many through, and what is left once it is reset', async () => {
    const purging = await openPurging({ policies: ONE });
    for (const jobId of ['job', 'other']) {
      end(purging, { jobId });
      await purging.follow(jobId);
    }
    await purging.pass(HOUR_MS);
    expect(deleted(purging)).toHaveLength(1);
    const left = deleted(purging)[0] === 'job' ? 'other' : 'job';
    expect(purging.told(left)).toEqual(['observed breaker-open']);
    await purging.ledger.resetBreaker({ verb: 'purge', policy: 'secrets' });
    await purging.pass(2 * MINUTE_MS);
    expect(deleted(purging)).toHaveLength(2);
  });

  test('that is open bars no other policy', async () => {
    const other = `${ONE}  - name: others\n    sensitive: { principals: ["ada@*"] }\n    purge: { after: 20m }\n`;
    const purging = await openPurging({ policies: other });
    for (const jobId of ['job', 'other']) {
      end(purging, { jobId });
      await purging.follow(jobId);
    }
    await purging.pass(HOUR_MS);
    expect(deleted(purging)).toHaveLength(2);
    const claims = await purging.ledger.recentClaims(0, 10);
    expect(claims.map(({ policy }) => policy).toSorted()).toEqual(['others', 'secrets']);
  });
});

test('a dry run sends nothing, and says so', async () => {
  const purging = await scheduled({ dryRun: true });
  await purging.pass(PASSED_MS);
  expect(asked(purging)).toBe(0);
  expect(purging.told()).toEqual(['observed dry-run']);
  expect(await purging.claim()).toMatchObject({ state: 'void', outcome: 'dry-run', askedAtMs: [] });
});

test('what is only observed gets no claim, and is told once', async () => {
  const purging = await openPurging({ policies: purgePolicy('mode: observe') });
  end(purging);
  expect(await purging.follow()).toEqual({ kind: 'observed' });
  await purging.follow();
  await purging.pass(PASSED_MS);
  expect(await purging.claim()).toBeUndefined();
  expect(asked(purging)).toBe(0);
  expect(purging.told()).toEqual(['observed observe-mode']);
});

test('what no policy takes is left alone', async () => {
  const purging = await openPurging();
  end(purging, { principal: 'etl@my-project.iam.gserviceaccount.com' });
  expect(await purging.follow()).toEqual({ kind: 'nothing' });
  expect(await purging.claim()).toBeUndefined();
});

describe('the clean-up of history', () => {
  test('of a policy without a budget for it is only reported', async () => {
    const purging = await openPurging();
    end(purging);
    expect(await purging.follow('job', 'history')).toEqual({ kind: 'reported' });
    expect(await purging.claim()).toBeUndefined();
  });

  test('does nothing while the breaker of its policy is open', async () => {
    const policies = purgePolicy('', ', history: { acts: 9, per: 24h }');
    const purging = await openPurging({ policies });
    end(purging, { createdAtMs: START_MS - DAY_MS });
    const alert = { ceId: 'a', event: {} };
    const scope = { verb: 'purge', policy: 'secrets' } as const;
    await purging.ledger.tripBreaker(scope, { atMs: START_MS, why: 'b' }, alert);
    await purging.follow('job', 'history');
    expect(await purging.carryOut()).toEqual({ kind: 'kept-back', by: 'breaker-open' });
    expect(asked(purging)).toBe(0);
    await purging.clock.advanceTo(START_MS + MINUTE_MS);
    const looks = purging.calls.length;
    // As long as it waits for a person nothing is looked at.
    expect(await purging.carryOut()).toEqual({ kind: 'left' });
    expect(purging.calls).toHaveLength(looks);
  });

  test('spends its budget, and neither trips the breaker nor takes its slots', async () => {
    const policies = purgePolicy('breaker: { acts: 1, per: 1h }', ', history: { acts: 1, per: 24h }');
    const purging = await openPurging({ policies });
    for (const jobId of ['job', 'other', 'live']) {
      end(purging, { jobId, createdAtMs: START_MS - DAY_MS });
      await purging.follow(jobId, jobId === 'live' ? 'live' : 'history');
    }
    expect(await purging.carryOut('job')).toMatchObject({ kind: 'purged' });
    expect(await purging.carryOut('other')).toEqual({ kind: 'kept-back', by: 'capped' });
    expect(await purging.carryOut('live')).toMatchObject({ kind: 'purged' });
    expect(purging.told('other')).toEqual([]);
    await purging.pass(DAY_MS + HOUR_MS);
    expect(deleted(purging)).toEqual(['job', 'live', 'other']);
  });
});

describe('what a person confirmed and BigQuery was not asked for', () => {
  test('is done by sweeps where they would have found it by themselves', async () => {
    const purging = await openPurging();
    end(purging);
    await purging.follow('job', 'hand');
    await purging.pass(20 * MINUTE_MS);
    expect(deleted(purging)).toEqual(['job']);
  });

  test('is nobody’s where it is older', async () => {
    const purging = await openPurging({ policies: purgePolicy().replace('after: 15m', 'after: 4d') });
    end(purging);
    await purging.follow('job', 'hand');
    await purging.pass(5 * DAY_MS, HOUR_MS);
    expect(deleted(purging)).toEqual([]);
    expect(await purging.claim()).toMatchObject({ state: 'void', outcome: 'not-asked' });
  });
});
