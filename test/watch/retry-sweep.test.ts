import { describe, expect, test } from 'vitest';
import type { JobScript } from '../../simulator/job-script.ts';
import { MINUTE_MS } from '../running-job.ts';
import { START_MS } from '../watchdog.ts';
import { attempt, BACKEND_ERROR, ETL, fails, openRetry, POLICIES, toldOf } from './retrying-watchdog.ts';

const DONE = { status: 204, deadLetter: false };
const RECOVERED = ['retry-scheduled', 'retried', 'recovered'];

describe('a failure of which no event came', () => {
  test('is found by a sweep, run again as its account, and told to have recovered', async () => {
    const watchdog = await openRetry();
    fails(watchdog, 'job', 10);
    await watchdog.sweepAt(1, 2, 3, 4);
    expect(watchdog.inserted()).toEqual([`${attempt('job', 1)} by ${ETL}`]);
    expect(toldOf(watchdog, 'job')).toEqual(RECOVERED);
    expect(JSON.stringify([watchdog.alerts, watchdog.lines])).not.toContain('HUSH_8d21');
  });

  test('is answered at the moment that was drawn, within the sweep that found it', async () => {
    const watchdog = await openRetry();
    fails(watchdog, 'job', 10);
    await watchdog.sweepAt(1);
    const [claim] = (await watchdog.runtime.ports.ledger.recentClaims(0, 9)) ?? [];
    const dueAtMs = claim?.askedAtMs[0] ?? Number.NaN;
    const [alert] = watchdog.alerts;
    expect(JSON.stringify(alert)).toContain('"step":"retry-scheduled"');
    const due = /"dueAt":"([^"]+)"/.exec(JSON.stringify(alert))?.[1] ?? '';
    expect(dueAtMs - Date.parse(due)).toBeGreaterThanOrEqual(-1_000);
    expect(dueAtMs - Date.parse(due)).toBeLessThan(2_000);
    expect(watchdog.clock.now()).toBeLessThan(START_MS + 2 * MINUTE_MS);
  });

  test('is found although it ended days after it began', async () => {
    const watchdog = await openRetry();
    await watchdog.sweepAt(0);
    fails(watchdog, 'long', 5 * 24 * 3_600, { createdAtMs: START_MS + 1_000, runMs: 5 * 24 * 3_600_000 });
    await watchdog.sweepAt(1, 60, 5 * 24 * 60, 5 * 24 * 60 + 1, 5 * 24 * 60 + 2, 5 * 24 * 60 + 4);
    expect(toldOf(watchdog, 'long')).toEqual(RECOVERED);
  });

  test('comes again in further sweeps, and is answered once', async () => {
    const watchdog = await openRetry();
    fails(watchdog, 'job', 10);
    fails(watchdog, 'person', 10, { principal: 'ada@example.com' });
    fails(watchdog, 'trial', 10, { principal: 'dbt@my-project.iam.gserviceaccount.com' });
    await watchdog.sweepAt(...Array.from({ length: 20 }, (_, minute) => minute + 1));
    expect(watchdog.inserted()).toHaveLength(1);
    expect(toldOf(watchdog, 'job')).toEqual(RECOVERED);
    expect(toldOf(watchdog, 'person')).toEqual([]);
    expect(toldOf(watchdog, 'trial')).toEqual(['observed']);
  });
});

test("somebody else's job that has taken the id of an attempt is followed as any other", async () => {
  const watchdog = await openRetry();
  fails(watchdog, 'job', 10);
  const taken = attempt('job', 1);
  fails(watchdog, taken, 200, { createdAtMs: START_MS + 20_000, runMs: 180_000 });
  await watchdog.sweepAt(...Array.from({ length: 8 }, (_, minute) => minute + 1));
  expect(toldOf(watchdog, 'job')).toEqual(['retry-scheduled', 'retry-refused id-taken']);
  expect(toldOf(watchdog, taken)).toEqual(RECOVERED);
});

test('an attempt that fails is answered by the next one, until none is left', async () => {
  const watchdog = await openRetry({ lives: () => ({ error: { reason: 'internalError', message: 'x' } }) });
  fails(watchdog, 'job', 10);
  await watchdog.sweepAt(...Array.from({ length: 15 }, (_, minute) => minute + 1));
  expect(watchdog.inserted()).toEqual([1, 2, 3].map((number) => `${attempt('job', number)} by ${ETL}`));
  expect(toldOf(watchdog, 'job').at(-1)).toBe('gave-up attempts-used');
  expect(toldOf(watchdog, 'job')).toHaveLength(7);
});

test('a second attempt that falls due within the tick is waited for, as the first one is', async () => {
  const watchdog = await openRetry({
    policies: POLICIES.replace('initial: 30s, max: 1m', 'initial: 5s, max: 5s'),
    // It runs on when the second sweep lists what ended, and has failed when its claim is looked at.
    lives: () => ({ runMs: 59_900, error: BACKEND_ERROR }),
  });
  fails(watchdog, 'job', 10);
  await watchdog.sweepAt(1);
  expect(watchdog.inserted()).toHaveLength(1);
  await watchdog.sweepAt(2);
  expect(watchdog.inserted()).toHaveLength(2);
});

