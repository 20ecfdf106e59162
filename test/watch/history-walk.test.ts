import { describe, expect, test } from 'vitest';
import { walkHistory } from '../../shared/watch/history-walk.ts';
import { MINUTE_MS } from '../running-job.ts';
import { START_MS } from '../watchdog.ts';
import {
  DAY_MS,
  HOUR_MS,
  HUSH,
  openPurge,
  POLICIES,
  type PurgingWatchdog,
  progressOf,
} from './purging-watchdog.ts';

const DONE = { status: 204, deadLetter: false };
const NO_BUDGET = POLICIES.replace(', history: { acts: 1000, per: 24h, quota: 20% }', '');
const budgetOf = (acts: number): string => POLICIES.replace('acts: 1000', `acts: ${acts}`);

async function markOf({ runtime }: PurgingWatchdog) {
  return (await runtime.ports.ledger.historyMark('my-project'))?.mark;
}

/** One job a day, each hour of the clock another one; the first is a day old. */
function dailyJobs(watchdog: PurgingWatchdog, days: number): string[] {
  const ids = Array.from({ length: days }, (_, index) => `job_${index + 1}`);
  for (const [index, jobId] of ids.entries()) watchdog.sensitive(jobId, START_MS - (index + 1) * DAY_MS);
  return ids;
}

describe('jobs that ended long before', () => {
  test('are purged, the oldest first, and what is not sensitive stays', async () => {
    const watchdog = await openPurge();
    const ids = dailyJobs(watchdog, 170);
    watchdog.plain('plain', START_MS - 100 * DAY_MS);
    watchdog.sensitive('trial', START_MS - 90 * DAY_MS, {
      principal: 'dbt@my-project.iam.gserviceaccount.com',
    });
    watchdog.sensitive('too-old', START_MS - 181 * DAY_MS);
    expect(await watchdog.walk()).toEqual(DONE);
    expect(new Set(watchdog.deleted())).toEqual(new Set(ids));
    expect(watchdog.deleted()[0]).toBe('job_170');
    expect(progressOf(watchdog)).toMatchObject([{ looked: 172, found: 171, purged: 170, isFinished: true }]);
    expect(watchdog.stepsOf('job_1')).toEqual(['purging', 'purged']);
    expect(watchdog.stepsOf('trial')).toEqual(['observed']);
    expect(JSON.stringify([watchdog.alerts, watchdog.lines])).not.toContain(HUSH);
    const { certificates } = await watchdog.runtime.ports.ledger.certificates(0, 999);
    expect(certificates).toHaveLength(170);
  });

  test('are not gone through again by the next tick, which has what was created since', async () => {
    const watchdog = await openPurge();
    dailyJobs(watchdog, 3);
    watchdog.plain('plain', START_MS - 2 * DAY_MS);
    await watchdog.walk();
    watchdog.calls.length = 0;
    watchdog.sensitive('late', START_MS + MINUTE_MS);
    await watchdog.clock.advanceTo(START_MS + HOUR_MS);
    await watchdog.walk();
    expect(watchdog.deleted().at(-1)).toBe('late');
    expect(watchdog.calls.map(({ jobId }) => jobId)).not.toContain('plain');
    watchdog.calls.length = 0;
    await watchdog.walk();
    expect(watchdog.calls).toEqual([]);
  });

  test('are gone through anew when what is to be purged has changed, and not when its timing has', async () => {
    const watchdog = await openPurge();
    watchdog.sensitive('other', START_MS - 100 * DAY_MS, { query: "SELECT 'ACCT-1'" });
    await watchdog.walk();
    watchdog.calls.length = 0;
    watchdog.setPolicies(
      POLICIES.replace('after: 15m', 'after: 20m').replace('version: 1', 'version: 1\n# new'),
    );
    await watchdog.walk();
    expect(watchdog.calls).toEqual([]);
    watchdog.setPolicies(POLICIES.replaceAll('CUST-[0-9]{8}', 'ACCT-[0-9]'));
    await watchdog.walk();
    expect(watchdog.deleted()).toEqual(['other']);
  });

  test('and whose wait is not over are stored, and purged by a sweep in time', async () => {
    const watchdog = await openPurge({ policies: POLICIES.replace('after: 15m', 'after: 3d') });
    dailyJobs(watchdog, 4);
    await watchdog.walk();
    expect(watchdog.deleted()).toEqual(['job_4']);
    await watchdog.sweepAt(0, 24 * 60 - 1);
    expect(watchdog.deleted()).toEqual(['job_4', 'job_3']);
    await watchdog.sweepAt(24 * 60);
    expect(watchdog.deleted()).toEqual(['job_4', 'job_3', 'job_2']);
  });

  test('on hold stay, and are no reason to stop', async () => {
    const holds =
      'version: 1\nholds:\n  - { id: case-1, reason: Litigation, until: indefinite, match: { jobs: ["my-project:US.job_2"] } }\n';
    const watchdog = await openPurge({ holds });
    dailyJobs(watchdog, 3);
    await watchdog.walk();
    expect(watchdog.deleted()).toEqual(['job_3', 'job_1']);
    expect(progressOf(watchdog)).toMatchObject([{ found: 3, purged: 2, isFinished: true }]);
  });
});

