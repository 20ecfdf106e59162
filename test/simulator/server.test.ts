import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { at } from './playground.ts';
import { type Served, served } from './served.ts';

describe('over HTTP', () => {
  let scene: Served;
  beforeEach(async () => {
    scene = await served();
    scene.simulator.start({ projectId: 'shop', jobId: 'job', runMs: Infinity });
  });
  afterEach(() => scene.server.close());

  const url = (path: string): string => `${scene.server.address}${path}`;

  async function switchOn(fault: object): Promise<void> {
    const body = JSON.stringify({ rules: [{ fault, times: 1 }] });
    expect((await fetch(url('/simulator/faults'), { method: 'PUT', body })).status).toBe(200);
  }

  test('a body that is no JSON is a parseError in the format of Google', async () => {
    const response = await fetch(url('/bigquery/v2/projects/shop/jobs'), {
      method: 'POST',
      body: '{"configuration":',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: {
        code: 400,
        message: 'Parse Error',
        status: 'INVALID_ARGUMENT',
        errors: [{ domain: 'global', reason: 'parseError', message: 'Parse Error' }],
      },
    });
  });

  test('a reset breaks the connection', async () => {
    await switchOn({ kind: 'reset' });
    const failure: unknown = await fetch(url('/projects/shop/jobs/job')).catch((error: unknown) => error);
    expect(at(failure, 'cause', 'code')).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
    expect((await fetch(url('/projects/shop/jobs/job'))).status).toBe(200);
  });

  test('a malformed answer is a 200 that is no JSON', async () => {
    await switchOn({ kind: 'malformed' });
    const response = await fetch(url('/projects/shop/jobs/job'));
    expect(response.status).toBe(200);
    await expect(response.json()).rejects.toThrow(SyntaxError);
  });

  test('a silent call holds its connection until one side leaves, and does not keep the server from closing', async () => {
    await switchOn({ kind: 'silent' });
    const silent = fetch(url('/projects/shop/jobs/job')).then(
      () => 'answered',
      () => 'broken',
    );
    await expect.poll(async () => (await fetch(url('/projects/shop/jobs/job'))).status).toBe(200);
    await scene.server.close();
    expect(await silent).toBe('broken');
  });

  test('a lost answer leaves its effect', async () => {
    await switchOn({ kind: 'lost', answer: 'reset' });
    await expect(fetch(url('/projects/shop/jobs/job/cancel'), { method: 'POST' })).rejects.toThrow();
    expect(scene.simulator.truth({ projectId: 'shop', jobId: 'job' })?.cancelRequestedAtMs).toHaveLength(1);
  });

  test('Retry-After and Date come as headers', async () => {
    await switchOn({ kind: 'tooManyRequests', retryAfterSeconds: 3 });
    const response = await fetch(url('/projects/shop/jobs'));
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('3');
    expect(response.headers.get('date')).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
  });
});
