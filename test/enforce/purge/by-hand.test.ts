import { describe, expect, test } from 'vitest';
import { carryOutPurge } from '../../../shared/enforce/purge.ts';
import { type PurgedByHand, planPurge, purgeByHand } from '../../../shared/enforce/purge-by-hand.ts';
import { NO_HOLDS } from '../../../shared/policy/holds/holds.ts';
import {
  asked,
  childOf,
  DAY_MS,
  deleted,
  end,
  HOUR_MS,
  holding,
  LEASE_MS,
  MINUTE_MS,
  nameOf,
  openPurging,
  PERSON,
  type Purging,
  type PurgingOptions,
  purgePolicy,
  START_MS,
  scheduled,
} from './purging.ts';

const NO_POLICY = purgePolicy().replace('*@example.com', 'nobody');
const ETL = 'etl@my-project.iam.gserviceaccount.com';
/** One policy more, which has failed jobs of ETL run again. */
const RETRYING = `
  - { name: again, match: { principals: ["${ETL}"] }, retry: { reasons: [backendError], deadline: 6h } }
`;
const ENDED_MS = START_MS - 1_000;

function byHand({ clock, ports, span }: Purging, jobId = 'job', location = 'US'): Promise<PurgedByHand> {
  const name = { ...nameOf(jobId), location };
  return clock.run(purgeByHand(name, 'grace', span(), { ...ports, holder: 'hand-1' }));
}

async function ended(options: PurgingOptions = {}, more = {}): Promise<Purging> {
  const purging = await openPurging({ policies: NO_POLICY, ...options });
  end(purging, more);
  return purging;
}

test('a job is purged at once, whatever the policies say, and certified in the name of the person', async () => {
  const purging = await ended({}, { children: [{}], createdAtMs: Date.UTC(2026, 8, 1) });
  const child = childOf(purging);
  const plan = await purging.clock.run(planPurge(nameOf('job'), purging.span(), purging.ports));
  expect(plan).toMatchObject({ kind: 'planned', job: { principal: PERSON }, children: [nameOf(child)] });
  expect(await byHand(purging)).toMatchObject({
    kind: 'purged',
    certificate: { by: 'grace', policy: 'by-hand', found: [], children: [child] },
  });
  expect(deleted(purging)).toEqual(['job', child]);
  expect(purging.told()).toEqual([]);
  const { alerts } = await purging.ledger.unpublishedAlerts(10);
  expect(alerts.map(({ event }) => event['type'])).toEqual([
    'bigquery-watchdog.job.purging.v1',
    'bigquery-watchdog.job.purged.v1',
  ]);
});

describe('nothing is done, and the reason is told,', () => {
  const FAILED = { error: { reason: 'backendError', message: 'no' } };

  test('of a job that is not there, or not at that location', async () => {
    const purging = await ended();
    expect(await byHand(purging, 'other')).toEqual({ kind: 'gone' });
    expect(await byHand(purging, 'job', 'EU')).toEqual({ kind: 'gone' });
  });

  test('of a child', async () => {
    const purging = await ended({}, { children: [{}] });
    expect(await byHand(purging, childOf(purging))).toMatchObject({ kind: 'child', parent: nameOf('job') });
  });

  test('of a job that runs', async () => {
    const purging = await ended({}, { runMs: DAY_MS });
    expect(await byHand(purging)).toMatchObject({ kind: 'not-ended', running: nameOf('job') });
  });

  test('of what is on hold', async () => {
    const purging = await ended({ holds: holding('job') });
    expect(await byHand(purging)).toMatchObject({ kind: 'on-hold', hold: { hold: 'case-1' } });
  });

  test('while holds cannot be read', async () => {
    const purging = await ended();
    purging.setHolds(undefined);
    expect(await byHand(purging)).toMatchObject({
      kind: 'holds-unreadable',
      fault: expect.stringContaining('holds.yaml'),
    });
  });

  test('while it is to be run again', async () => {
    const purging = await ended({}, FAILED);
    const untilMs = purging.clock.now() + DAY_MS;
    const retry = {
      attemptId: 'a',
      principal: PERSON,
      reason: 'backendError',
      rootEndedAtMs: 0,
      failedAtMs: 0,
      deadlineAtMs: untilMs,
    };
    const finding = {
      policy: 'etl',
      degree: 'crossed',
      action: 'retry',
      mode: 'enforce',
      sentence: '',
    } as const;
    const claim = {
      job: nameOf('job'),
      verb: 'retry',
      attempt: 1,
      policy: 'etl',
      finding,
      holder: 'x',
    } as const;
    await purging.ledger.schedule({ ...claim, retry, dueAtMs: untilMs }, []);
    expect(await byHand(purging)).toMatchObject({ kind: 'retry-pending', untilMs });
  });

  test('while a policy has it run again, though the ledger has nothing of it yet', async () => {
    const purging = await ended({ policies: NO_POLICY + RETRYING }, { ...FAILED, principal: ETL });
    const { clock, ports } = purging;
    const asPerson = { ...purging, ports: { ...ports, retries: ports.policies } };
    expect(await byHand(asPerson)).toMatchObject({ kind: 'retry-pending', untilMs: ENDED_MS + 6 * HOUR_MS });
    await clock.advanceTo(ENDED_MS + 6 * HOUR_MS + MINUTE_MS);
    expect(await byHand(asPerson)).toMatchObject({ kind: 'purged' });
  });

  test('when a policy that has it run again is added in the last moment', async () => {
    const purging = await ended({}, { ...FAILED, principal: ETL });
    const { ports } = purging;
    let reads = 0;
    const latest = async () => {
      if (++reads === 3) purging.setPolicies(NO_POLICY + RETRYING);
      return ports.policies.latest();
    };
    const asPerson = { ...purging, ports: { ...ports, retries: { latest } } };
    expect(await byHand(asPerson)).toMatchObject({ kind: 'retry-pending' });
    expect(asked(purging)).toBe(0);
  });

  test('while the watchdog is at it', async () => {
    const purging = await scheduled();
    const { ledger } = purging;
    const claim = await purging.claim();
    if (!claim) throw new Error('there is no claim');
    await ledger.win({ ...claim, holder: 'there', leaseMs: LEASE_MS });
    expect(await byHand(purging)).toMatchObject({ kind: 'held', claim: { holder: 'there' } });
  });

  test('when a hold is added in the last moment', async () => {
    const purging = await ended();
    const { holds } = purging.ports;
    const read = holds.latest.bind(holds);
    let reads = 0;
    holds.latest = async () => {
      if (++reads === 3) purging.setHolds(holding('job'));
      return read();
    };
    expect(await byHand(purging)).toMatchObject({ kind: 'on-hold' });
    expect(asked(purging)).toBe(0);
    expect(await purging.claim()).toMatchObject({ state: 'void' });
  });
});