test('without a budget they are only counted', async () => {
  const watchdog = await openPurge({ policies: NO_BUDGET });
  dailyJobs(watchdog, 5);
  await watchdog.walk();
  expect(watchdog.deleted()).toEqual([]);
  expect(progressOf(watchdog)).toMatchObject([{ looked: 5, found: 5, purged: 0, isFinished: true }]);
  const due = await watchdog.runtime.ports.ledger.dueClaims(
    'purge',
    'my-project',
    START_MS + 999 * DAY_MS,
    99,
  );
  expect(due.claims).toEqual([]);
});

describe('a budget that is used up', () => {
  test('stops the walk until there is room again, and then it goes on from there', async () => {
    const watchdog = await openPurge({ policies: budgetOf(4) });
    const ids = dailyJobs(watchdog, 10);
    await watchdog.walk();
    expect(watchdog.deleted()).toHaveLength(4);
    const stoppedAt = (await markOf(watchdog))?.doneToMs;
    for (const hour of [1, 2, 3]) {
      await watchdog.clock.advanceTo(START_MS + hour * HOUR_MS);
      watchdog.calls.length = 0;
      await watchdog.walk();
      expect(watchdog.calls.length).toBeLessThan(60);
    }
    expect(watchdog.deleted()).toHaveLength(4);
    expect((await markOf(watchdog))?.doneToMs).toBe(stoppedAt);
    for (const day of [1, 2]) {
      await watchdog.clock.advanceTo(START_MS + day * DAY_MS + HOUR_MS);
      await watchdog.walk();
    }
    expect(new Set(watchdog.deleted())).toEqual(new Set(ids));
    expect(watchdog.alerts.map(({ type }) => type)).not.toContain('bigquery-watchdog.breaker.tripped.v1');
    expect(progressOf(watchdog).at(-1)).toMatchObject({ purged: 10, isFinished: true });
  });

  test('keeps no claims of all that is left', async () => {
    const watchdog = await openPurge({ policies: budgetOf(1) });
    dailyJobs(watchdog, 150);
    await watchdog.walk();
    const due = await watchdog.runtime.ports.ledger.dueClaims(
      'purge',
      'my-project',
      START_MS + 999 * DAY_MS,
      999,
    );
    expect(due.claims.length).toBeLessThanOrEqual(20);
  });
});

describe('a walk that has no time for all of it', () => {
  test('sends itself on, and the message goes on from where it stopped', async () => {
    const environment = {
      WATCHDOG_SWEEP_TOPICS: 'purge=projects/p/topics/t',
      CLOUD_RUN_TIMEOUT_SECONDS: '20',
      WATCHDOG_TICK_SECONDS: '20',
    };
    const policies = POLICIES.replace('20%', '1%');
    const watchdog = await openPurge({ environment, policies });
    const ids = dailyJobs(watchdog, 60);
    const fromMs = START_MS - 180 * DAY_MS;
    await watchdog.walk(fromMs, START_MS);
    const done = watchdog.deleted().length;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(60);
    let sent = 0;
    for (; watchdog.continuations.length > sent && sent < 40; sent++) {
      expect(watchdog.continuations[sent]).toBe(`purge my-project ${fromMs} ${START_MS}`);
      await watchdog.walk(fromMs, START_MS);
    }
    expect(sent).toBeGreaterThan(1);
    // What was under way when the time was up is the sweeps'.
    const minutes = Math.ceil((watchdog.clock.now() - START_MS) / MINUTE_MS);
    await watchdog.sweepAt(minutes + 1, minutes + 2, minutes + 3, minutes + 4, minutes + 5);
    expect(new Set(watchdog.deleted())).toEqual(new Set(ids));
    expect(watchdog.calls.filter(({ method }) => method === 'delete')).toHaveLength(60);
    expect(progressOf(watchdog).at(-1)).toMatchObject({ isFinished: true });
  });

  test('tells once an hour how far it has come, and until when it may take', async () => {
    const watchdog = await openPurge({ policies: budgetOf(5) });
    dailyJobs(watchdog, 20);
    await watchdog.walk();
    await watchdog.walk();
    const progress = progressOf(watchdog);
    expect(progress).toMatchObject([
      { purged: 5, isFinished: false, estimatedEndAt: expect.stringMatching(/^20/) },
    ]);
    expect(Date.parse(progress[0].estimatedEndAt)).toBeGreaterThan(START_MS);
  });
});