test('two sweeps at once, and one message that comes twice, start nothing twice', async () => {
  const watchdog = await openRetry();
  fails(watchdog, 'job', 10);
  await watchdog.clock.advanceTo(START_MS + MINUTE_MS);
  const outcomes = await Promise.all([watchdog.sweep(), watchdog.sweep()]);
  expect(outcomes).toEqual([DONE, DONE]);
  expect(watchdog.lines.filter((line) => line.includes('lease-held'))).toHaveLength(1);
  expect(watchdog.inserted()).toHaveLength(1);
});

test('sixty failures are all run again, each once', async () => {
  const caps = 'caps: { perProjectPerHour: 10000, perPrincipalPerHour: 10000 }';
  const watchdog = await openRetry({
    policies: `
version: 1
mode: enforce
breaker: { acts: 5000, per: 1h }
policies:
  - { name: transient, match: { principals: ["etl@*"] }, retry: { ${caps}, backoff: { initial: 30s } } }
`,
  });
  const ids = Array.from({ length: 60 }, (_, index) => `job_${index}`);
  for (const [index, jobId] of ids.entries()) fails(watchdog, jobId, index / 10);
  await watchdog.sweepAt(...Array.from({ length: 20 }, (_, minute) => minute + 1));
  expect(new Set(watchdog.inserted())).toEqual(new Set(ids.map((jobId) => `${attempt(jobId, 1)} by ${ETL}`)));
  expect(watchdog.inserted()).toHaveLength(60);
  expect(ids.filter((jobId) => toldOf(watchdog, jobId).at(-1) !== 'recovered')).toEqual([]);
});

describe('a job costs no call beyond the lists', () => {
  test.each<{ name: string; script: Partial<JobScript>; policies?: string }>([
    { name: 'that succeeded', script: { jobId: 'fine' } },
    { name: 'that succeeded, under an id like a retry’s', script: { jobId: 'x_wdr1_0123456789ab' } },
    { name: 'that succeeded, under an id that a retry would have', script: { jobId: attempt('x', 1) } },
    {
      name: 'with an error that comes again',
      script: { error: { reason: 'invalidQuery', message: 'x' } },
    },
    { name: 'that was cancelled', script: { error: { reason: 'stopped', message: 'x' } } },
    {
      name: 'of an account that no policy matches',
      script: { error: BACKEND_ERROR, principal: 'ada@example.com' },
    },
    {
      name: 'where no policy retries',
      script: { error: BACKEND_ERROR },
      policies: 'version: 1\npolicies: []\n',
    },
  ])('$name', async ({ script, policies = POLICIES }) => {
    const watchdog = await openRetry({ policies });
    const usual = { projectId: 'my-project', principal: ETL, createdAtMs: START_MS, runMs: 10_000 };
    watchdog.simulator.start({ ...usual, ...script });
    await watchdog.sweepAt(1, 2);
    expect(watchdog.calls.filter((method) => method !== 'list')).toEqual([]);
    expect(watchdog.alerts).toEqual([]);
  });
});

describe('what cannot be looked at', () => {
  test('as a project is told once, and its message is not sent again', async () => {
    const watchdog = await openRetry();
    watchdog.simulator.setFaults(({ method }) => (method === 'list' ? { kind: 'accessDenied' } : undefined));
    for (const _ of [1, 2]) expect(await watchdog.sweep()).toEqual(DONE);
    expect(watchdog.alerts.map(({ type }) => type)).toEqual(['bigquery-watchdog.permission.missing.v1']);
    expect(watchdog.alerts).toMatchObject([{ source: 'bigquery-watchdog/retry' }]);
  });

  test('as a project for ten minutes on end is told, though it may pass each time', async () => {
    const watchdog = await openRetry();
    watchdog.simulator.setFaults(({ method }) => (method === 'list' ? { kind: 'unavailable' } : undefined));
    await watchdog.sweepAt(...Array.from({ length: 30 }, (_, minute) => minute));
    expect(watchdog.alerts.map(({ type, source }) => `${type} of ${source}`)).toEqual([
      'bigquery-watchdog.project.unwatchable.v1 of bigquery-watchdog/retry',
    ]);
  });

  test('as a job keeps no other from its retry, and is answered once it can', async () => {
    const watchdog = await openRetry();
    fails(watchdog, 'hidden', 10);
    fails(watchdog, 'job', 10);
    watchdog.simulator.setFaults(({ method, request }) =>
      method === 'get' && request.path.includes('/hidden?') ? { kind: 'accessDenied' } : undefined,
    );
    await watchdog.sweepAt(1, 2, 3, 30);
    expect(toldOf(watchdog, 'job')).toEqual(RECOVERED);
    expect(toldOf(watchdog, 'hidden')).toEqual([]);
    watchdog.simulator.setFaults(undefined);
    await watchdog.sweepAt(31, 32, 33, 34);
    expect(toldOf(watchdog, 'hidden')).toEqual(RECOVERED);
    const missing = watchdog.alerts.filter(({ type }) => String(type).includes('permission.missing'));
    expect(missing).toHaveLength(1);
  });
});

