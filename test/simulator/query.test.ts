import { describe, expect, test } from 'vitest';
import { at, playground, reasonOf, START_MS } from './playground.ts';

const QUERIES = '/bigquery/v2/projects/shop/queries';

test('query waits for its job and gives the row', async () => {
  const { clock, simulator, call } = playground();
  const { status, body } = await call('POST', QUERIES, {
    query: 'SELECT 1',
    useLegacySql: false,
    labels: { team: 'a' },
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    kind: 'bigquery#queryResponse',
    jobComplete: true,
    totalRows: '1',
    rows: [{ f: [{ v: '1' }] }],
    schema: { fields: [{ name: 'f0_', type: 'INTEGER' }] },
  });
  expect(clock.now()).toBeGreaterThan(START_MS + 500);
  expect(simulator.allTruths()).toMatchObject([{ state: 'DONE', labels: { team: 'a' } }]);
});

test('getQueryResults waits as long as it may, then says that the job is not complete', async () => {
  const { clock, simulator, call } = playground();
  simulator.start({ projectId: 'shop', jobId: 'long', runMs: 15_000 });
  const early = await call('GET', `${QUERIES}/long?timeoutMs=2000`);
  expect(clock.now()).toBe(START_MS + 2_000);
  expect(at(early.body, 'jobComplete')).toBe(false);
  const usual = await call('GET', `${QUERIES}/long`);
  expect(clock.now()).toBe(START_MS + 12_000);
  expect(at(usual.body, 'jobComplete')).toBe(false);
  const done = await call('GET', `${QUERIES}/long`);
  expect(clock.now()).toBe(START_MS + 15_000);
  expect(at(done.body, 'jobComplete')).toBe(true);
});

test('a cancel ends the waiting', async () => {
  const { clock, simulator, call } = playground();
  simulator.start({ projectId: 'shop', jobId: 'long', runMs: Infinity, cancel: { afterMs: 1_000 } });
  await call('POST', '/bigquery/v2/projects/shop/jobs/long/cancel');
  const response = await call('GET', `${QUERIES}/long`);
  expect(clock.now()).toBeLessThanOrEqual(START_MS + 1_500);
  expect([response.status, reasonOf(response)]).toEqual([400, 'stopped']);
});

describe('statements that give no rows', () => {
  test.each([
    { query: 'DELETE FROM t WHERE TRUE', has: 'numDmlAffectedRows' },
    { query: 'CREATE TABLE t (a INT64)', has: 'totalRows' },
  ])('$query', async ({ query, has }) => {
    const { body } = await playground().call('POST', QUERIES, { query });
    expect(body).toHaveProperty(has, '0');
    expect(body).not.toHaveProperty('rows');
  });
});

test('a dry run leaves no job', async () => {
  const { simulator, call } = playground();
  const { body } = await call('POST', QUERIES, { query: 'SELECT 1', dryRun: true });
  expect(at(body, 'jobComplete')).toBe(true);
  expect(simulator.allTruths()).toEqual([]);
});

test.each([
  { path: QUERIES, method: 'POST', body: {}, status: 400, reason: 'required' },
  { path: `${QUERIES}/none`, method: 'GET', body: undefined, status: 404, reason: 'notFound' },
  { path: `${QUERIES}/copy`, method: 'GET', body: undefined, status: 400, reason: 'invalid' },
])('$method $path is refused: $reason', async ({ path, method, body, status, reason }) => {
  const { simulator, call } = playground();
  simulator.start({ projectId: 'shop', jobId: 'copy', type: 'COPY' });
  const response = await call(method, path, body);
  expect([response.status, reasonOf(response)]).toEqual([status, reason]);
});
