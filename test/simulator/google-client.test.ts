import { BigQuery } from '@google-cloud/bigquery';
import { OAuth2Client } from 'google-auth-library';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at } from './playground.ts';
import { type Served, served } from './served.ts';

/** The real client with a token of one's own, as its user in a project. */
function clientFor(address: string, projectId: string, accessToken = 'x'): BigQuery {
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: accessToken });
  return new BigQuery({ projectId, apiEndpoint: address, authClient, retryOptions: { autoRetry: false } });
}

describe('@google-cloud/bigquery', () => {
  let scene: Served;
  let bigquery: BigQuery;

  beforeAll(async () => {
    scene = await served(20);
    bigquery = clientFor(scene.server.address, 'shop');
  });

  afterAll(() => scene.server.close());

  test('createQueryJob, then getQueryResults', async () => {
    const [job] = await bigquery.createQueryJob({
      query: 'SELECT 1',
      location: 'EU',
      jobId: 'mine',
      labels: { team: 'a' },
    });
    expect(job.location).toBe('EU');
    const [rows] = await job.getQueryResults();
    expect(rows).toEqual([{ f0_: 1 }]);
    expect(scene.simulator.truth({ projectId: 'shop', location: 'EU', jobId: 'mine' })).toMatchObject({
      state: 'DONE',
      labels: { team: 'a' },
      principal: 'simulator@example.com',
    });
  });

  test('query', async () => {
    const [rows] = await bigquery.query('SELECT 1');
    expect(rows).toEqual([{ f0_: 1 }]);
  });

  test('getJobs, by pages', async () => {
    for (let index = 0; index < 5; index++) {
      scene.simulator.start({
        projectId: 'paged',
        jobId: `job-${index}`,
        createdAtMs: 1_785_700_000_000 + index,
      });
    }
    const paged = clientFor(scene.server.address, 'paged');
    const ids: unknown[] = [];
    let pageToken: string | undefined;
    do {
      const page = pageToken === undefined ? {} : { pageToken };
      const [jobs, next] = await paged.getJobs({
        autoPaginate: false,
        maxResults: 2,
        allUsers: true,
        ...page,
      });
      ids.push(...jobs.map((job: unknown) => at(job, 'id')));
      const token = at(next, 'pageToken');
      pageToken = typeof token === 'string' ? token : undefined;
    } while (pageToken !== undefined);
    expect(ids).toEqual(['job-4', 'job-3', 'job-2', 'job-1', 'job-0']);
  });

  test('getJobs of one state', async () => {
    scene.simulator.start({ projectId: 'states', jobId: 'running', runMs: Infinity });
    scene.simulator.start({ projectId: 'states', jobId: 'done', createdAtMs: 1_785_700_000_000 });
    const [jobs] = await clientFor(scene.server.address, 'states').getJobs({
      stateFilter: ['running', 'pending'],
      allUsers: true,
    });
    expect(jobs.map((job: unknown) => at(job, 'id'))).toEqual(['running']);
  });

  test('get, cancel and delete carry the location', async () => {
    const name = { projectId: 'shop', location: 'europe-west1', jobId: 'long' };
    scene.simulator.start({ ...name, runMs: Infinity });
    const job = bigquery.job('long', { location: 'europe-west1' });
    await job.get();
    expect(at(job.metadata, 'status', 'state')).toBe('RUNNING');
    const [answer] = await job.cancel();
    expect(at(answer, 'kind')).toBe('bigquery#jobCancelResponse');
    await expect.poll(() => scene.simulator.truth(name)?.errorReason, { timeout: 60_000 }).toBe('stopped');
    await job.delete();
    expect(scene.simulator.truth(name)).toBeUndefined();
    await expect(job.get()).rejects.toMatchObject({ code: 404 });
  });

  test('a domain-scoped project', async () => {
    scene.simulator.start({ projectId: 'example.com:shop', jobId: 'scoped', runMs: Infinity });
    const [job] = await clientFor(scene.server.address, 'example.com:shop').job('scoped').get();
    expect(at(job, 'metadata', 'jobReference', 'projectId')).toBe('example.com:shop');
  });

  test('errors bear the reason of BigQuery', async () => {
    await bigquery.createQueryJob({ query: 'SELECT 1', jobId: 'twice' });
    const again = bigquery.createQueryJob({ query: 'SELECT 1', jobId: 'twice' });
    await expect(again).rejects.toMatchObject({ code: 409, errors: [{ reason: 'duplicate' }] });
    scene.simulator.applyFaultSettings({ rules: [{ fault: { kind: 'rateLimitExceeded' }, times: 1 }] });
    await expect(bigquery.job('twice').get()).rejects.toMatchObject({
      code: 403,
      errors: [{ reason: 'rateLimitExceeded' }],
    });
  });

  test('the Date header is the clock of the simulator', async () => {
    scene.simulator.start({ projectId: 'shop', jobId: 'dated', runMs: Infinity });
    const [, response] = await bigquery.job('dated').getMetadata();
    const date = at(response, 'headers', 'date');
    const headers: unknown = at(response, 'headers');
    const text = headers instanceof Headers ? headers.get('date') : date;
    expect(Math.abs(Date.parse(String(text)) - scene.clock.now())).toBeLessThan(3_600_000);
  });

  test('a job runs as the account whose token inserts it', async () => {
    const account = 'etl@shop.iam.gserviceaccount.com';
    const response = await fetch(
      `${scene.server.address}/v1/projects/-/serviceAccounts/${account}:generateAccessToken`,
      {
        method: 'POST',
        body: JSON.stringify({ scope: ['https://www.googleapis.com/auth/bigquery'], lifetime: '300s' }),
      },
    );
    const token = at(await response.json(), 'accessToken');
    const [job] = await clientFor(scene.server.address, 'shop', String(token)).createQueryJob('SELECT 1');
    expect(at(job.metadata, 'user_email')).toBe(account);
  });
});
