import { describe, expect, test } from 'vitest';
import { cancelWork } from '../../functions/cancel-work.ts';
import { handlePush } from '../../functions/push.ts';
import { reopeningStore } from '../../shared/ledger/reopening-store.ts';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import { MINUTE_MS, running, tenMinutes, truth } from '../running-job.ts';
import { jobAlerts, openWatchdog, pushBody, START_MS, type Watchdog } from '../watchdog.ts';
import { startEntry } from './entries.ts';

const MARKER = 'SECRET_MARKER_7f3a';

const open = () => openWatchdog({ policies: tenMinutes() });
const pushed = (watchdog: Watchdog, body: unknown) =>
  watchdog.clock.run(handlePush(body, watchdog.runtime, cancelWork));
const lettersOf = (watchdog: Watchdog) => watchdog.runtime.ports.ledger.deadLetters(10);
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Acknowledged, and remembered by its names. */
const REFUSED = { status: 204, deadLetter: true };
const DONE = { status: 204, deadLetter: false };

describe('a message that can never be of use is acknowledged, and remembered without its payload', () => {
  const cut = startEntry({ query: MARKER });
  const cases: { name: string; body: unknown; fault: RegExp }[] = [
    { name: 'no push request', body: { hello: MARKER }, fault: /no Pub\/Sub push request/ },
    { name: 'no body', body: undefined, fault: /no Pub\/Sub push request/ },
    { name: 'not base64', body: { message: { data: `!!${MARKER}` } }, fault: /not base64/ },
    { name: 'not JSON', body: { message: { data: base64(`{"query": ${MARKER}`) } }, fault: /not JSON/ },
    { name: 'attributes only', body: { message: { attributes: { a: MARKER } } }, fault: /only attributes/ },
    { name: 'JSON that is no log entry', body: pushBody({ query: MARKER }), fault: /no log entry/ },
    { name: 'a JSON string', body: pushBody(MARKER), fault: /no JSON object/ },
    {
      name: 'a sweep without a project',
      body: pushBody({ sweep: { query: MARKER } }),
      fault: /its sweep is not/,
    },
    {
      name: 'a sweep whose project is no project',
      body: pushBody({ sweep: { projectId: `SELECT '${MARKER}'` } }),
      fault: /its sweep is not/,
    },
    {
      name: 'a sweep whose project is far too long',
      body: pushBody({ sweep: { projectId: MARKER.repeat(100_000) } }),
      fault: /its sweep is not/,
    },
    {
      name: 'a sweep with more than there is',
      body: pushBody({ sweep: { projectId: 'my-project', query: MARKER } }),
      fault: /its sweep is not/,
    },
    {
      name: 'a sweep over history',
      body: pushBody({
        sweep: { projectId: 'my-project', history: { from: '2026-03-05', to: '2026-09-01' } },
      }),
      fault: /^it is a sweep over history, which is for the function purge$/,
    },
    {
      name: 'a sweep over a history that has no times',
      body: pushBody({ sweep: { projectId: 'my-project', history: { from: MARKER, to: MARKER } } }),
      fault: /^its sweep is not/,
    },
    {
      name: 'a sweep over a history that ends before it begins',
      body: pushBody({
        sweep: { projectId: 'my-project', history: { from: '2026-09-01', to: '2026-03-05' } },
      }),
      fault: /^its sweep is not/,
    },
    {
      name: 'a sweep of a project not watched',
      body: pushBody({ sweep: { projectId: 'not-ours' } }),
      fault: /not watched/,
    },
    {
      name: 'an entry re-cased by a pipeline',
      body: pushBody({ insertid: '1', protopayload_auditlog: { query: MARKER } }),
      fault: /renamed by a pipeline/,
    },
    {
      name: 'a job event without a usable name',
      body: pushBody({ ...cut, ...startEntry({ jobId: `no such id ${MARKER}` }) }),
      fault: /job name is missing/,
    },
    {
      name: 'a job of a project not watched',
      body: pushBody(startEntry({ projectId: 'not-ours' })),
      fault: /not watched/,
    },
    {
      name: 'a job that is not there',
      body: pushBody(startEntry({ jobId: 'forged' })),
      fault: /no such job/,
    },
  ];
  test.each(cases)('$name', async ({ body, fault }) => {
    const watchdog = await open();
    expect(await pushed(watchdog, body)).toEqual(REFUSED);
    const letters = await lettersOf(watchdog);
    expect(letters).toHaveLength(1);
    expect(letters[0]?.fault).toMatch(fault);
    const lines = watchdog.lines.filter((line) => line.includes('"message":"dead-letter"'));
    expect(lines).toHaveLength(1);
    expect(JSON.stringify([letters, watchdog.lines, watchdog.alerts])).not.toContain(MARKER);
  });

  test('an entry that tells of a job what jobs.get does not', async () => {
    const watchdog = await open();
    running(watchdog, 'innocent', 1, { principal: 'bob@example.com' });
    expect(await watchdog.push(startEntry({ jobId: 'innocent' }))).toEqual(REFUSED);
    expect((await lettersOf(watchdog))[0]).toMatchObject({
      insertId: 'insert-1',
      projectId: 'my-project',
      fault: 'the entry is not what jobs.get tells of the job',
    });
    expect(truth(watchdog, 'innocent').state).toBe('RUNNING');
  });

  test('a job that may not be looked at, of which people are told', async () => {
    const watchdog = await open();
    running(watchdog, 'guilty', 30);
    watchdog.simulator.setFaults(({ method }) => (method === 'get' ? { kind: 'accessDenied' } : undefined));
    expect(await watchdog.push(startEntry({ createdAtMs: START_MS - 30 * MINUTE_MS }))).toEqual(REFUSED);
    expect(watchdog.alerts.map(({ type }) => type)).toEqual(['bigquery-watchdog.permission.missing.v1']);
    expect((await lettersOf(watchdog))[0]?.fault).toContain('bigquery.jobs.get');
  });
});