test('more jobs in a short time than one slice holds are all gone through', async () => {
  const watchdog = await openPurge({ policies: NO_BUDGET });
  for (let index = 0; index < 2_500; index++)
    watchdog.sensitive(`job_${index}`, START_MS - 9 * DAY_MS + index * 100);
  for (let message = 0; message < 4; message++) await watchdog.walk();
  expect(progressOf(watchdog).at(-1)).toMatchObject({ looked: 2_500, found: 2_500, isFinished: true });
});

describe('nothing is done', () => {
  test('while a person has stopped all acts', async () => {
    const watchdog = await openPurge();
    dailyJobs(watchdog, 3);
    const { ledger } = watchdog.runtime.ports;
    await ledger.stop({ atMs: START_MS, by: 'ada' });
    expect(await watchdog.walk()).toEqual(DONE);
    expect(watchdog.calls).toEqual([]);
    await ledger.resume();
    await watchdog.walk();
    expect(watchdog.deleted()).toHaveLength(3);
  });

  test('while the holds file cannot be read', async () => {
    const watchdog = await openPurge({ holds: 'version: 1\nholds: []\n' });
    const ids = dailyJobs(watchdog, 100);
    watchdog.setHolds(undefined);
    await watchdog.walk();
    expect(watchdog.deleted()).toEqual([]);
    const due = await watchdog.runtime.ports.ledger.dueClaims(
      'purge',
      'my-project',
      START_MS + 999 * DAY_MS,
      999,
    );
    expect(due.claims.length).toBeLessThanOrEqual(20);
    watchdog.setHolds('version: 1\nholds: []\n');
    await watchdog.clock.advanceTo(START_MS + HOUR_MS);
    await watchdog.sweep();
    await watchdog.walk();
    expect(new Set(watchdog.deleted())).toEqual(new Set(ids));
  });

  test('while a location does not answer the list', async () => {
    const watchdog = await openPurge();
    watchdog.sensitive('job', START_MS - 9 * DAY_MS, { location: 'EU' });
    watchdog.simulator.setLists({ unreachable: ['EU'] });
    await watchdog.walk();
    expect((await markOf(watchdog))?.finishedAtMs).toBeUndefined();
    watchdog.simulator.setLists({ unreachable: [] });
    await watchdog.walk();
    expect(watchdog.deleted()).toEqual(['job']);
  });

  test('under a dry run', async () => {
    const watchdog = await openPurge({ environment: { WATCHDOG_DRY_RUN: 'true' } });
    dailyJobs(watchdog, 50);
    await watchdog.walk();
    expect(watchdog.deleted()).toEqual([]);
    expect(watchdog.calls.filter(({ method }) => method === 'delete')).toEqual([]);
  });
});

describe('a job that cannot be judged', () => {
  const refuse = (watchdog: PurgingWatchdog): void =>
    watchdog.simulator.setFaults(({ method, target }) =>
      method === 'get' && target === 'job_2' ? { kind: 'malformed' } : undefined,
    );

  test('is tried again by the next walk, and keeps nothing before it', async () => {
    const watchdog = await openPurge();
    dailyJobs(watchdog, 3);
    refuse(watchdog);
    await watchdog.walk();
    expect(watchdog.deleted()).toContain('job_3');
    expect(await markOf(watchdog)).toMatchObject({
      doneToMs: START_MS - 2 * DAY_MS,
      stuckSinceMs: expect.any(Number),
    });
    watchdog.simulator.setFaults(undefined);
    await watchdog.walk();
    expect(new Set(watchdog.deleted())).toEqual(new Set(['job_3', 'job_2', 'job_1']));
    expect((await markOf(watchdog))?.stuckSinceMs).toBeUndefined();
  });

  test('is passed over after a day, of which people are told', async () => {
    const watchdog = await openPurge();
    dailyJobs(watchdog, 3);
    refuse(watchdog);
    await watchdog.walk();
    await watchdog.clock.advanceTo(START_MS + DAY_MS - HOUR_MS);
    await watchdog.walk();
    expect((await markOf(watchdog))?.finishedAtMs).toBeUndefined();
    await watchdog.clock.advanceTo(START_MS + DAY_MS + HOUR_MS);
    await watchdog.walk();
    expect((await markOf(watchdog))?.finishedAtMs).toBeDefined();
    const told = watchdog.alerts.filter(({ type }) => type === 'bigquery-watchdog.project.unwatchable.v1');
    expect(JSON.stringify(told)).toContain('my-project:US.job_2');
  });
});

