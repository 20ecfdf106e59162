import { describe, expect, test } from 'vitest';
import { cancelWork } from '../../functions/cancel-work.ts';
import { handlePush } from '../../functions/push.ts';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import type { Fault, SimulatorMethod } from '../../simulator/faults.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { OffsetClock } from '../offset-clock.ts';
import { MINUTE_MS, running, tenMinutes, truth } from '../running-job.ts';
import { seeded } from '../simulator/playground.ts';
import { openWatchdog, pushBody, START_MS, type Watchdog } from '../watchdog.ts';

/** The function's timeout of five minutes, and a minute. */
const LEASE_MS = 6 * MINUTE_MS;
const GUILTY = { projectId: 'my-project', location: 'US', jobId: 'guilty' };

const claimOf = async ({ runtime }: Watchdog) =>
  (await runtime.ports.ledger.claim(GUILTY, 'cancel', 1))?.claim;

/** A watchdog with a guilty job, and BigQuery failing each call of this method. */
async function failing(method: SimulatorMethod, fault: Fault): Promise<Watchdog> {
  const watchdog = await openWatchdog({ policies: tenMinutes() });
  running(watchdog, 'guilty', 30);
  watchdog.simulator.setFaults((call) => (call.method === method ? fault : undefined));
  return watchdog;
}

describe('a request whose outcome is unknown', () => {
  test('is followed by a look, and repeated only after it', async () => {
    const watchdog = await failing('cancel', { kind: 'silent' });
    await watchdog.sweep();
    expect(await claimOf(watchdog)).toMatchObject({ state: 'asked' });
    expect(watchdog.simulator.writes).toEqual([]);

    watchdog.simulator.setFaults(undefined);
    for (const minute of [1, 2, 3]) {
      await watchdog.clock.advanceTo(START_MS + minute * MINUTE_MS);
      await watchdog.sweep();
    }
    expect(truth(watchdog, 'guilty').state).toBe('DONE');
    expect(watchdog.stepsOf('guilty')).toEqual(['cancelling', 'cancelled']);
  });

  test('is acknowledged, for a redelivery would only find the claim held', async () => {
    const watchdog = await failing('cancel', { kind: 'silent' });
    expect((await watchdog.sweep()).status).toBe(204);
  });

  test('is found done when only the answer was lost', async () => {
    const watchdog = await failing('cancel', { kind: 'lost', answer: 'silent' });
    await watchdog.sweep();
    expect(watchdog.stepsOf('guilty')).toEqual(['cancelling', 'cancelled']);
    expect(watchdog.simulator.writes).toHaveLength(1);
  });

  test('of a holder that died stays claimed until its lease ends; then a tick finishes it', async () => {
    const watchdog = await openWatchdog({ policies: tenMinutes() });
    running(watchdog, 'guilty', 30);
    const { ledger } = watchdog.runtime.ports;
    const finding = {
      policy: 'short',
      degree: 'crossed',
      action: 'cancel',
      mode: 'enforce',
      sentence: 's',
    } as const;
    const request = { job: GUILTY, verb: 'cancel', attempt: 1, policy: 'short', finding } as const;
    const won = await ledger.win({ ...request, holder: 'dead', leaseMs: LEASE_MS });
    if (won.kind === 'won') await ledger.advance(won.held, { state: 'asked', askedAtMs: [START_MS] }, []);

    await watchdog.clock.advanceTo(START_MS + LEASE_MS - 2 * MINUTE_MS);
    await watchdog.sweep();
    expect(watchdog.simulator.writes).toEqual([]);
    await watchdog.clock.advanceTo(START_MS + LEASE_MS);
    await watchdog.sweep();
    expect(truth(watchdog, 'guilty').state).toBe('DONE');
    expect(watchdog.stepsOf('guilty')).toEqual(['cancelling', 'cancelled']);
  });
});

