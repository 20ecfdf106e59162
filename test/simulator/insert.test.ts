import { describe, expect, test } from 'vitest';
import { at, idsOf, playground, reasonOf, START_MS } from './playground.ts';

const JOBS = '/bigquery/v2/projects/shop/jobs';
const SELECT = { query: { query: 'SELECT 1', useLegacySql: false } };
const TABLE = { projectId: 'shop', datasetId: 'sales', tableId: 'orders' };
const DOMAIN_TABLE = { ...TABLE, projectId: 'example.com:shop' };

const SESSION = (value: string): unknown => ({ key: 'session_id', value });

function inserted(configuration: unknown, jobId = 'job'): unknown {
  return { jobReference: { projectId: 'shop', jobId }, configuration };
}

test('an inserted job lives its own life and succeeds after about a second', async () => {
  const { clock, simulator, call } = playground();
  const { status, body } = await call('POST', JOBS, inserted(SELECT));
  expect(status).toBe(200);
  expect(at(body, 'status')).toEqual({ state: 'PENDING' });
  expect(at(body, 'id')).toBe('shop:US.job');
  expect(at(body, 'user_email')).toBe('simulator@example.com');
  await clock.advanceBy(500);
  expect(simulator.truth({ projectId: 'shop', jobId: 'job' })?.state).toBe('RUNNING');
  await clock.advanceBy(1_000);
  const truth = simulator.truth({ projectId: 'shop', jobId: 'job' });
  expect(truth?.state).toBe('DONE');
  expect(truth).not.toHaveProperty('errorReason');
  expect(simulator.writes).toEqual([
    {
      atMs: START_MS,
      method: 'insert',
      job: { projectId: 'shop', location: 'US', jobId: 'job' },
      by: 'simulator@example.com',
      effective: true,
      configuration: SELECT,
    },
  ]);
});

test('its life can be decided by who runs the simulator', async () => {
  const error = { reason: 'backendError', message: 'again' };
  const { clock, simulator, call } = playground({
    lifeOfInserted: ({ jobId }) => (jobId === 'doomed' ? { runMs: 9_000, error, slots: 5 } : undefined),
  });
  await call('POST', JOBS, inserted(SELECT, 'doomed'));
  await call('POST', JOBS, inserted(SELECT, 'usual'));
  await clock.advanceBy(10_000);
  expect(simulator.truth({ projectId: 'shop', jobId: 'doomed' })).toMatchObject({
    errorReason: 'backendError',
    slotMs: 45_000,
  });
  expect(simulator.truth({ projectId: 'shop', jobId: 'usual' })).not.toHaveProperty('errorReason');
});

test('a job without an id gets one, and one without a location runs in US', async () => {
  const { call } = playground();
  const first = await call('POST', JOBS, { configuration: SELECT });
  const second = await call('POST', JOBS, { configuration: SELECT });
  expect(at(first.body, 'jobReference')).toEqual({
    projectId: 'shop',
    location: 'US',
    jobId: expect.stringMatching(/^job_[\w-]{28}$/),
  });
  expect(at(second.body, 'jobReference', 'jobId')).not.toBe(at(first.body, 'jobReference', 'jobId'));
});

test('the same name twice is refused, wherever the case of the location differs', async () => {
  const { simulator, call } = playground();
  await call('POST', JOBS, inserted(SELECT));
  const reference = { projectId: 'shop', jobId: 'job', location: 'us' };
  const again = await call('POST', JOBS, { jobReference: reference, configuration: SELECT });
  expect([again.status, reasonOf(again)]).toEqual([409, 'duplicate']);
  expect(at(again.body, 'error', 'message')).toBe('Already Exists: Job shop:US.job');
  expect(at(again.body, 'error', 'status')).toBe('ALREADY_EXISTS');
  const elsewhere = { ...reference, location: 'EU' };
  expect((await call('POST', JOBS, { jobReference: elsewhere, configuration: SELECT })).status).toBe(200);
  expect(simulator.writes.map((write) => write.effective)).toEqual([true, false, true]);
});