describe('a purge that the watchdog had put off', () => {
  test('is done now, in its stead', async () => {
    const purging = await scheduled();
    expect(await byHand(purging)).toMatchObject({ kind: 'purged', certificate: { by: 'grace' } });
    await purging.pass(20 * MINUTE_MS);
    expect(asked(purging)).toBe(1);
  });

  test.each([
    ['a dry run', { dryRun: true }, false],
    ['a permission that is missing', {}, true],
  ])('is given back after %s', async (_, options, isWithheld) => {
    const purging = await scheduled();
    const before = await purging.claim();
    const { clock, simulator, ledger } = purging;
    if (isWithheld) simulator.setWithheld([{ permissions: ['bigquery.jobs.delete'] }]);
    const hand = await openPurging({ ...options, clock, simulator, ledger });
    expect(await byHand(hand)).toMatchObject({ kind: 'not-asked', error: expect.any(Error) });
    const { state, policy, finding, purge, lookAtMs } = before ?? {};
    expect(await purging.claim()).toMatchObject({ state, policy, finding, purge, lookAtMs, askedAtMs: [] });
    simulator.setWithheld();
    await purging.pass(20 * MINUTE_MS);
    expect(deleted(purging)).toEqual(['job']);
  });
});

test('what a person asked for and did not see the end of, the watchdog goes on with', async () => {
  const purging = await ended();
  purging.simulator.applyFaultSettings({
    rules: [{ methods: ['delete'], fault: { kind: 'unavailable' }, times: 2 }],
  });
  const { clock, ports } = purging;
  const now = clock.now();
  const span = { startedAtMs: now, horizonAtMs: now + 1_000, deadlineAtMs: now + MINUTE_MS };
  expect(await clock.run(purgeByHand(nameOf('job'), 'grace', span, ports))).toMatchObject({ kind: 'asked' });
  await purging.pass(20 * MINUTE_MS);
  expect(deleted(purging)).toEqual(['job']);
  expect(await purging.ledger.certificateOf(nameOf('job'))).toMatchObject({ by: 'grace', policy: 'by-hand' });
});

describe('a person who names no file of holds', () => {
  const NONE = { latest: async () => NO_HOLDS };

  test('deletes nothing that the watchdog keeps for a hold', async () => {
    const purging = await scheduled({ holds: holding('job') });
    await purging.pass(20 * MINUTE_MS);
    const { clock, ports, span } = purging;
    const unheld = { ...ports, holder: 'hand-1', holds: NONE };
    const answer = await clock.run(purgeByHand(nameOf('job'), 'grace', span(), unheld));
    expect(answer).toMatchObject({ kind: 'held-elsewhere' });
    await clock.advanceTo(clock.now() + 2 * 60 * MINUTE_MS);
    const claim = await purging.claim();
    if (!claim) throw new Error('there is no claim');
    const carried = await clock.run(carryOutPurge(claim, span(), unheld, 'hand'));
    expect(carried).toMatchObject({ kind: 'kept-back', by: 'held' });
    expect(asked(purging)).toBe(0);
  });
});
