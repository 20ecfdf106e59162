import { describe, expect, test } from 'vitest';
import { answerFailure, carryOut } from '../../../shared/enforce/retry.ts';
import type { RetryPorts } from '../../../shared/enforce/retry-ports.ts';
import { StaleClaimError } from '../../../shared/ledger/errors.ts';
import type { Claim } from '../../../shared/ledger/ledger.ts';
import { SqliteStore } from '../../../shared/ledger/sqlite-store.ts';
import { openLedger } from '../../../shared/ledger/stored-ledger.ts';
import { OffsetClock } from '../../offset-clock.ts';
import {
  attempt,
  ETL,
  fail,
  failing,
  HOUR_MS,
  inserted,
  LEASE_MS,
  MINUTE_MS,
  nameOf,
  openRetrying,
  type Retrying,
  type RetryingOptions,
  START_MS,
  scheduled,
} from './retrying.ts';

/** Another instance of the same deployment. */
function another({ clock, simulator, ledger }: Retrying, more: RetryingOptions = {}): Promise<Retrying> {
  return openRetrying({ clock, simulator, ledger, holder: 'there', ...more });
}

async function dueClaim(retrying: Retrying): Promise<Claim> {
  await retrying.clock.advanceTo(START_MS + MINUTE_MS);
  const claim = await retrying.claim(1);
  if (!claim) throw new Error('nothing is due');
  return claim;
}

describe('two instances that come at the same time', () => {
  test('schedule one attempt, and tell of it once', async () => {
    const first = await openRetrying();
    const second = await another(first);
    fail(first);
    const answers = [first, second].map(({ span, ports }) => answerFailure(nameOf('root'), span(), ports));
    const [one, two] = await first.clock.run(Promise.all(answers));
    expect(one).toEqual(two);
    expect([...first.told(), ...second.told()]).toEqual(['retry-scheduled']);
  });

  test('insert one job, and tell of it once', async () => {
    const first = await scheduled({ lives: failing() });
    const second = await another(first);
    const claim = await dueClaim(first);
    const acts = [first, second, first].map(({ span, ports }) => carryOut(claim, span(), ports));
    await first.clock.run(Promise.all(acts));
    expect(inserted(first)).toEqual([`${attempt(1)} by ${ETL}`]);
    expect(first.simulator.writes).toHaveLength(1);
    expect([...first.told(), ...second.told()]).toEqual(['retry-scheduled', 'retried']);
  });

  test('answer one failure of an attempt, and tell of it once', async () => {
    const first = await scheduled({ lives: failing() });
    await first.pass(30_000);
    const second = await another(first);
    const answers = [first, second, first, second].map(({ span, ports }) =>
      answerFailure(nameOf(attempt(1)), span(), ports),
    );
    const kinds = (await first.clock.run(Promise.all(answers))).map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(['nothing', 'nothing', 'nothing', 'scheduled']);
    expect([...first.told(), ...second.told()]).toEqual(['retry-scheduled', 'retried', 'retry-scheduled']);
  });
});

describe('a holder that pauses for longer than its lease', () => {
  /** Pauses before the first call that `isIt`, and says when it does. */
  function pausing(isIt: (call: string) => boolean) {
    const paused = Promise.withResolvers<void>();
    const resumed = Promise.withResolvers<void>();
    let isOver = false;
    const calls = new Map<string, number>();
    const pause = async (call: string): Promise<void> => {
      const nth = (calls.get(call) ?? 0) + 1;
      calls.set(call, nth);
      if (isOver || !isIt(nth === 1 ? call : `${call} ${nth}`)) return;
      isOver = true;
      paused.resolve();
      await resumed.promise;
    };
    const through = (ports: RetryPorts): RetryPorts => ({
      ...ports,
      jobs: {
        ...ports.jobs,
        getWhole: async (...args) => {
          await pause('getWhole');
          return ports.jobs.getWhole(...args);
        },
        insert: async (...args) => {
          await pause('insert');
          const look = await ports.jobs.insert(...args);
          await pause('inserted');
          return look;
        },
      },
      ledger: {
        ...ports.ledger,
        advance: async (held, change, alerts) => {
          await pause(`advance ${change.state}`);
          return ports.ledger.advance(held, change, alerts);
        },
      },
      policies: {
        ...ports.policies,
        latest: async () => {
          await pause('latest');
          return ports.policies.latest();
        },
      },
    });
    return { through, paused: paused.promise, resume: resumed.resolve };
  }

  test.each(['getWhole', 'latest', 'insert', 'latest 2', 'advance asked', 'inserted'])(
    'before "%s" has nothing done twice when it wakes, for its claim is another\'s by then',
    async (where) => {
      const waking = await scheduled({ lives: failing() });
      const { through, paused, resume } = pausing((call) => call === where);
      const slow = await another(waking, { holder: 'slow', through });
      const claim = await dueClaim(waking);
      const outcome = carryOut(claim, slow.span(), slow.ports).catch((error: unknown) => error);
      await Promise.all([paused, waking.clock.advanceTo(START_MS + MINUTE_MS + 1_000)]);
      expect((await waking.claim(1))?.holder).toBe('slow');
      await waking.pass(LEASE_MS + 10 * MINUTE_MS);
      const { length } = waking.simulator.writes;
      resume();
      const error = await waking.clock.run(outcome);
      expect(error).toBeInstanceOf(StaleClaimError);
      expect(waking.simulator.writes).toHaveLength(length);
      await waking.pass(HOUR_MS);
      expect(inserted(waking)).toEqual([1, 2, 3].map((number) => `${attempt(number)} by ${ETL}`));
      expect(new Set([...waking.told(), ...slow.told()]).size).toBe(3);
    },
  );
});

