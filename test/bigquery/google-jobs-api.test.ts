import { createServer, type RequestListener, type Server } from 'node:http';
import { BigQuery } from '@google-cloud/bigquery';
import { OAuth2Client, PassThroughClient } from 'google-auth-library';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { googleJobsApi } from '../../shared/bigquery/google-jobs-api.ts';

const NAME = { projectId: 'my-project', location: 'US', jobId: 'job_1' };
const JSON_TYPE = { 'content-type': 'application/json' };

const servers: Server[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function listening(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

const { signal } = new AbortController();

describe("the seam on Google's client", () => {
  it("sends no credentials to a jobs API that is not Google's, unless given some", async () => {
    const seen: (string | undefined)[] = [];
    const endpoint = await listening((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(200, JSON_TYPE).end('{}');
    });
    const authClient = new OAuth2Client();
    authClient.setCredentials({ access_token: 'token-of-the-test' });
    await googleJobsApi({ endpoint }).get(NAME, signal);
    await googleJobsApi({ endpoint, authClient }).get(NAME, signal);
    expect(seen).toEqual([undefined, 'Bearer token-of-the-test']);
  });

  it('goes where it is told, also with a slash at the end and BIGQUERY_EMULATOR_HOST set', async () => {
    vi.stubEnv('BIGQUERY_EMULATOR_HOST', 'http://127.0.0.1:1');
    const urls: (string | undefined)[] = [];
    const endpoint = await listening((request, response) => {
      urls.push(request.url);
      response.writeHead(200, JSON_TYPE).end('{}');
    });
    await googleJobsApi({ endpoint: `${endpoint}/` }).get(NAME, signal);
    expect(urls.map((url) => url?.split('&')[0])).toEqual([
      '/bigquery/v2/projects/my-project/jobs/job_1?location=US',
    ]);
  });

  it("asks Google nothing without the environment's credentials", async () => {
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '/does/not/exist.json');
    await expect(googleJobsApi().get(NAME, signal)).rejects.toMatchObject({
      because: 'no credentials could be had',
      fault: 'transient',
    });
  });

  it.each([NAME, { ...NAME, projectId: 'example.com:proj', location: 'europe-west2' }])(
    'deletes as job.delete() of the client does: $projectId',
    async ({ projectId, location, jobId }) => {
      const asked: unknown[] = [];
      const endpoint = await listening((request, response) => {
        const url = new URL(request.url ?? '', 'http://server.invalid');
        asked.push([request.method, url.pathname, url.searchParams.get('location')]);
        response.writeHead(200, JSON_TYPE).end('{}');
      });
      const client = new BigQuery({ apiEndpoint: endpoint, projectId, authClient: new PassThroughClient() });
      await client.job(jobId, { projectId, location }).delete();
      await googleJobsApi({ endpoint }).delete({ projectId, location, jobId }, signal);
      expect(asked).toHaveLength(2);
      expect(asked[1]).toEqual(asked[0]);
    },
  );

  it.each([
    ['that breaks off inside the body', { 'content-length': '100' }],
    ['that breaks off inside a chunk', {}],
  ])('takes an answer %s for none', async (_, headers) => {
    const endpoint = await listening((request, response) => {
      response.writeHead(200, { ...JSON_TYPE, ...headers });
      response.write('{"job": ', () => request.socket.destroy());
    });
    await expect(googleJobsApi({ endpoint }).cancel(NAME, signal)).rejects.toMatchObject({
      name: 'UnavailableError',
      fault: 'unknown',
    });
  });

  it('knows that nothing was sent when nobody listens', async () => {
    const endpoint = await listening(() => undefined);
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
    await expect(googleJobsApi({ endpoint }).cancel(NAME, signal)).rejects.toMatchObject({
      because: 'the connection failed (ECONNREFUSED)',
      fault: 'transient',
      outcome: 'not-done',
    });
  });

  it('knows that nothing was sent when no credentials can be had', async () => {
    let requests = 0;
    const endpoint = await listening(() => {
      requests++;
    });
    // No token, and nothing to get one with.
    const authClient = new OAuth2Client();
    await expect(googleJobsApi({ endpoint, authClient }).cancel(NAME, signal)).rejects.toMatchObject({
      because: 'no credentials could be had',
      outcome: 'not-done',
    });
    expect(requests).toBe(0);
  });

  it('sends nothing once the caller has given up', async () => {
    let requests = 0;
    const endpoint = await listening(() => {
      requests++;
    });
    await expect(googleJobsApi({ endpoint }).cancel(NAME, AbortSignal.abort())).rejects.toMatchObject({
      because: 'the caller gave up before it was sent',
      outcome: 'not-done',
    });
    expect(requests).toBe(0);
  });

  it('tells of an answer that carries no readable date that it has none', async () => {
    const endpoint = await listening((_, response) => {
      response.sendDate = false;
      response.writeHead(200, JSON_TYPE).end('{}');
    });
    await expect(googleJobsApi({ endpoint }).get(NAME, signal)).resolves.toEqual({ body: {} });
  });
});