describe('what BigQuery fills in', () => {
  const anonymous = {
    destinationTable: {
      projectId: 'shop',
      datasetId: expect.stringMatching(/^_[0-9a-f]+$/),
      tableId: expect.stringMatching(/^anon[0-9a-f]+$/),
    },
    createDisposition: 'CREATE_IF_NEEDED',
    writeDisposition: 'WRITE_TRUNCATE',
  };
  test.each([
    ['SELECT 1', {}],
    ['INSERT INTO sales.orders VALUES (1)', { destinationTable: TABLE }],
    ['MERGE sales.orders USING s ON TRUE WHEN MATCHED THEN DELETE', { destinationTable: TABLE }],
    ['DELETE FROM `example.com:shop.sales`.orders WHERE TRUE', { destinationTable: DOMAIN_TABLE }],
    ['UPDATE orders SET a = 1 WHERE TRUE', {}],
    ['CREATE TABLE sales.orders (id INT64)', { destinationTable: TABLE }],
    ['CREATE OR REPLACE TABLE /* x.y */ sales.orders AS SELECT 1', { destinationTable: TABLE }],
    ['CREATE OR REPLACE TABLE shop.sales.orders AS SELECT 1', { destinationTable: TABLE }],
    ['CREATE FUNCTION sales.f() AS (1)', {}],
  ])(
    '%s: a destination and both dispositions, which are refused when sent back unless it is a SELECT',
    async (query, named) => {
      const { call } = playground();
      const first = await call('POST', JOBS, inserted({ query: { query, useLegacySql: false } }));
      const configuration = at(first.body, 'configuration');
      expect(configuration).toEqual({
        jobType: 'QUERY',
        query: { query, useLegacySql: false, priority: 'INTERACTIVE', ...anonymous, ...named },
      });
      const again = await call('POST', JOBS, inserted(configuration, 'again'));
      expect(again.status).toBe(query.startsWith('SELECT') ? 200 : 400);
      if (/^(INSERT|MERGE|UPDATE|DELETE)/.test(query)) {
        const message = 'Cannot set create disposition in jobs with DML statements';
        expect(at(again.body, 'error', 'message')).toBe(message);
      }
    },
  );

  test('a table without a dataset is in the default one', async () => {
    const query = { query: 'UPDATE orders SET a = 1 WHERE TRUE', defaultDataset: { datasetId: 'sales' } };
    const { body } = await playground().call('POST', JOBS, inserted({ query }));
    expect(at(body, 'configuration', 'query', 'destinationTable')).toEqual(TABLE);
  });

  test('a named destination stays', async () => {
    const query = {
      query: 'SELECT 1',
      destinationTable: TABLE,
      writeDisposition: 'WRITE_APPEND',
      priority: 'BATCH',
    };
    const { body } = await playground().call('POST', JOBS, inserted({ query }));
    expect(at(body, 'configuration', 'query')).toEqual({ ...query, createDisposition: 'CREATE_IF_NEEDED' });
  });

  test.each([
    { part: { load: { sourceUris: ['gs://b/a.csv'], destinationTable: TABLE } }, jobType: 'LOAD' },
    { part: { extract: { sourceTable: TABLE, destinationUri: 'gs://b/a.csv' } }, jobType: 'EXTRACT' },
    {
      part: { copy: { sourceTable: TABLE, destinationTable: { ...TABLE, tableId: 'copy' } } },
      jobType: 'COPY',
    },
  ])('a $jobType job gets its jobType and nothing else', async ({ part, jobType }) => {
    const { body } = await playground().call('POST', JOBS, inserted(part));
    expect(at(body, 'configuration')).toEqual({ ...part, jobType });
  });
});

test('a script gets children, each with its own anonymous table', async () => {
  const { clock, simulator, call } = playground();
  await call(
    'POST',
    JOBS,
    inserted({ query: { query: "DECLARE x INT64; SELECT ';'; INSERT INTO t VALUES (1)" } }, 'script'),
  );
  await clock.advanceBy(3_000);
  expect(simulator.truth({ projectId: 'shop', jobId: 'script' })).toMatchObject({
    statementType: 'SCRIPT',
    state: 'DONE',
    // Two children, of 400 ms on a slot each.
    slotMs: 800,
  });
  const { body } = await call('GET', `${JOBS}?parentJobId=script&projection=full`);
  expect([
    at(body, 'jobs', 1, 'configuration', 'query', 'query'),
    at(body, 'jobs', 0, 'configuration', 'query', 'query'),
  ]).toEqual(["SELECT ';'", 'INSERT INTO t VALUES (1)']);
  expect(at(body, 'jobs', 0, 'configuration', 'query', 'destinationTable', 'datasetId')).toMatch(/^_script/);
});

test('a dry run is done at once, has no id, and leaves no job behind', async () => {
  const { simulator, call } = playground();
  const { body } = await call('POST', JOBS, { configuration: { ...SELECT, dryRun: true } });
  expect(at(body, 'status')).toEqual({ state: 'DONE' });
  expect(at(body, 'jobReference')).toEqual({ projectId: 'shop', location: 'US' });
  expect(at(body, 'statistics', 'query', 'totalBytesProcessedAccuracy')).toBe('UNKNOWN');
  expect(idsOf(await call('GET', JOBS))).toEqual([]);
  expect(simulator.writes).toEqual([]);
});