test('an attempt that another version made is known by its id and account, however that one hashed', async () => {
  const retrying = await scheduled({ lives: () => ({ runMs: 5 * MINUTE_MS }) });
  await retrying.pass(30_000);
  const held = await retrying.ledger.claim(nameOf('root'), 'retry', 1);
  if (!held?.claim.retry?.createdAtMs) throw new Error('the attempt was not made');
  const retry = { ...held.claim.retry, configurationHash: 'of another version' };
  await retrying.ledger.advance(held, { retry }, []);
  await retrying.pass(20 * MINUTE_MS);
  expect(retrying.told()).toEqual(['retry-scheduled', 'retried', 'recovered']);
});

describe('an instance whose clock is wrong', () => {
  test.each([-40 * MINUTE_MS, 40 * MINUTE_MS])(
    'by %d ms schedules, inserts and settles nothing',
    async (aheadMs) => {
      const right = await scheduled({ lives: failing() });
      const wrong = await openRetrying({
        clock: new OffsetClock(right.clock, aheadMs),
        simulator: right.simulator,
        ledger: right.ledger,
      });
      fail(right, { jobId: 'second', query: 'SELECT 2' });
      expect(await wrong.answer('second')).toEqual({ kind: 'no-time' });
      expect(await right.ledger.claim(nameOf('second'), 'retry', 1)).toBeUndefined();
      const claim = await dueClaim(right);
      await wrong.clock.run(carryOut(claim, wrong.span(), wrong.ports));
      expect(await right.claim(1)).toEqual(claim);
      expect(inserted(right)).toEqual([]);

      await right.pass(30_000);
      const asked = await right.claim(1);
      await wrong.answer(attempt(1));
      expect(await right.claim(1)).toEqual(asked);
      expect(wrong.alerts.map(({ type }) => type)).toEqual(['bigquery-watchdog.clock.skewed.v1']);
    },
  );

  test.each([-20_000, 20_000])('by %d ms, which is accepted, does all of it', async (aheadMs) => {
    const right = await openRetrying({ lives: failing() });
    const off = await openRetrying({
      clock: new OffsetClock(right.clock, aheadMs),
      simulator: right.simulator,
      ledger: right.ledger,
    });
    fail(right);
    await off.answer();
    await off.pass(HOUR_MS);
    expect(inserted(off)).toHaveLength(3);
    expect(off.told().at(-1)).toBe('gave-up attempts-used');
  });
});

describe('a ledger that was lost', () => {
  /** The same world with a ledger that knows nothing. */
  const forgetful = (retrying: Retrying): Promise<Retrying> => {
    const { clock } = retrying;
    return another(retrying, { ledger: openLedger(new SqliteStore({ path: ':memory:', clock }), clock) });
  };

  test.each([1, 2])(
    'after attempt %d gives no further attempts: the chain is known by its ids',
    async (made) => {
      const before = await scheduled({ lives: failing() });
      while (inserted(before).length < made) await before.pass(10_000);
      const after = await forgetful(before);
      await after.pass(5_000);
      const answered = await after.answer(attempt(made));
      expect(answered).toMatchObject({
        kind: 'scheduled',
        claim: { attempt: made + 1, job: nameOf('root') },
      });
      await after.pass(HOUR_MS);
      expect(inserted(after)).toHaveLength(3);
      expect(after.told().at(-1)).toBe('gave-up attempts-used');
    },
  );

  test('after the last attempt does nothing more, whichever job is looked at', async () => {
    const before = await scheduled({ lives: failing() });
    await before.pass(HOUR_MS);
    for (const jobId of ['root', attempt(1), attempt(2), attempt(3)]) {
      const after = await forgetful(before);
      await after.answer(jobId);
      await after.pass(HOUR_MS);
      expect(inserted(after)).toHaveLength(3);
      expect(after.told().at(-1)).toBe('gave-up attempts-used');
    }
  });

  test('after a retry succeeded does nothing more', async () => {
    const before = await scheduled();
    await before.pass(10 * MINUTE_MS);
    const after = await forgetful(before);
    await after.answer();
    await after.answer(attempt(1));
    await after.pass(HOUR_MS);
    expect(inserted(after)).toHaveLength(1);
    expect(after.told().at(-1)).toMatch(/^recovered/);
  });

  test('between the reading of a claim and its winning leaves no claim that nobody can finish', async () => {
    const before = await scheduled();
    const due = await dueClaim(before);
    const after = await forgetful(before);
    const known = { claim: due, version: 'of the lost ledger' };
    const ledger = { ...after.ledger, claim: async () => known };
    await before.clock.run(carryOut(due, after.span(), { ...after.ports, ledger }));
    expect(await after.claim(1)).toMatchObject({ state: 'void' });
    await after.answer();
    await after.pass(10 * MINUTE_MS);
    expect(inserted(after)).toHaveLength(1);
  });

  test('while a retry was due has it done all the same', async () => {
    const before = await scheduled();
    const after = await forgetful(before);
    await after.answer();
    await after.pass(10 * MINUTE_MS);
    expect(inserted(after)).toHaveLength(1);
  });
});