describe('of jobs created in one moment', () => {
  test('all that cannot be judged are passed over after a day, however many they are', async () => {
    const watchdog = await openPurge();
    const at = START_MS - 50 * DAY_MS;
    for (let index = 0; index < 25; index++) watchdog.sensitive(`bad_${index}`, at);
    watchdog.sensitive('behind', START_MS - 10 * DAY_MS);
    watchdog.simulator.setFaults(({ method, target }) =>
      method === 'get' && target.startsWith('bad_') ? { kind: 'malformed' } : undefined,
    );
    for (const hours of [0, 12, 25]) {
      await watchdog.clock.advanceTo(START_MS + hours * HOUR_MS);
      await watchdog.walk();
      expect(watchdog.deleted()).toEqual(hours < 24 ? [] : ['behind']);
    }
  });

  test('those that were looked at by a walk without time for all are not looked at again by the next', async () => {
    const environment = { CLOUD_RUN_TIMEOUT_SECONDS: '20', WATCHDOG_TICK_SECONDS: '20' };
    const watchdog = await openPurge({ environment });
    for (let index = 0; index < 600; index++) watchdog.plain(`plain_${index}`, START_MS - 50 * DAY_MS);
    watchdog.sensitive('behind', START_MS - 10 * DAY_MS);
    for (let message = 0; message < 4; message++) await watchdog.walk();
    expect(watchdog.deleted()).toEqual(['behind']);
  });
});

test.each([
  ['months ahead', 100],
  ['months behind', -100],
])('a clock that is %s leaves what is recorded as it stands', async (_, days) => {
  const watchdog = await openPurge({ policies: budgetOf(2) });
  dailyJobs(watchdog, 9);
  await watchdog.walk();
  const before = await markOf(watchdog);
  const { clock, runtime } = watchdog;
  const wrong = { now: () => clock.now() + days * DAY_MS };
  const ports = {
    ...runtime.ports,
    clock: new Proxy(runtime.ports.clock, {
      get: (target, key) => (key === 'now' ? wrong.now : Reflect.get(target, key)),
    }),
  };
  const now = wrong.now();
  const span = {
    startedAtMs: now,
    deadlineAtMs: Math.max(now, clock.now()) + 290_000,
    horizonAtMs: now + 59_000,
  };
  const background = { jobs: ports.jobs, limitTo: () => undefined };
  const asked = { fromMs: now - 180 * DAY_MS, toMs: now };
  const walked = await clock.run(walkHistory(asked, 'my-project', 'walk', span, ports, background));
  expect(walked).toMatchObject({ stoppedBy: 'no-time' });
  expect(await markOf(watchdog)).toEqual(before);
});

test('a project that may not be listed is told, and its message is not sent again', async () => {
  const watchdog = await openPurge();
  watchdog.simulator.setFaults(({ method }) => (method === 'list' ? { kind: 'accessDenied' } : undefined));
  expect(await watchdog.walk()).toEqual(DONE);
  expect(watchdog.alerts.map(({ type }) => type)).toEqual(['bigquery-watchdog.permission.missing.v1']);
});

test('two walks at once purge nothing twice, and one of them gives up', async () => {
  const watchdog = await openPurge();
  const ids = dailyJobs(watchdog, 30);
  const outcomes = await Promise.all([watchdog.walk(), watchdog.walk()]);
  expect(outcomes).toEqual([DONE, DONE]);
  expect(watchdog.lines.filter((line) => line.includes('lease-held'))).toHaveLength(1);
  expect(watchdog.calls.filter(({ method }) => method === 'delete')).toHaveLength(ids.length);
});
