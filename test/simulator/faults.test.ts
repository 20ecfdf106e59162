import { describe, expect, test } from 'vitest';
import { FAULT_KINDS, type Fault } from '../../simulator/faults.ts';
import { ConnectionReset } from '../../simulator/request.ts';
import { at, type Playground, playground, reasonOf, START_MS } from './playground.ts';

const JOB = '/bigquery/v2/projects/shop/jobs/job';

/** A running job, and a fault in the first call of any method. */
function faulty(fault: Fault): Playground {
  const scene = playground({ faults: ({ nth }) => (nth === 1 ? fault : undefined) });
  scene.simulator.start({ projectId: 'shop', jobId: 'job', runMs: Infinity });
  return scene;
}

function isCancelAsked({ simulator }: Playground): boolean {
  return simulator.truth({ projectId: 'shop', jobId: 'job' })?.cancelRequestedAtMs.length === 1;
}

describe('a call that is answered with an error has no effect', () => {
  test.each([
    {
      fault: { kind: 'tooManyRequests', retryAfterSeconds: 7 } as const,
      status: 429,
      reason: 'rateLimitExceeded',
      retryAfter: '7',
    },
    { fault: { kind: 'tooManyRequests' } as const, status: 429, reason: 'rateLimitExceeded' },
    { fault: { kind: 'rateLimitExceeded' } as const, status: 403, reason: 'rateLimitExceeded' },
    { fault: { kind: 'accessDenied' } as const, status: 403, reason: 'accessDenied' },
    { fault: { kind: 'internalError' } as const, status: 500, reason: 'internalError' },
    { fault: { kind: 'unavailable' } as const, status: 503, reason: 'backendError' },
  ])('$fault', async ({ fault, status, reason, retryAfter }) => {
    const scene = faulty(fault);
    const response = await scene.call('POST', `${JOB}/cancel`);
    expect([response.status, reasonOf(response)]).toEqual([status, reason]);
    expect(response.headers['retry-after']).toBe(retryAfter);
    expect(response.headers['date']).toBe('Mon, 03 Aug 2026 09:00:00 GMT');
    expect(isCancelAsked(scene)).toBe(false);
    expect(scene.simulator.writes).toEqual([]);
    expect((await scene.call('POST', `${JOB}/cancel`)).status).toBe(200);
  });
});

test('slow: the effect and the answer come later', async () => {
  const scene = faulty({ kind: 'slow', ms: 30_000 });
  expect((await scene.call('POST', `${JOB}/cancel`)).status).toBe(200);
  expect(scene.simulator.writes).toMatchObject([{ atMs: START_MS + 30_000 }]);
});

test('slow, followed by another fault', async () => {
  const scene = faulty({ kind: 'slow', ms: 30_000, followedBy: { kind: 'unavailable' } });
  expect((await scene.call('GET', JOB)).status).toBe(503);
  expect(scene.clock.now()).toBe(START_MS + 30_000);
});

test('silent: nothing happens, ever', async () => {
  const scene = faulty({ kind: 'silent' });
  let settled = false;
  const mark = (): void => {
    settled = true;
  };
  scene.simulator.handle({ method: 'POST', path: `${JOB}/cancel`, headers: {} }).then(mark, mark);
  await scene.clock.advanceBy(86_400_000);
  expect(settled).toBe(false);
  expect(isCancelAsked(scene)).toBe(false);
});

test('reset: the connection breaks before anything happens', async () => {
  const scene = faulty({ kind: 'reset' });
  await expect(scene.call('POST', `${JOB}/cancel`)).rejects.toBeInstanceOf(ConnectionReset);
  expect(isCancelAsked(scene)).toBe(false);
});

test('malformed: it happens, and the answer is no JSON', async () => {
  const scene = faulty({ kind: 'malformed' });
  const response = await scene.call('POST', `${JOB}/cancel`);
  expect(response.status).toBe(200);
  expect(response).not.toHaveProperty('body');
  expect(() => JSON.parse(response.rawBody ?? '')).toThrow(SyntaxError);
  expect(isCancelAsked(scene)).toBe(true);
});

describe('lost: it happens, and the answer does not come', () => {
  test('but a reset', async () => {
    const scene = faulty({ kind: 'lost', answer: 'reset' });
    await expect(scene.call('POST', `${JOB}/cancel`)).rejects.toBeInstanceOf(ConnectionReset);
    expect(isCancelAsked(scene)).toBe(true);
  });

  test('but a 503', async () => {
    const scene = faulty({ kind: 'lost', answer: 'unavailable' });
    expect((await scene.call('POST', `${JOB}/cancel`)).status).toBe(503);
    expect(isCancelAsked(scene)).toBe(true);
  });

  test('but silence', async () => {
    const scene = faulty({ kind: 'lost', answer: 'silent' });
    void scene.simulator.handle({ method: 'POST', path: `${JOB}/cancel`, headers: {} });
    await scene.clock.advanceBy(1_000);
    expect(isCancelAsked(scene)).toBe(true);
  });

  test('an error of the request itself is not lost on the record of writes', async () => {
    const scene = faulty({ kind: 'lost', answer: 'reset' });
    const response = await scene.call('DELETE', `${JOB}/delete?location=US`);
    expect(reasonOf(response)).toBe('resourceInUse');
  });
});