describe('a request that is known not to have been done', () => {
  test('is repeated after a look, and not counted as asked', async () => {
    const watchdog = await failing('cancel', { kind: 'rateLimitExceeded' });
    await watchdog.sweep();
    expect(await claimOf(watchdog)).toMatchObject({ state: 'claimed', askedAtMs: [] });
    watchdog.simulator.setFaults(undefined);
    await watchdog.sweep();
    expect(truth(watchdog, 'guilty').state).toBe('DONE');
    expect(watchdog.stepsOf('guilty')).toEqual(['cancelling', 'cancelled']);
  });

  test('is not repeated on an old look: a policy that changed meanwhile decides', async () => {
    const watchdog = await openWatchdog({ policies: tenMinutes() });
    running(watchdog, 'guilty', 30);
    let requests = 0;
    watchdog.simulator.setFaults(({ method }) => {
      if (method !== 'cancel' || requests++ > 0) return undefined;
      watchdog.setPolicies(tenMinutes(', mode: observe'));
      return { kind: 'tooManyRequests', retryAfterSeconds: 20 };
    });
    await watchdog.sweep();
    await watchdog.sweep();
    expect(requests).toBe(1);
    expect(watchdog.simulator.writes).toEqual([]);
    expect(await claimOf(watchdog)).toMatchObject({ state: 'void' });
  });

  test('waits as long as BigQuery asks', async () => {
    const watchdog = await failing('cancel', { kind: 'tooManyRequests', retryAfterSeconds: 200 });
    await watchdog.sweep();
    watchdog.simulator.setFaults(undefined);
    await watchdog.clock.advanceTo(START_MS + 2 * MINUTE_MS);
    await watchdog.sweep();
    expect(watchdog.simulator.writes).toEqual([]);
    await watchdog.clock.advanceTo(START_MS + 3 * MINUTE_MS);
    await watchdog.sweep();
    expect(truth(watchdog, 'guilty').state).toBe('DONE');
  });

  test('is told at once and made after five minutes, where BigQuery asks for an hour', async () => {
    const watchdog = await failing('cancel', { kind: 'tooManyRequests', retryAfterSeconds: 3_600 });
    await watchdog.sweep();
    watchdog.simulator.setFaults(undefined);
    expect(watchdog.stepsOf('guilty')).toEqual(['could-not-cancel']);
    for (const minute of [2, 4, 5]) {
      await watchdog.clock.advanceTo(START_MS + minute * MINUTE_MS);
      await watchdog.sweep();
    }
    expect(truth(watchdog, 'guilty').state).toBe('DONE');
    expect(watchdog.simulator.writes).toHaveLength(1);
    expect(watchdog.simulator.writes[0]?.atMs).toBeGreaterThanOrEqual(START_MS + 5 * MINUTE_MS);
  });

  test('for two minutes on end is told', async () => {
    const watchdog = await failing('cancel', { kind: 'rateLimitExceeded' });
    for (const minute of [1, 2, 3, 4]) {
      await watchdog.sweep();
      await watchdog.clock.advanceTo(START_MS + minute * MINUTE_MS);
    }
    expect(watchdog.stepsOf('guilty')).toEqual(['could-not-cancel']);
    expect(JSON.stringify(watchdog.alerts)).toContain('request-failed');
  });

  test('for want of a permission is told, and tried again some minutes later', async () => {
    const watchdog = await failing('cancel', { kind: 'accessDenied' });
    await watchdog.sweep();
    await watchdog.sweep();
    expect(watchdog.stepsOf('guilty')).toEqual(['could-not-cancel']);
    const missing = watchdog.alerts.filter(({ type }) => type === 'bigquery-watchdog.permission.missing.v1');
    expect(missing).toHaveLength(1);
    expect(JSON.stringify(missing)).toContain('bigquery.jobs.update');

    watchdog.simulator.setFaults(undefined);
    await watchdog.clock.advanceTo(START_MS + 6 * MINUTE_MS);
    await watchdog.sweep();
    expect(truth(watchdog, 'guilty').state).toBe('DONE');
  });
});