test('jobTimeoutMs stops it', async () => {
  const { clock, simulator, call } = playground({ lifeOfInserted: () => ({ runMs: Infinity }) });
  await call('POST', JOBS, inserted({ ...SELECT, jobTimeoutMs: '5000' }));
  await clock.advanceBy(5_000);
  expect(simulator.truth({ projectId: 'shop', jobId: 'job' })).toMatchObject({
    state: 'DONE',
    errorReason: 'stopped',
  });
});

test('a label called __proto__ is a label like any other', async () => {
  const { simulator, call } = playground();
  const labels: unknown = JSON.parse('{"__proto__":"x","team":"a"}');
  expect((await call('POST', JOBS, inserted({ ...SELECT, labels }))).status).toBe(200);
  expect(Object.keys(simulator.truth({ projectId: 'shop', jobId: 'job' })?.labels ?? {})).toEqual([
    '__proto__',
    'team',
  ]);
});

describe('refusals', () => {
  const ddl = (fields: object): unknown =>
    inserted({ query: { query: 'CREATE TABLE t (id INT64)', ...fields } });
  const dml = (fields: object): unknown =>
    inserted({ query: { query: 'DELETE FROM t WHERE TRUE', ...fields } });
  const script = (fields: object): unknown => inserted({ query: { query: 'SELECT 1; SELECT 2', ...fields } });
  const manyLabels = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`label${index}`, 'x']));
  test.each([
    { name: 'no body', body: undefined, reason: 'required', message: 'configuration' },
    {
      name: 'no kind of job',
      body: inserted({ labels: {} }),
      reason: 'invalid',
      message: 'but there were 0',
    },
    {
      name: 'two kinds of job',
      body: inserted({ ...SELECT, copy: {} }),
      reason: 'invalid',
      message: 'but there were 2',
    },
    { name: 'a query without text', body: inserted({ query: {} }), reason: 'required', message: 'query' },
    {
      name: 'a load without a destination',
      body: inserted({ load: {} }),
      reason: 'required',
      message: 'configuration.load.destinationTable',
    },
    {
      name: 'a destination in DDL',
      body: ddl({ destinationTable: TABLE }),
      reason: 'invalidQuery',
      message: 'Cannot set destination table in jobs with DDL statements',
    },
    {
      name: 'a create disposition in DML',
      body: dml({ createDisposition: 'CREATE_IF_NEEDED' }),
      reason: 'invalidQuery',
      message: 'Cannot set create disposition in jobs with DML statements',
    },
    {
      name: 'a write disposition in DML',
      body: dml({ writeDisposition: 'WRITE_TRUNCATE' }),
      reason: 'invalidQuery',
      message: 'Cannot set write disposition in jobs with DML statements',
    },
    {
      name: 'a destination in a script',
      body: script({ destinationTable: TABLE }),
      reason: 'invalidQuery',
      message: 'Cannot set destination table in jobs with scripts',
    },
    {
      name: 'partitioning in a script',
      body: script({ timePartitioning: { type: 'DAY' } }),
      reason: 'invalidQuery',
      message: 'Cannot set timePartitioning in jobs with scripts',
    },
    {
      name: 'a destination in a CALL',
      body: inserted({ query: { query: 'CALL sales.p()', destinationTable: TABLE } }),
      reason: 'invalidQuery',
      message: 'Cannot set destination table in jobs with scripts',
    },
    {
      name: 'a disposition in EXPORT DATA',
      body: inserted({
        query: {
          query: "EXPORT DATA OPTIONS(uri='gs://b/*') AS SELECT 1",
          writeDisposition: 'WRITE_EMPTY',
        },
      }),
      reason: 'invalidQuery',
      message: 'Cannot set write disposition in jobs with EXPORT DATA statements',
    },
    {
      name: 'a destination that is to expire in the past',
      body: inserted({
        copy: {
          sourceTable: TABLE,
          destinationTable: TABLE,
          destinationExpirationTime: new Date(START_MS).toISOString(),
        },
      }),
      reason: 'invalid',
      message: 'expiration time',
    },
    {
      name: 'a snapshot from before time travel',
      body: inserted({
        copy: {
          sourceTables: [{ ...TABLE, tableId: `orders@${START_MS - 7 * 86_400_000 - 1}` }],
          destinationTable: TABLE,
        },
      }),
      reason: 'invalid',
      message: 'Invalid snapshot time',
    },
    {
      name: 'a session that nobody made',
      body: inserted({ query: { query: 'SELECT 1', connectionProperties: [SESSION('bm9uZQ')] } }),
      reason: 'invalid',
      message: 'Session bm9uZQ is not available',
    },
    {
      name: 'a session that is to be made and to be there',
      body: inserted({
        load: { destinationTable: TABLE, createSession: true, connectionProperties: [SESSION('bm9uZQ')] },
      }),
      reason: 'invalid',
      message: 'cannot both be set',
    },
    {
      name: 'a name with a dot',
      body: inserted(SELECT, 'a.b'),
      reason: 'invalid',
      message: 'Invalid job ID "a.b"',
    },
    {
      name: 'a name that is too long',
      body: inserted(SELECT, 'a'.repeat(1_025)),
      reason: 'invalid',
      message: 'at most 1024 characters',
    },
    {
      name: 'another project',
      body: { jobReference: { projectId: 'other' }, configuration: SELECT },
      reason: 'invalid',
      message: 'does not agree',
    },
    {
      name: 'too many labels',
      body: inserted({ ...SELECT, labels: manyLabels }),
      reason: 'invalid',
      message: 'Too many labels: 65',
    },
    {
      name: 'a label in capitals',
      body: inserted({ ...SELECT, labels: { Team: 'a' } }),
      reason: 'invalid',
      message: 'Invalid label key "Team"',
    },
    {
      name: 'a long label value',
      body: inserted({ ...SELECT, labels: { team: 'a'.repeat(64) } }),
      reason: 'invalid',
      message: 'Invalid label value',
    },
    {
      name: 'a timeout that is no number',
      body: inserted({ ...SELECT, jobTimeoutMs: 'soon' }),
      reason: 'invalid',
      message: 'jobTimeoutMs: soon',
    },
  ])('$name', async ({ body, reason, message }) => {
    const { simulator, call } = playground();
    const response = await call('POST', JOBS, body);
    expect([response.status, reasonOf(response)]).toEqual([400, reason]);
    expect(at(response.body, 'error', 'message')).toContain(message);
    expect(simulator.allTruths()).toEqual([]);
    expect(simulator.writes).toMatchObject([{ method: 'insert', effective: false, refused: reason }]);
  });

  test('a name of 1,024 letters is not too long', async () => {
    expect((await playground().call('POST', JOBS, inserted(SELECT, 'a'.repeat(1_024)))).status).toBe(200);
  });
});

