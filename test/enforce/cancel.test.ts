import { describe, expect, test } from 'vitest';
import { jobAlerts, openWatchdog, START_MS, type Watchdog } from '../watchdog.ts';

const MINUTE_MS = 60_000;
const TEN_MINUTES = `
version: 1
mode: enforce
policies:
  - { name: short, match: { jobTypes: [QUERY, COPY] }, limit: { runtime: 10m, warnAt: 80% }, action: cancel }
`;

/** A job that began so many minutes ago and runs until it is stopped. */
function running(watchdog: Watchdog, jobId: string, minutes: number, more: object = {}): void {
  const createdAtMs = START_MS - minutes * MINUTE_MS;
  watchdog.simulator.start({
    projectId: 'my-project',
    jobId,
    principal: 'ada@example.com',
    createdAtMs,
    runMs: Number.POSITIVE_INFINITY,
    ...more,
  });
}

const truth = (watchdog: Watchdog, jobId: string) => {
  const found = watchdog.simulator.truth({ projectId: 'my-project', location: 'US', jobId });
  if (found === undefined) throw new Error(`no job ${jobId}`);
  return found;
};

const claimOf = async ({ runtime }: Watchdog, jobId: string) => {
  const held = await runtime.ports.ledger.claim(
    { projectId: 'my-project', location: 'US', jobId },
    'cancel',
    1,
  );
  return held?.claim;
};

test('a job above its limit is cancelled, once, and people know why', async () => {
  const watchdog = await openWatchdog({ policies: TEN_MINUTES });
  running(watchdog, 'guilty', 42);
  running(watchdog, 'innocent', 5);
  expect(await watchdog.sweep()).toEqual({ status: 204, deadLetter: false });
  await watchdog.sweep();

  expect(truth(watchdog, 'guilty')).toMatchObject({ state: 'DONE', errorReason: 'stopped' });
  expect(truth(watchdog, 'innocent').state).toBe('RUNNING');
  expect(watchdog.simulator.writes).toHaveLength(1);
  expect(await claimOf(watchdog, 'guilty')).toMatchObject({ state: 'ended', outcome: 'cancelled' });
  const told = jobAlerts(watchdog.alerts).filter(({ data }) => data.job.jobId === 'guilty');
  expect(told.map(({ data }) => data.step)).toEqual(['cancelling', 'cancelled']);
  expect(told[0]).toMatchObject({
    subject: 'my-project:US.guilty',
    policy: 'short',
    project: 'my-project',
    data: { sentence: 'has run 42 min of at most 10 min allowed by short: BigQuery was asked to cancel it' },
  });
});

test('what falls due before the next tick is waited for, and acted on within two seconds', async () => {
  const watchdog = await openWatchdog({ policies: TEN_MINUTES });
  running(watchdog, 'soon', 9.5);
  await watchdog.sweep();
  const [write] = watchdog.simulator.writes;
  const crossedAtMs = START_MS + 0.5 * MINUTE_MS;
  expect(write?.atMs).toBeGreaterThan(crossedAtMs);
  expect(write?.atMs).toBeLessThan(crossedAtMs + 2_000);
  expect(watchdog.stepsOf('soon')).toEqual(['warned', 'cancelling', 'cancelled']);
});

test('a sweep answers before the next tick', async () => {
  const watchdog = await openWatchdog({ policies: TEN_MINUTES });
  running(watchdog, 'just-after', 9);
  await watchdog.sweep();
  expect(watchdog.clock.now()).toBeLessThan(START_MS + MINUTE_MS);
  expect(watchdog.simulator.writes).toEqual([]);
});