test('a permission that is taken away after the first request takes nothing from what that one did', async () => {
  const watchdog = await openWatchdog({ policies: tenMinutes() });
  running(watchdog, 'guilty', 30, { cancel: { afterMs: 64_000 } });
  let requests = 0;
  watchdog.simulator.setFaults(({ method }) =>
    method === 'cancel' && requests++ > 0 ? { kind: 'accessDenied' } : undefined,
  );
  for (let minute = 1; minute <= 8; minute++) {
    await watchdog.sweep();
    await watchdog.clock.advanceTo(START_MS + minute * MINUTE_MS);
  }
  expect(requests).toBe(2);
  expect(watchdog.stepsOf('guilty')).toEqual(['cancelling', 'could-not-cancel', 'cancelled']);
  expect(await claimOf(watchdog)).toMatchObject({ outcome: 'cancelled', askedAtMs: [START_MS] });
});

test('that jobs may not be looked at is told once, however many there are', async () => {
  const watchdog = await failing('get', { kind: 'accessDenied' });
  for (const jobId of ['second', 'third']) running(watchdog, jobId, 30);
  await watchdog.sweep();
  const told = watchdog.alerts.map(({ type, project }) => [type, project]);
  expect(told).toEqual([['bigquery-watchdog.permission.missing.v1', 'my-project']]);
});

describe('a project that may not be listed', () => {
  test('is told once a day, and its message is not sent again', async () => {
    const watchdog = await failing('list', { kind: 'accessDenied' });
    expect(await watchdog.sweep()).toEqual({ status: 204, deadLetter: false });
    await watchdog.sweep();
    const told = watchdog.alerts.map(({ type, project }) => [type, project]);
    expect(told).toEqual([['bigquery-watchdog.permission.missing.v1', 'my-project']]);
  });
});

describe('the clocks of BigQuery and of this function', () => {
  /** The function's clock is ahead of BigQuery's by so much. */
  async function swept(aheadMs: number): Promise<Watchdog> {
    const clock = new VirtualClock(START_MS);
    const behind = { now: () => clock.now() - aheadMs, sleep: (ms: number) => clock.sleep(ms) };
    const simulator = new Simulator({ clock: behind, random: seeded(1) });
    const watchdog = await openWatchdog({ policies: tenMinutes(), clock, simulator });
    running(watchdog, 'guilty', 30);
    await watchdog.sweep();
    await watchdog.sweep();
    return watchdog;
  }
  const told = ({ alerts }: Watchdog) =>
    alerts.filter(({ type }) => type === 'bigquery-watchdog.clock.skewed.v1');

  // The header has whole seconds, so BigQuery's second lasts until 999 ms after what it says.
  test.each([30_999, -30_000])('may differ by %d ms', async (aheadMs) => {
    const watchdog = await swept(aheadMs);
    expect(truth(watchdog, 'guilty').state).toBe('DONE');
    expect(told(watchdog)).toEqual([]);
  });

  test.each([32_000, -31_000])(
    'beyond that (%d ms) nothing is done, and people are told once',
    async (aheadMs) => {
      const watchdog = await swept(aheadMs);
      expect(watchdog.simulator.writes).toEqual([]);
      expect(told(watchdog)).toHaveLength(1);
      expect(await claimOf(watchdog)).toBeUndefined();
    },
  );

  test.each([
    { aheadMs: -90_000, when: 'is held', lastsMs: 500 },
    { aheadMs: 40 * MINUTE_MS, when: 'was let go of', lastsMs: MINUTE_MS },
  ])(
    'who is wrong by $aheadMs ms leaves a claim that $when as it stands, whatever it makes of its lease',
    async ({ aheadMs, lastsMs }) => {
      const clock = new VirtualClock(START_MS);
      const simulator = new Simulator({ clock, random: seeded(1) });
      const store = new SqliteStore({ path: ':memory:', clock });
      const right = await openWatchdog({ policies: tenMinutes(), clock, simulator, store });
      running(right, 'guilty', 30, { cancel: 'stuck' });
      const swept = handlePush(pushBody({ sweep: { projectId: 'my-project' } }), right.runtime, cancelWork);
      await clock.advanceBy(lastsMs);
      const asked = await claimOf(right);
      expect(asked).toMatchObject({ state: 'asked', askedAtMs: [START_MS] });

      const wrongClock = new OffsetClock(clock, aheadMs);
      const wrong = await openWatchdog({ policies: tenMinutes(), clock: wrongClock, simulator, store });
      expect((await wrong.sweep()).status).toBe(204);
      expect(await claimOf(right)).toEqual(asked);
      await clock.run(swept);
      expect(simulator.writes).toHaveLength(1);
    },
  );

  test('a request has its minute by the clock of BigQuery, whoever asks again by which clock', async () => {
    const clock = new VirtualClock(START_MS);
    const simulator = new Simulator({ clock, random: seeded(1) });
    const store = new SqliteStore({ path: ':memory:', clock });
    const at = (aheadMs: number): Promise<Watchdog> =>
      openWatchdog({ policies: tenMinutes(), clock: new OffsetClock(clock, aheadMs), simulator, store });
    const [behind, ahead] = [await at(-25_000), await at(25_000)];
    running(behind, 'guilty', 30, { cancel: 'stuck' });
    await behind.sweep();
    while (clock.now() < START_MS + 3 * MINUTE_MS) await ahead.sweep();
    const [first = 0, ...later] = truth(ahead, 'guilty').cancelRequestedAtMs;
    expect(first).toBe(START_MS);
    expect(later[0]).toBeGreaterThanOrEqual(first + MINUTE_MS);
    expect(later[0]).toBeLessThan(first + 2 * MINUTE_MS);
  });
});