describe('an anonymous dataset', () => {
  const sent = { query: { query: 'SELECT 1', useLegacySql: false } };

  test('takes the results of whom it belongs to, and of nobody else', async () => {
    const { simulator, call } = playground();
    const { body } = await call('POST', JOBS, inserted(sent));
    const filledIn = at(body, 'configuration');
    expect((await call('POST', JOBS, inserted(filledIn, 'again'))).status).toBe(200);
    const account = '/v1/projects/-/serviceAccounts/etl@shop.iam.gserviceaccount.com:generateAccessToken';
    const scope = ['https://www.googleapis.com/auth/bigquery'];
    const token = String(at((await call('POST', account, { scope })).body, 'accessToken'));
    const others = await call('POST', JOBS, inserted(filledIn, 'others'), token);
    expect([others.status, reasonOf(others)]).toEqual([403, 'accessDenied']);
    expect(simulator.truth({ projectId: 'shop', jobId: 'others' })).toBeUndefined();
  });
});

describe('a session', () => {
  const making = { query: { query: 'SELECT 1', useLegacySql: false, createSession: true } };
  const inside = (sessionId: unknown): unknown => ({
    query: { query: 'SELECT 2', connectionProperties: [SESSION(String(sessionId))] },
  });

  test('is told by the job that made it, and by those that run inside', async () => {
    const { call } = playground();
    const { body } = await call('POST', JOBS, inserted(making));
    const sessionId = at(body, 'statistics', 'sessionInfo', 'sessionId');
    expect(sessionId).toEqual(expect.any(String));
    const second = await call('POST', JOBS, inserted(inside(sessionId), 'second'));
    expect([second.status, at(second.body, 'statistics', 'sessionInfo')]).toEqual([200, { sessionId }]);
    const plain = await call('POST', JOBS, inserted(SELECT, 'plain'));
    expect(at(plain.body, 'statistics', 'sessionInfo')).toBeUndefined();
  });

  test.each([
    { when: 'before seven days', afterMs: 7 * 86_400_000 - 1, path: JOBS, status: 200 },
    { when: 'after seven days', afterMs: 7 * 86_400_000, path: JOBS, status: 400 },
    { when: 'in another project', afterMs: 0, path: JOBS.replace('shop', 'other'), status: 400 },
  ])('$when: $status', async ({ afterMs, path, status }) => {
    const { call, clock } = playground();
    const { body } = await call('POST', JOBS, inserted(making));
    await clock.advanceBy(afterMs);
    const sessionId = at(body, 'statistics', 'sessionInfo', 'sessionId');
    expect((await call('POST', path, { configuration: inside(sessionId) })).status).toBe(status);
  });
});