describe('the outcome is looked up, never assumed', () => {
  test('a job that ended by itself first is not counted as cancelled', async () => {
    const watchdog = await openWatchdog({ policies: TEN_MINUTES });
    running(watchdog, 'racer', 42, { runMs: 42 * MINUTE_MS + 1_500, cancel: 'loses-race' });
    await watchdog.sweep();
    expect(truth(watchdog, 'racer')).toMatchObject({ state: 'DONE' });
    expect(watchdog.stepsOf('racer')).toEqual(['cancelling', 'ended-first']);
    expect(await claimOf(watchdog, 'racer')).toMatchObject({ outcome: 'ended-first' });
  });

  test('a stop by jobTimeoutMs is not credited to the watchdog', async () => {
    const watchdog = await openWatchdog({ policies: TEN_MINUTES });
    running(watchdog, 'timed-out', 42, { jobTimeoutMs: 42 * MINUTE_MS + 1_500, cancel: 'stuck' });
    await watchdog.sweep();
    expect(truth(watchdog, 'timed-out')).toMatchObject({ errorReason: 'stopped' });
    expect(watchdog.stepsOf('timed-out')).toEqual(['cancelling', 'ended-first']);
  });

  test('a job that does not stop is asked again after a minute, and people are told after the second', async () => {
    const watchdog = await openWatchdog({ policies: TEN_MINUTES });
    running(watchdog, 'stuck', 42, { cancel: 'stuck' });
    for (let tick = 1; tick <= 10; tick++) {
      await watchdog.sweep();
      await watchdog.clock.advanceTo(START_MS + tick * MINUTE_MS);
    }
    const asked = watchdog.simulator.writes.map(({ atMs }) => Math.round((atMs - START_MS) / MINUTE_MS));
    expect(asked).toEqual([0, 1, 2, 7]);
    expect(watchdog.stepsOf('stuck')).toEqual(['cancelling', 'could-not-cancel']);
    const severities = jobAlerts(watchdog.alerts).map(({ severity }) => severity);
    expect(severities).toEqual(['WARNING', 'ERROR']);
  });

  test('one that stops at the second request is counted as cancelled', async () => {
    const watchdog = await openWatchdog({ policies: TEN_MINUTES });
    running(watchdog, 'slow', 42, { cancel: { ignoresFirst: 1 } });
    await watchdog.sweep();
    await watchdog.clock.advanceTo(START_MS + MINUTE_MS);
    await watchdog.sweep();
    expect(watchdog.stepsOf('slow')).toEqual(['cancelling', 'cancelled']);
    expect(watchdog.simulator.writes).toHaveLength(2);
  });

  test('one that a new policy spares after the first request is asked again when it crosses the new limit', async () => {
    const watchdog = await openWatchdog({ policies: TEN_MINUTES });
    running(watchdog, 'slow', 42, { cancel: { ignoresFirst: 1 } });
    await watchdog.sweep();
    watchdog.setPolicies(TEN_MINUTES.replace('10m', '44m'));
    for (let tick = 1; tick <= 3; tick++) {
      await watchdog.clock.advanceTo(START_MS + tick * MINUTE_MS);
      await watchdog.sweep();
    }
    const asked = watchdog.simulator.writes.map(({ atMs }) => Math.round((atMs - START_MS) / MINUTE_MS));
    expect(asked).toEqual([0, 2]);
    expect(watchdog.stepsOf('slow')).toEqual(['cancelling', 'warned', 'cancelled']);
  });

  test('a copy job is never asked to stop, and people are told that it cannot be', async () => {
    const watchdog = await openWatchdog({ policies: TEN_MINUTES });
    running(watchdog, 'copy', 42, { type: 'COPY' });
    await watchdog.sweep();
    await watchdog.sweep();
    expect(watchdog.simulator.writes).toEqual([]);
    expect(watchdog.stepsOf('copy')).toEqual(['could-not-cancel']);
  });
});

test('the policy is read again before the act: one that changed since the nomination decides', async () => {
  const watchdog = await openWatchdog({ policies: TEN_MINUTES });
  running(watchdog, 'spared', 9.95);
  watchdog.clock.sleep(1_000).then(() => watchdog.setPolicies(TEN_MINUTES.replace('10m', '20m')));
  await watchdog.sweep();
  expect(watchdog.clock.now()).toBeGreaterThanOrEqual(START_MS + 3_000);
  expect(watchdog.simulator.writes).toEqual([]);
});

describe('observe', () => {
  const observing = TEN_MINUTES.replace('mode: enforce', 'mode: observe');

  test('writes alerts, and neither claims nor calls', async () => {
    const watchdog = await openWatchdog({ policies: observing });
    running(watchdog, 'guilty', 42);
    await watchdog.sweep();
    await watchdog.sweep();
    expect(watchdog.simulator.writes).toEqual([]);
    expect(await claimOf(watchdog, 'guilty')).toBeUndefined();
    expect(watchdog.stepsOf('guilty')).toEqual(['observed']);
    expect(jobAlerts(watchdog.alerts)[0]?.data).toMatchObject({ because: 'observe-mode', mode: 'observe' });
  });

  test('is switched off policy by policy', async () => {
    const one = observing.replace('name: short,', 'name: short, mode: enforce,');
    const watchdog = await openWatchdog({ policies: one });
    running(watchdog, 'guilty', 42);
    await watchdog.sweep();
    expect(watchdog.stepsOf('guilty')).toEqual(['cancelling', 'cancelled']);
  });
});

