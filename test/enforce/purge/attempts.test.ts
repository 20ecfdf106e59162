import { describe, expect, test } from 'vitest';
import { answerFailure, carryOut } from '../../../shared/enforce/retry.ts';
import { SqliteStore } from '../../../shared/ledger/sqlite-store.ts';
import { openLedger } from '../../../shared/ledger/stored-ledger.ts';
import { attemptId } from '../../../shared/retry/attempt-id.ts';
import { Simulator } from '../../../simulator/simulator.ts';
import { VirtualClock } from '../../../simulator/virtual-clock.ts';
import { seeded } from '../../simulator/playground.ts';
import {
  asked,
  deleted,
  end,
  HOUR_MS,
  MINUTE_MS,
  nameOf,
  openPurging,
  type Purging,
  START_MS,
} from './purging.ts';

const ETL = 'etl-1@my-project.iam.gserviceaccount.com';
const ERROR = { reason: 'backendError', message: 'no' };
const ATTEMPT = attemptId(nameOf('job'), 1) ?? '';
const POLICIES = `
version: 1
mode: enforce
policies:
  - name: etl
    match: { principals: ["${ETL}"] }
    retry: { attempts: 1, backoff: { initial: 10m, max: 10m }, deadline: 6h }
  - name: secrets
    sensitive: { principals: ["etl-*"] }
    purge: { after: 1m, afterFailure: 1m }
`;

/** A job that failed and is to be run again; the attempt of it runs for so long. */
async function failed(runMs = 1_000): Promise<Purging> {
  const clock = new VirtualClock(START_MS);
  const simulator = new Simulator({ clock, random: seeded(7), lifeOfInserted: () => ({ runMs }) });
  const purging = await openPurging({ policies: POLICIES, clock, simulator });
  end(purging, { principal: ETL, error: ERROR });
  return purging;
}

/** The function that retries shares the world and the ledger; its event comes now. */
async function retryHears({ ports, clock, span }: Purging): Promise<void> {
  await clock.run(answerFailure(nameOf('job'), span(), { ...ports, verb: 'retry' }));
}

async function retryPasses(purging: Purging, ms: number): Promise<void> {
  const { clock, ledger, ports, span } = purging;
  const untilMs = clock.now() + ms;
  while (clock.now() < untilMs) {
    await purging.pass(MINUTE_MS);
    const { claims } = await ledger.dueClaims('retry', 'my-project', clock.now(), 10);
    for (const claim of claims) await clock.run(carryOut(claim, span(), { ...ports, verb: 'retry' }));
  }
}

describe('a failed job that is run again', () => {
  test('is purged only when its chain is over, and its attempt after it', async () => {
    const purging = await failed(30 * MINUTE_MS);
    await purging.follow();
    await retryHears(purging);
    await retryPasses(purging, 35 * MINUTE_MS);
    expect(asked(purging)).toBe(0);
    expect(purging.told()).toContain('observed retry-pending');
    await retryPasses(purging, 8 * MINUTE_MS);
    await purging.follow(ATTEMPT);
    await retryPasses(purging, 15 * MINUTE_MS);
    expect(deleted(purging)).toEqual(['job', ATTEMPT]);
  });

  test('waits also while the event of the retry is late, at most until its deadline', async () => {
    const purging = await failed();
    await purging.follow();
    await purging.pass(6 * HOUR_MS - 2 * MINUTE_MS);
    expect(asked(purging)).toBe(0);
    await purging.pass(4 * MINUTE_MS);
    expect(deleted(purging)).toEqual(['job']);
  });

  test('is purged at its deadline though its chain is under way', async () => {
    const purging = await failed(12 * HOUR_MS);
    await purging.follow();
    await retryHears(purging);
    await retryPasses(purging, 6 * HOUR_MS - 10 * MINUTE_MS);
    expect(asked(purging)).toBe(0);
    await retryPasses(purging, 15 * MINUTE_MS);
    expect(deleted(purging)).toEqual(['job']);
  });
});

describe('an attempt', () => {
  /** It has succeeded; what began its chain is there still, and nobody has it purged. */
  async function attempted(): Promise<Purging> {
    const purging = await failed();
    await retryHears(purging);
    await retryPasses(purging, 15 * MINUTE_MS);
    expect(await purging.follow(ATTEMPT)).toMatchObject({ kind: 'scheduled' });
    return purging;
  }

  test('waits for the job that it repeats, until the deadline', async () => {
    const purging = await attempted();
    await purging.pass(5 * HOUR_MS);
    expect(asked(purging)).toBe(0);
    await purging.pass(HOUR_MS);
    expect(deleted(purging)).toEqual([ATTEMPT]);
  });

  test('waits beyond the deadline where that is to be purged later', async () => {
    const purging = await attempted();
    purging.setPolicies(POLICIES.replace('afterFailure: 1m', 'afterFailure: 24h'));
    await purging.follow();
    await purging.pass(23 * HOUR_MS);
    expect(asked(purging)).toBe(0);
    await purging.pass(2 * HOUR_MS);
    expect(deleted(purging)).toEqual(['job', ATTEMPT]);
  });

  test('of one that is on hold is not looked at more often than any other that waits for its retry', async () => {
    const purging = await attempted();
    purging.setHolds(
      `version: 1\nholds: [{ id: a, reason: b, until: indefinite, match: { created: { to: "${new Date(START_MS - 1).toISOString()}" } } }]\n`,
    );
    await purging.follow();
    await purging.pass(7 * HOUR_MS);
    purging.calls.length = 0;
    await purging.pass(12 * HOUR_MS);
    const gets = purging.calls.filter((call) => call === `get ${ATTEMPT}`).length;
    // Two of them every five minutes.
    expect(gets).toBeGreaterThan(0);
    expect(gets).toBeLessThanOrEqual(2 * 12 * 12);
    expect(asked(purging)).toBe(0);
    purging.setHolds('version: 1\nholds: []\n');
    await purging.pass(3 * HOUR_MS);
    expect(deleted(purging)).toEqual(['job', ATTEMPT]);
  });

  test('goes as soon as that is gone', async () => {
    const purging = await attempted();
    await purging.pass(HOUR_MS);
    await purging.clock.run(purging.ports.jobs.delete(nameOf('job'), purging.span()));
    await purging.pass(6 * MINUTE_MS);
    expect(deleted(purging)).toEqual(['job', ATTEMPT]);
  });

  test('waits also where the ledger was lost', async () => {
    const purging = await attempted();
    const { clock, simulator } = purging;
    const ledger = openLedger(new SqliteStore({ path: ':memory:', clock }), clock);
    const anew = await openPurging({ policies: POLICIES, clock, simulator, ledger });
    await anew.follow(ATTEMPT);
    await anew.pass(5 * HOUR_MS);
    expect(asked(anew)).toBe(0);
    await anew.pass(HOUR_MS);
    expect(deleted(anew)).toEqual([ATTEMPT]);
  });
});