describe('the outbox', () => {
  test('keeps what could not be published, and the next tick publishes it under the same id', async () => {
    const published: string[] = [];
    let works = false;
    const publish = async ({ id }: Readonly<Record<string, unknown>>): Promise<void> => {
      if (!works) throw new Error('the topic is out of reach');
      published.push(String(id));
    };
    const watchdog = await openWatchdog({
      policies: tenMinutes(),
      parts: { publisher: () => ({ publish }) },
    });
    running(watchdog, 'guilty', 30);
    await watchdog.sweep();
    expect(truth(watchdog, 'guilty').state).toBe('DONE');
    const { alerts: waiting } = await watchdog.runtime.ports.ledger.unpublishedAlerts(10);
    expect(waiting).toHaveLength(2);
    works = true;
    await watchdog.sweep();
    await watchdog.sweep();
    expect(published.toSorted()).toEqual(waiting.map(({ ceId }) => ceId).toSorted());
    expect((await watchdog.runtime.ports.ledger.unpublishedAlerts(10)).alerts).toEqual([]);
  });

  test('does not keep an act waiting for a transport that hangs', async () => {
    const publish = (): Promise<void> => new Promise(() => undefined);
    const watchdog = await openWatchdog({
      policies: tenMinutes(),
      parts: { publisher: () => ({ publish }) },
    });
    running(watchdog, 'guilty', 30);
    expect((await watchdog.sweep()).status).toBe(204);
    expect(truth(watchdog, 'guilty').state).toBe('DONE');
  });
});

test('findings that only alert are told one by one up to 1,000 per policy and hour, then summed up', async () => {
  const watchdog = await openWatchdog({ policies: tenMinutes(', mode: observe') });
  for (let index = 0; index < 1_003; index++) running(watchdog, `job-${index}`, 30);
  await watchdog.sweep();
  await watchdog.sweep();
  const types = Map.groupBy(watchdog.alerts, ({ type }) => type);
  expect(types.get('bigquery-watchdog.job.observed.v1')).toHaveLength(1_000);
  expect(types.get('bigquery-watchdog.findings.summarised.v1')).toHaveLength(1);
  await watchdog.clock.advanceTo(START_MS + 61 * MINUTE_MS);
  await watchdog.sweep();
  expect(watchdog.stepsOf('job-0')).toEqual(['observed']);
  expect(
    Map.groupBy(watchdog.alerts, ({ type }) => type).get('bigquery-watchdog.job.observed.v1'),
  ).toHaveLength(1_003);
});