describe('a sweep that has no time for all', () => {
  const environment = {
    WATCHDOG_SWEEP_TOPICS: 'retry=projects/p/topics/retry',
    CLOUD_RUN_TIMEOUT_SECONDS: '60',
    WATCHDOG_TICK_SECONDS: '30',
  };

  test('is gone on with by another, until all that ended was followed', async () => {
    const watchdog = await openRetry({ environment });
    for (let index = 0; index < 20; index++) fails(watchdog, `job_${index}`, -3_000 * index - 60);
    watchdog.simulator.setLists({ jobsPerPage: 3 });
    watchdog.simulator.setFaults(({ method }) =>
      method === 'list' ? { kind: 'slow', ms: 5_000 } : undefined,
    );
    const outcomes = [await watchdog.sweep()];
    while (watchdog.continuations.length === outcomes.length) outcomes.push(await watchdog.sweep());
    expect(outcomes.length).toBeGreaterThan(1);
    expect(new Set(watchdog.continuations)).toEqual(new Set(['retry my-project']));
    const told = Array.from({ length: 20 }, (_, index) => toldOf(watchdog, `job_${index}`)[0]);
    expect(new Set(told)).toEqual(new Set(['retry-scheduled', 'retry-refused deadline-passed']));
  });

  test('is sent again where there is no topic to continue it', async () => {
    const { WATCHDOG_SWEEP_TOPICS: _, ...without } = environment;
    const watchdog = await openRetry({ environment: without });
    for (let index = 0; index < 20; index++) fails(watchdog, `job_${index}`, -3_000 * index - 60);
    watchdog.simulator.setLists({ jobsPerPage: 3 });
    watchdog.simulator.setFaults(({ method }) =>
      method === 'list' ? { kind: 'slow', ms: 5_000 } : undefined,
    );
    expect(await watchdog.sweep()).toEqual({ status: 503, deadLetter: false });
  });
});

test('a job whose look tells no time is followed by the next sweep', async () => {
  const watchdog = await openRetry();
  fails(watchdog, 'job', 10);
  const { handle } = watchdog.simulator;
  let isDateless = true;
  watchdog.simulator.handle = async (request) => {
    const response = await handle.call(watchdog.simulator, request);
    const isGet = request.path.includes('/jobs/job');
    return isGet && isDateless ? { ...response, headers: { ...response.headers, date: 'today' } } : response;
  };
  await watchdog.sweepAt(1);
  expect(watchdog.lines.join('')).toContain('"because":"no-time"');
  expect(watchdog.alerts.map(({ type }) => type)).toEqual(['bigquery-watchdog.clock.untold.v1']);
  isDateless = false;
  await watchdog.sweepAt(120, 121, 122, 123);
  expect(toldOf(watchdog, 'job')).toEqual(RECOVERED);
});

describe('run dry', () => {
  const settings = ['enforce', 'observe'].flatMap((mode) => ['', 'a key'].map((key) => ({ mode, key })));

  test.each(settings)('it starts nothing and asks for no token, with mode $mode, key "$key"', async (it) => {
    const watchdog = await openRetry({
      policies: POLICIES.replace('mode: enforce', `mode: ${it.mode}`),
      environment: { WATCHDOG_DRY_RUN: 'true', WATCHDOG_REDACTION_KEY: it.key },
    });
    fails(watchdog, 'job', 10);
    await watchdog.sweepAt(1, 2, 3);
    await watchdog.push(watchdog.entries.get('job')?.at(-1));
    expect(watchdog.simulator.writes).toEqual([]);
    expect(watchdog.calls).not.toContain('generateAccessToken');
    expect(toldOf(watchdog, 'job')).toContain('observed');
    expect(toldOf(watchdog, 'job')).not.toContain('retried');
  });
});

test('a failure of which BigQuery does not tell what an exemption asks for is told once', async () => {
  const policies = POLICIES.replace('retry:', 'except: { referencedTables: "hr.*" }, retry:');
  const watchdog = await openRetry({ policies });
  fails(watchdog, 'job', 10);
  fails(watchdog, 'wrong', 10, { error: { reason: 'invalidQuery', message: 'HUSH_8d21' } });
  await watchdog.sweepAt(1, 2, 3);
  expect(watchdog.inserted()).toEqual([]);
  expect(toldOf(watchdog, 'job')).toEqual(['undecided']);
  expect(toldOf(watchdog, 'wrong')).toEqual([]);
  expect(JSON.stringify(watchdog.alerts)).toContain('does not tell referencedTables of it');
});