describe('an entry that is no job event is acknowledged and counted', () => {
  const payload = startEntry()['protoPayload'];
  const metadata = { '@type': 'type.googleapis.com/google.cloud.audit.BigQueryAuditMetadata' };
  const withPayload = (changes: object) => ({
    ...startEntry(),
    protoPayload: { ...Object(payload), ...changes },
  });
  test.each([
    { name: 'another service', entry: withPayload({ serviceName: 'storage.googleapis.com' }) },
    {
      name: 'a table read',
      entry: withPayload({ metadata: { ...metadata, tableDataRead: { reason: 'JOB' } } }),
    },
    {
      name: 'a dataset change',
      entry: withPayload({ metadata: { ...metadata, datasetChange: { reason: 'UPDATE' } } }),
    },
    { name: 'a text line', entry: { logName: 'projects/p/logs/x', textPayload: MARKER } },
  ])('$name', async ({ entry }) => {
    const watchdog = await open();
    expect(await watchdog.push(entry)).toEqual(DONE);
    expect(watchdog.lines.filter((line) => line.includes('entry ignored'))).toHaveLength(1);
    expect(await lettersOf(watchdog)).toEqual([]);
    expect(watchdog.lines.join('')).not.toContain(MARKER);
  });
});

describe('odd but true entries are judged like any other', () => {
  const entryOf = (parts: object) => startEntry({ createdAtMs: START_MS - 30 * MINUTE_MS, ...parts });
  test.each([
    { name: 'an entry hours late', parts: {} },
    { name: 'a query of 10 MB', parts: { query: `SELECT '${'x'.repeat(10 * 1024 * 1024)}'` } },
    { name: 'a job type that is not known', parts: { type: 'TELEPORT' } },
    { name: '__proto__ as a label', parts: { labels: JSON.parse('{"__proto__": "x"}') } },
  ])('$name', async ({ parts }) => {
    const watchdog = await open();
    running(watchdog, 'guilty', 30);
    expect(await watchdog.push(entryOf(parts))).toEqual(DONE);
    expect(truth(watchdog, 'guilty').state).toBe('DONE');
  });

  test('a job id that must be escaped in an address', async () => {
    const watchdog = await open();
    running(watchdog, '-odd_id--', 30);
    await watchdog.push(entryOf({ jobId: '-odd_id--' }));
    expect(truth(watchdog, '-odd_id--').state).toBe('DONE');
  });

  test('a job that is over when its entry comes uses up nothing', async () => {
    const watchdog = await open();
    running(watchdog, 'guilty', 30, { runMs: 12 * MINUTE_MS });
    expect(await watchdog.push(entryOf({}))).toEqual(DONE);
    expect(watchdog.simulator.writes).toEqual([]);
    expect(await watchdog.runtime.ports.ledger.breakers()).toEqual([]);
  });

  test('an event that needs no act makes no call and leaves nothing behind', async () => {
    const watchdog = await open();
    watchdog.simulator.setFaults(() => ({ kind: 'accessDenied' }));
    expect(await watchdog.push(startEntry({ createdAtMs: START_MS - 1_000 }))).toEqual(DONE);
    expect(watchdog.alerts).toEqual([]);
  });

  test('an event whose limit is near is held, and acted on at its time', async () => {
    const watchdog = await openWatchdog({ policies: tenMinutes().replace('10m', '20s') });
    running(watchdog, 'guilty', 0);
    await watchdog.push(startEntry({ createdAtMs: START_MS }));
    const [write] = watchdog.simulator.writes;
    expect(write?.atMs).toBeGreaterThan(START_MS + 20_000);
    expect(write?.atMs).toBeLessThan(START_MS + 22_000);
  });
});

describe('a script', () => {
  test("a child's entry leads to its parent, which is judged and stopped", async () => {
    const watchdog = await open();
    const entries: Record<string, unknown>[] = [];
    watchdog.simulator.onEntry((entry) => void entries.push(entry));
    running(watchdog, 'script', 0, { children: [{ runMs: 60 * MINUTE_MS }], runMs: 60 * MINUTE_MS });
    await watchdog.clock.advanceTo(START_MS + 11 * MINUTE_MS);
    const child = entries.find((entry) => JSON.stringify(entry).includes('script_job_'));
    expect(await watchdog.push(child)).toEqual(DONE);
    expect(jobAlerts(watchdog.alerts).map(({ subject }) => subject)).toContain('my-project:US.script');
    expect(truth(watchdog, 'script').state).toBe('DONE');
  });
});

describe('a ledger that is out of reach', () => {
  test('means no act, and that the message comes again', async () => {
    let reachable = true;
    const path = '/nowhere/ledger.sqlite';
    const watchdog = await openWatchdog({
      policies: tenMinutes(),
      parts: {
        store: (_, clock) =>
          reopeningStore(path, () => new SqliteStore({ path: reachable ? ':memory:' : path, clock })),
      },
    });
    running(watchdog, 'guilty', 30);
    await watchdog.runtime.ports.ledger.close();
    reachable = false;
    const entry = startEntry({ createdAtMs: START_MS - 30 * MINUTE_MS });
    expect(await watchdog.push(entry)).toEqual({ status: 503, deadLetter: false });
    expect(await watchdog.sweep()).toEqual({ status: 503, deadLetter: false });
    expect(await pushed(watchdog, { message: { data: '!' } })).toEqual({ status: 503, deadLetter: false });
    expect(watchdog.simulator.writes).toEqual([]);
    expect(watchdog.lines.join('')).toContain('ledger ');
  });
});