describe('dry run', () => {
  const modes = ['observe', 'enforce'];
  const actions = ['alert', 'cancel'];
  const keys = ['', 'a key'];
  const combinations = modes.flatMap((mode) =>
    actions.flatMap((action) => keys.map((key) => ({ mode, action, key }))),
  );

  test.each(combinations)(
    'writes nothing to BigQuery with mode $mode, action $action, key "$key"',
    async (settings) => {
      const policies = TEN_MINUTES.replace('mode: enforce', `mode: ${settings.mode}`).replace(
        'action: cancel',
        `action: ${settings.action}`,
      );
      const environment = { WATCHDOG_DRY_RUN: 'true', WATCHDOG_REDACTION_KEY: settings.key };
      const watchdog = await openWatchdog({ policies, environment });
      running(watchdog, 'guilty', 42);
      for (let tick = 0; tick < 3; tick++) await watchdog.sweep();
      expect(watchdog.simulator.writes).toEqual([]);
      expect(watchdog.stepsOf('guilty')).toEqual(['observed']);
    },
  );
});

describe('findings that lost are told too', () => {
  test('an alert and another cancel of the same job', async () => {
    const watchdog = await openWatchdog({
      policies: `${TEN_MINUTES}
  - { name: tell, limit: { runtime: 5m }, action: alert }
  - { name: also, limit: { runtime: 20m }, action: cancel }
`,
    });
    running(watchdog, 'guilty', 42);
    await watchdog.sweep();
    const told = jobAlerts(watchdog.alerts).map(({ data }) => [data.policy, data.step, data.because]);
    expect(told).toEqual([
      ['tell', 'observed', 'alert-only'],
      ['short', 'cancelling', undefined],
      ['short', 'cancelled', undefined],
      ['also', 'observed', 'another-policy-acts'],
    ]);
    expect(watchdog.simulator.writes).toHaveLength(1);
  });
});

describe('what BigQuery does not tell', () => {
  const policies = `
version: 1
mode: enforce
policies:
  - { name: slots, limit: { slotTime: 1m }, action: cancel }
`;
  test('is looked for again, and acted on when it comes', async () => {
    const watchdog = await openWatchdog({ policies });
    running(watchdog, 'late', 2, { slots: 1, lateFields: { totalSlotMs: 2 * MINUTE_MS + 12_000 } });
    await watchdog.sweep();
    const [write] = watchdog.simulator.writes;
    expect(((write?.atMs ?? 0) - START_MS) / 1_000).toBeCloseTo(20, 0);
  });
  test('after the fourth look is undecided, told once, and nothing is done', async () => {
    const watchdog = await openWatchdog({ policies });
    running(watchdog, 'never', 20, { slots: 1, lateFields: { totalSlotMs: 1_000 * MINUTE_MS } });
    for (let tick = 1; tick <= 4; tick++) {
      await watchdog.sweep();
      await watchdog.clock.advanceTo(START_MS + tick * MINUTE_MS);
    }
    expect(watchdog.simulator.writes).toEqual([]);
    expect(watchdog.stepsOf('never')).toEqual(['undecided']);
  });
});

describe('a request that was lost, when nobody may ask again', () => {
  test.each([
    {
      name: 'a person stopped everything',
      bar: ({ runtime }: Watchdog) => runtime.ports.ledger.stop({ atMs: START_MS, by: 'ada' }),
    },
    {
      name: 'the breaker is open',
      bar: ({ runtime }: Watchdog) =>
        runtime.ports.ledger.tripBreaker(
          { verb: 'cancel', policy: 'short' },
          { atMs: START_MS, why: 'too many acts' },
          { ceId: 'trip', event: {} },
        ),
    },
  ])('$name: people are told that the job runs on', async ({ bar }) => {
    const watchdog = await openWatchdog({ policies: TEN_MINUTES });
    running(watchdog, 'guilty', 42, { cancel: { ignoresFirst: 9 } });
    await watchdog.sweep();
    await bar(watchdog);
    for (let minute = 1; minute <= 8; minute++) {
      await watchdog.clock.advanceTo(START_MS + minute * MINUTE_MS);
      await watchdog.sweep();
    }
    expect((await claimOf(watchdog, 'guilty'))?.askedAtMs).toHaveLength(1);
    expect(watchdog.stepsOf('guilty')).toContain('could-not-cancel');
  });
});