describe('insert', () => {
  const JOBS = '/bigquery/v2/projects/shop/jobs';
  const body = { jobReference: { jobId: 'new' }, configuration: { query: { query: 'SELECT 1' } } };

  test('errorResult: a 200 whose job has failed already', async () => {
    const error = { reason: 'backendError', message: 'try again' };
    const scene = faulty({ kind: 'errorResult', error });
    const response = await scene.call('POST', JOBS, body);
    expect(response.status).toBe(200);
    expect(at(response.body, 'status')).toEqual({ state: 'DONE', errorResult: error, errors: [error] });
    expect(scene.simulator.truth({ projectId: 'shop', jobId: 'new' })).toMatchObject({
      state: 'DONE',
      errorReason: 'backendError',
    });
  });

  test('withoutStatus: a 200 without status, and the job is there', async () => {
    const scene = faulty({ kind: 'withoutStatus' });
    const response = await scene.call('POST', JOBS, body);
    expect(response.status).toBe(200);
    expect(response.body).not.toHaveProperty('status');
    expect(scene.simulator.truth({ projectId: 'shop', jobId: 'new' })).toBeDefined();
  });
});

describe('PUT /simulator/faults', () => {
  test('switches rules on and off while the simulator runs', async () => {
    const { call } = playground();
    const rules = [{ methods: ['list'], fault: { kind: 'unavailable' }, skip: 1, times: 2 }];
    expect((await call('PUT', '/simulator/faults', { rules })).status).toBe(200);
    const list = async (): Promise<number> => (await call('GET', '/projects/shop/jobs')).status;
    expect([await list(), await list(), await list(), await list()]).toEqual([200, 503, 503, 200]);
    expect((await call('GET', '/projects/shop/jobs/none')).status).toBe(404);
    await call('PUT', '/simulator/faults', { rules: [{ fault: { kind: 'accessDenied' } }] });
    expect(await list()).toBe(403);
    await call('PUT', '/simulator/faults', {});
    expect(await list()).toBe(200);
  });

  test('a probability strikes in about that part of the calls', async () => {
    const { call } = playground();
    await call('PUT', '/simulator/faults', { rules: [{ fault: { kind: 'unavailable' }, probability: 0.5 }] });
    let struck = 0;
    for (let count = 0; count < 200; count++)
      if ((await call('GET', '/projects/p/jobs')).status === 503) struck++;
    expect(struck).toBeGreaterThan(60);
    expect(struck).toBeLessThan(140);
  });

  test('makes lists stale and locations unreachable', async () => {
    const { simulator, call } = playground();
    simulator.start({ projectId: 'shop', jobId: 'job', runMs: Infinity });
    await call('PUT', '/simulator/faults', { unreachable: ['EU'], listStalenessMs: 1_000 });
    const { body } = await call('GET', '/projects/shop/jobs');
    expect(at(body, 'unreachable')).toEqual(['EU']);
    expect(at(body, 'jobs')).toEqual([]);
  });

  test('takes every kind of fault', async () => {
    const { call } = playground();
    const further: Record<string, object> = {
      slow: { ms: 1, followedBy: { kind: 'tooManyRequests', retryAfterSeconds: 1 } },
      lost: { answer: 'reset' },
      errorResult: { error: { reason: 'backendError', message: '' } },
    };
    for (const kind of FAULT_KINDS) {
      const response = await call('PUT', '/simulator/faults', {
        rules: [{ fault: { kind, ...further[kind] } }],
      });
      expect([kind, response.status]).toEqual([kind, 200]);
    }
  });

  test.each([
    { rules: [{ fault: { kind: 'earthquake' } }] },
    { rules: [{ fault: { kind: 'lost' } }] },
    { rules: [{ methods: ['sing'], fault: { kind: 'reset' } }] },
    { listStalenessMs: 600_001 },
    { pageTokenLifetimeMs: -1 },
    { rules: [{ fault: { kind: 'reset' }, page: 0 }] },
    { unknown: 1 },
  ])('refuses %j', async (settings) => {
    const response = await playground().call('PUT', '/simulator/faults', settings);
    expect([response.status, reasonOf(response)]).toEqual([400, 'invalid']);
  });

  test.each([
    {
      fault: { kind: 'earthquake' },
      says: "rules.0.fault.kind: Invalid discriminator value. Expected 'silent' | ",
    },
    { fault: { kind: 'slow', ms: 'a' }, says: 'rules.0.fault.ms: Invalid input: expected number' },
    { fault: { kind: 'lost', answer: 'no' }, says: 'rules.0.fault.answer: Invalid option' },
    {
      fault: { kind: 'errorResult', error: 'backendError' },
      says: 'rules.0.fault.error: Invalid input: expected object',
    },
  ])('and says what a fault of a kind lacks: $fault', async ({ fault, says }) => {
    const { body } = await playground().call('PUT', '/simulator/faults', { rules: [{ fault }] });
    expect(at(body, 'error', 'message')).toContain(says);
  });

  test('and names the place of each fault, in plain letters', async () => {
    const settings = { rules: [{ fault: { kind: 'reset' }, page: 0 }], unknown: 1 };
    const { body } = await playground().call('PUT', '/simulator/faults', settings);
    const text = JSON.stringify(body);
    expect(text).toContain('rules.0.page: ');
    expect(text).toContain('; Unrecognized key');
    expect(text).toMatch(/^[\x20-\x7e]*$/);
  });
});

test('GET /simulator/writes tells what clients wrote', async () => {
  const scene = faulty({ kind: 'lost', answer: 'unavailable' });
  await scene.call('POST', `${JOB}/cancel`);
  const { body } = await scene.call('GET', '/simulator/writes');
  expect(at(body, 'writes')).toEqual(scene.simulator.writes);
  expect(at(body, 'writes', 0, 'method')).toBe('cancel');
});
