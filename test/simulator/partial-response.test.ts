import { BigQuery } from '@google-cloud/bigquery';
import { PassThroughClient } from 'google-auth-library';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at, idsOf, playground, reasonOf, START_MS } from './playground.ts';
import { type Served, served } from './served.ts';

const JOB = '/bigquery/v2/projects/shop/jobs/job';
const LIST = '/bigquery/v2/projects/shop/jobs?allUsers=true&projection=full';

function scene(): ReturnType<typeof playground> {
  const made = playground();
  made.simulator.start({
    projectId: 'shop',
    jobId: 'job',
    createdAtMs: START_MS,
    runMs: Infinity,
    labels: { team: 'a', env: 'b' },
    referencedTables: [
      { projectId: 'shop', datasetId: 'sales', tableId: 'orders' },
      { projectId: 'shop', datasetId: 'sales', tableId: 'items' },
    ],
  });
  return made;
}

const reference = { projectId: 'shop', jobId: 'job', location: 'US' };
const labels = { team: 'a', env: 'b' };
const referencedTables = [{ tableId: 'orders' }, { tableId: 'items' }];

describe('of a job the parameter fields leaves', () => {
  test.each([
    { fields: 'id', body: { id: 'shop:US.job' } },
    { fields: 'id,kind', body: { id: 'shop:US.job', kind: 'bigquery#job' } },
    { fields: 'jobReference', body: { jobReference: reference } },
    { fields: 'jobReference/jobId', body: { jobReference: { jobId: 'job' } } },
    { fields: 'jobReference(jobId,location)', body: { jobReference: { jobId: 'job', location: 'US' } } },
    {
      fields: 'jobReference/jobId,jobReference/location',
      body: { jobReference: { jobId: 'job', location: 'US' } },
    },
    { fields: 'jobReference,jobReference/jobId', body: { jobReference: reference } },
    { fields: 'jobReference/jobId,jobReference', body: { jobReference: reference } },
    { fields: 'jobReference/*', body: { jobReference: reference } },
    { fields: '*/jobId', body: { jobReference: { jobId: 'job' } } },
    { fields: 'configuration/labels', body: { configuration: { labels } } },
    { fields: 'configuration/labels/team', body: { configuration: { labels: { team: 'a' } } } },
    {
      fields: 'configuration(labels(env),jobType)',
      body: { configuration: { jobType: 'QUERY', labels: { env: 'b' } } },
    },
    {
      fields: 'statistics/query/referencedTables/tableId',
      body: { statistics: { query: { referencedTables } } },
    },
    {
      fields: 'statistics(query(referencedTables(tableId)))',
      body: { statistics: { query: { referencedTables } } },
    },
    { fields: 'status/errorResult', body: { status: {} } },
    { fields: 'status/errorResult/reason,id', body: { status: {}, id: 'shop:US.job' } },
  ])('$fields', async ({ fields, body }) => {
    const response = await scene().call('GET', `${JOB}?fields=${encodeURIComponent(fields)}`);
    expect(response.status).toBe(200);
    const asked = fields.startsWith('*')
      ? { jobReference: at(response.body, 'jobReference') }
      : response.body;
    expect(asked).toEqual(body);
  });

  test.each(['', '*'])('everything, where it is «%s»', async (fields) => {
    const { call } = scene();
    const whole = await call('GET', JOB);
    expect((await call('GET', `${JOB}?fields=${fields}`)).body).toEqual(whole.body);
  });
});

test('of a list it leaves parts of the items, and what the list has beside them', async () => {
  const { call, simulator } = scene();
  simulator.start({ projectId: 'shop', jobId: 'older', createdAtMs: START_MS - 1, runMs: Infinity });
  const fields = 'kind,nextPageToken,jobs(jobReference/jobId,state,status/state,user_email)';
  const page = await call('GET', `${LIST}&maxResults=1&fields=${fields}`);
  expect(page.body).toEqual({
    kind: 'bigquery#jobList',
    nextPageToken: expect.any(String),
    jobs: [
      {
        jobReference: { jobId: 'job' },
        state: 'RUNNING',
        status: { state: 'RUNNING' },
        user_email: 'simulator@example.com',
      },
    ],
  });
  const token = String(at(page.body, 'nextPageToken'));
  expect(idsOf(await call('GET', `${LIST}&fields=${fields}&pageToken=${token}`))).toEqual(['older']);
});

