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

  test('delete is refused while a job runs, for a child and without a location', async () => {
    const common = { projectId: 'shop', location: 'EU' };
    const createdAtMs = Date.UTC(2026, 0, 3);
    scene.simulator.start({ ...common, jobId: 'busy', runMs: Infinity });
    scene.simulator.start({ ...common, jobId: 'script', createdAtMs, children: [{}] });
    const [child] = scene.simulator.allTruths().filter(({ parentJobId }) => parentJobId === 'script');
    const refused = async (jobId: string, location?: string): Promise<unknown> =>
      bigquery
        .job(jobId, location === undefined ? {} : { location })
        .delete()
        .catch((error: unknown) => [at(error, 'code'), at(error, 'errors', 0, 'reason')]);
    expect(await refused('busy', 'EU')).toEqual([400, 'resourceInUse']);
    expect(await refused(child?.jobId ?? '', 'EU')).toEqual([400, 'invalid']);
    expect(await refused('script')).toEqual([400, 'required']);
    expect(await refused('script', 'US')).toEqual([404, 'notFound']);
    expect(scene.simulator.allTruths()).toContainEqual(child);
  });

  test('delete of a domain-scoped job takes its children along', async () => {
    const name = { projectId: 'example.com:gone', location: 'EU', jobId: 'script' };
    scene.simulator.start({ ...name, createdAtMs: Date.UTC(2026, 0, 3), children: [{}, {}] });
    await clientFor(scene.server.address, name.projectId).job('script', { location: 'EU' }).delete();
    expect(scene.simulator.deleted.filter(({ named }) => named.projectId === name.projectId)).toHaveLength(3);
  });

  test('delete fails when its answer is lost, though the job is gone', async () => {
    const name = { projectId: 'shop', location: 'US', jobId: 'lost' };
    scene.simulator.start({ ...name, createdAtMs: Date.UTC(2026, 0, 3) });
    const fault = { kind: 'lingers', getsMs: 86_400_000, answer: 'unavailable' } as const;
    scene.simulator.applyFaultSettings({ rules: [{ fault, methods: ['delete'], jobId: 'lost' }] });
    const job = bigquery.job('lost', { location: 'US' });
    await expect(job.delete()).rejects.toMatchObject({ code: 503 });
    await job.get();
    scene.simulator.applyFaultSettings({});
    expect(scene.simulator.truth(name)).toBeUndefined();
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
