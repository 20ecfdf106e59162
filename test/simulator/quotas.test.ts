import { describe, expect, test } from 'vitest';
import { DOCUMENTED_QUOTAS } from '../../simulator/quotas.ts';
import { at, type Playground, playground, reasonOf, START_MS } from './playground.ts';

const JOB = '/projects/shop/jobs/job';

function scene(options: Parameters<typeof playground>[0] = {}): Playground {
  const played = playground({ quotas: DOCUMENTED_QUOTAS, ...options });
  played.simulator.start({ projectId: 'shop', jobId: 'job', runMs: Infinity });
  return played;
}

async function times(count: number, one: () => Promise<{ status: number }>): Promise<number[]> {
  const statuses: number[] = [];
  for (let index = 0; index < count; index++) statuses.push((await one()).status);
  return statuses;
}

describe('a user may make 100 calls of a method in a second', () => {
  test("and the next is refused in Google's words, with no effect", async () => {
    const { simulator, call } = scene();
    expect(new Set(await times(100, () => call('POST', `${JOB}/cancel`)))).toEqual(new Set([200]));
    const refused = await call('POST', `${JOB}/cancel`);
    expect([refused.status, reasonOf(refused)]).toEqual([403, 'rateLimitExceeded']);
    expect(at(refused.body, 'error', 'message')).toMatch(
      /^Exceeded rate limits: too many api requests per user per method for this user_method\. /,
    );
    expect(simulator.writes).toHaveLength(100);
  });

  test('until a second has passed since the first', async () => {
    const { clock, call } = scene();
    await times(50, () => call('GET', JOB));
    await clock.advanceTo(START_MS + 400);
    await times(50, () => call('GET', JOB));
    await clock.advanceTo(START_MS + 999);
    expect((await call('GET', JOB)).status).toBe(403);
    await clock.advanceTo(START_MS + 1_000);
    expect(await times(51, () => call('GET', JOB))).toEqual([...Array(50).fill(200), 403]);
    await clock.advanceTo(START_MS + 1_400);
    expect((await call('GET', JOB)).status).toBe(200);
  });

  test('in all projects together, other methods and other users apart', async () => {
    const { call } = scene();
    await times(99, () => call('GET', JOB));
    expect((await call('GET', '/projects/other/jobs/none')).status).toBe(404);
    expect((await call('GET', JOB)).status).toBe(403);
    expect((await call('GET', '/projects/shop/jobs')).status).toBe(200);
    const path = '/v1/projects/-/serviceAccounts/etl@example.com:generateAccessToken';
    const { body } = await call('POST', path, { scope: ['https://www.googleapis.com/auth/bigquery'] });
    expect((await call('GET', JOB, undefined, String(at(body, 'accessToken')))).status).toBe(200);
  });
});

describe('a user may have 300 calls without an answer', () => {
  test("and the next is refused in Google's words until one is answered", async () => {
    const { clock, simulator, call } = scene({
      quotas: { concurrentRequests: 300 },
      faults: ({ nth }) => (nth <= 300 ? { kind: 'slow', ms: 5_000 } : undefined),
    });
    const pending = Array.from({ length: 300 }, () =>
      simulator.handle({ method: 'GET', path: JOB, headers: {} }),
    );
    const refused = await call('GET', JOB);
    expect([refused.status, reasonOf(refused)]).toEqual([403, 'quotaExceeded']);
    expect(at(refused.body, 'error', 'message')).toMatch(
      /^Quota exceeded: Your user_method exceeded quota for concurrent api requests per user per method\. /,
    );
    expect((await call('GET', '/projects/shop/jobs')).status).toBe(403);
    await clock.advanceBy(5_000);
    expect((await Promise.all(pending)).every(({ status }) => status === 200)).toBe(true);
    expect((await call('GET', JOB)).status).toBe(200);
  });

  test('and one that never has one counts no longer than a client waits', async () => {
    const { clock, simulator, call } = scene({
      quotas: { concurrentRequests: 1 },
      faults: ({ nth }) => (nth === 1 ? { kind: 'silent' } : undefined),
    });
    void simulator.handle({ method: 'GET', path: JOB, headers: {} });
    await clock.advanceTo(START_MS + 59_999);
    expect((await call('GET', JOB)).status).toBe(403);
    await clock.advanceTo(START_MS + 60_000);
    expect((await call('GET', JOB)).status).toBe(200);
  });

  test('and one that ends in an error counts no longer', async () => {
    const { call } = scene({ quotas: { concurrentRequests: 1 } });
    expect(await times(3, () => call('GET', '/projects/shop/jobs/none'))).toEqual([404, 404, 404]);
  });
});

test('without quotas nothing is refused', async () => {
  const { call } = scene({ quotas: {} });
  expect(new Set(await times(400, () => call('GET', JOB)))).toEqual(new Set([200]));
});

describe('PUT /simulator/quotas', () => {
  test('sets them while the simulator runs, and what is not given has no bound', async () => {
    const { call } = scene({ quotas: {} });
    await call('PUT', '/simulator/quotas', { requestsPerSecond: 2 });
    expect(await times(3, () => call('GET', JOB))).toEqual([200, 200, 403]);
    await call('PUT', '/simulator/quotas', {});
    expect(await times(3, () => call('GET', JOB))).toEqual([200, 200, 200]);
  });

  test.each([{ requestsPerSecond: 0 }, { concurrentRequests: 1.5 }, { perDay: 1 }])(
    'refuses %j',
    async (quotas) => {
      const response = await playground().call('PUT', '/simulator/quotas', quotas);
      expect([response.status, reasonOf(response)]).toEqual([400, 'invalid']);
    },
  );
});