describe('refused is', () => {
  test.each([
    { fields: 'xyz', said: 'xyz' },
    { fields: 'id,xyz', said: 'xyz' },
    { fields: 'status/xyz', said: 'xyz' },
    { fields: 'status(state,xyz)', said: 'xyz' },
    { fields: 'statistics/query/referencedTables/xyz', said: 'xyz' },
    { fields: 'id/xyz', said: 'xyz' },
    // A list's item has them, a job has not.
    { fields: 'state', said: 'state' },
    { fields: 'errorResult/reason', said: 'errorResult' },
    { fields: '__proto__', said: '__proto__' },
    { fields: 'status(state', said: 'status' },
    { fields: 'status)', said: ')' },
    { fields: 'status(state)x', said: 'x' },
    { fields: 'status()', said: ')' },
    { fields: 'status/', said: '' },
    { fields: 'id,', said: '' },
    { fields: 'id, kind', said: ' kind' },
  ])('«$fields»', async ({ fields, said }) => {
    const response = await scene().call('GET', `${JOB}?fields=${encodeURIComponent(fields)}`);
    expect(response.status).toBe(400);
    expect(reasonOf(response)).toBe('invalidParameter');
    expect(at(response.body, 'error', 'message')).toBe(`Invalid field selection ${said}`);
    expect(at(response.body, 'error', 'errors', 0, 'location')).toBe('fields');
  });

  test('a write, and then nothing is written', async () => {
    const { call, simulator } = scene();
    expect((await call('POST', `${JOB}/cancel?fields=xyz`)).status).toBe(400);
    expect(simulator.writes).toMatchObject([{ effective: false, refused: 'invalidParameter' }]);
    expect(simulator.truth(reference)?.state).toBe('RUNNING');
  });
});

describe('every method takes it', () => {
  const configuration = { query: { query: 'SELECT 1', useLegacySql: false } };
  test.each([
    { verb: 'GET', path: `${JOB}?`, fields: 'id', keys: ['id'] },
    { verb: 'GET', path: `${LIST}&`, fields: 'kind', keys: ['kind'] },
    { verb: 'POST', path: `${JOB}/cancel?`, fields: 'job/id', keys: ['job'] },
    {
      verb: 'POST',
      path: '/projects/shop/jobs?',
      fields: 'id,status',
      keys: ['id', 'status'],
      body: { configuration },
    },
    {
      verb: 'POST',
      path: '/projects/shop/queries?',
      fields: 'jobComplete',
      keys: ['jobComplete'],
      body: configuration.query,
    },
    {
      verb: 'GET',
      path: '/projects/shop/queries/job?timeoutMs=0&',
      fields: 'jobComplete,rows/f/v',
      keys: ['jobComplete'],
    },
    {
      verb: 'POST',
      path: '/v1/projects/-/serviceAccounts/a@b.iam.gserviceaccount.com:generateAccessToken?',
      fields: 'expireTime',
      keys: ['expireTime'],
      body: { scope: ['https://www.googleapis.com/auth/bigquery'] },
    },
  ])('$verb $path', async ({ verb, path, fields, keys, body }) => {
    const response = await scene().call(
      verb,
      `${path}fields=${fields}&prettyPrint=false&quotaUser=x&alt=json`,
      body,
    );
    expect(response.status).toBe(200);
    expect(Object.keys(Object(response.body)).sort()).toEqual(keys);
  });

  test('also one that answers nothing, and errors are answered whole', async () => {
    const { call, clock } = scene();
    const running = await call('DELETE', `${JOB}/delete?location=US&fields=*`);
    expect(at(running.body, 'error', 'code')).toBe(400);
    await call('POST', `${JOB}/cancel`);
    await clock.advanceBy(5_000);
    expect((await call('DELETE', `${JOB}/delete?location=US&fields=*`)).status).toBe(204);
  });
});

describe('with @google-cloud/bigquery', () => {
  let there: Served;
  let bigquery: BigQuery;

  beforeAll(async () => {
    there = await served();
    const authClient = new PassThroughClient();
    bigquery = new BigQuery({
      projectId: 'shop',
      apiEndpoint: there.server.address,
      authClient,
      retryOptions: { autoRetry: false },
    });
    there.simulator.start({ projectId: 'shop', jobId: 'job', runMs: Infinity });
  });

  afterAll(() => there.server.close());

  test('a list carries what was asked for', async () => {
    const asked = { allUsers: true, fields: 'kind,jobs(jobReference(jobId),state)', autoPaginate: false };
    const [, , list] = await bigquery.getJobs(asked);
    expect(list).toEqual({
      kind: 'bigquery#jobList',
      jobs: [{ jobReference: { jobId: 'job' }, state: expect.stringMatching(/PENDING|RUNNING/) }],
    });
  });

  test('a field that is none is refused', async () => {
    const asked = { allUsers: true, fields: 'jobs/xyz', autoPaginate: false };
    await expect(bigquery.getJobs(asked)).rejects.toMatchObject({
      code: 400,
      errors: [{ reason: 'invalidParameter', message: 'Invalid field selection xyz' }],
    });
  });
});
