import { describe, expect, test } from 'vitest';
import type { Fault } from '../../simulator/faults.ts';
import { ConnectionReset, type SimulatorResponse } from '../../simulator/request.ts';
import { idsOf, type Playground, playground, reasonOf, START_MS } from './playground.ts';

const JOBS = '/bigquery/v2/projects/shop/jobs';
const DELETE = `${JOBS}/job/delete?location=US`;
const DONE_MS = START_MS + 60_000;

interface Scene extends Playground {
  readonly isTrue: () => boolean;
  readonly getStatus: (jobId?: string) => Promise<number>;
  readonly listed: (query?: string) => Promise<unknown[]>;
  readonly deleting: () => Promise<SimulatorResponse>;
}

/** A script that is done, with one child, and a fault in the first delete. */
async function scene(fault?: Fault): Promise<Scene> {
  const played = playground({
    faults: ({ method, nth }) => (method === 'delete' && nth === 1 ? fault : undefined),
  });
  const { simulator, clock, call } = played;
  simulator.start({ projectId: 'shop', jobId: 'job', children: [{}] });
  await clock.advanceTo(DONE_MS);
  return {
    ...played,
    isTrue: () => simulator.truth({ projectId: 'shop', jobId: 'job' }) !== undefined,
    getStatus: async (jobId = 'job') => (await call('GET', `${JOBS}/${jobId}?location=US`)).status,
    listed: async (query = '') => idsOf(await call('GET', `${JOBS}?allUsers=true${query}`)),
    deleting: () => simulator.handle({ method: 'DELETE', path: DELETE, headers: {} }),
  };
}

describe('a delete that takes time', () => {
  test('is answered when the metadata is gone, and until then the job is there', async () => {
    const { clock, simulator, deleting, isTrue, getStatus, listed } = await scene({
      kind: 'slow',
      ms: 30_000,
    });
    const answer = deleting();
    await clock.advanceTo(DONE_MS + 29_999);
    expect([isTrue(), await getStatus(), await listed()]).toEqual([true, 200, ['job']]);
    await clock.advanceTo(DONE_MS + 30_000);
    expect((await answer).status).toBe(204);
    expect([isTrue(), await getStatus(), await listed()]).toEqual([false, 404, []]);
    expect(simulator.deleted[0]?.atMs).toBe(DONE_MS + 30_000);
  });

  test('loses a race against another, of which one alone has an effect', async () => {
    const { clock, simulator, call, deleting } = await scene({ kind: 'slow', ms: 30_000 });
    const answer = deleting();
    expect((await call('DELETE', DELETE)).status).toBe(204);
    await clock.advanceTo(DONE_MS + 30_000);
    expect(reasonOf(await answer)).toBe('notFound');
    expect(simulator.deleted).toHaveLength(2);
    expect(simulator.writes.map(({ effective, refused }) => refused ?? effective)).toEqual([
      true,
      'notFound',
    ]);
  });
});

describe('a delete whose answer is lost has been done all the same', () => {
  test.each<{ name: string; fault: Fault }>([
    { name: 'after a reset', fault: { kind: 'lost', answer: 'reset' } },
    { name: 'behind a 503', fault: { kind: 'lost', answer: 'unavailable' } },
    { name: 'in silence', fault: { kind: 'lost', answer: 'silent' } },
    { name: 'cut off', fault: { kind: 'malformed' } },
    {
      name: 'late',
      fault: { kind: 'slow', ms: 1_000, followedBy: { kind: 'lost', answer: 'unavailable' } },
    },
    { name: 'while it lingers', fault: { kind: 'lingers', getsMs: 1, answer: 'unavailable' } },
  ])('$name', async ({ fault }) => {
    const { clock, simulator, deleting, isTrue, getStatus } = await scene(fault);
    const heard: unknown[] = [];
    simulator.onEntry((entry) => heard.push(entry));
    const told = deleting().then(
      ({ status }) => status,
      (error: unknown) => (error instanceof ConnectionReset ? 'reset' : error),
    );
    await clock.advanceBy(5_000);
    expect([isTrue(), await getStatus()]).toEqual([false, 404]);
    expect(simulator.deleted).toHaveLength(2);
    expect(simulator.writes).toMatchObject([{ method: 'delete', effective: true }]);
    expect(heard).toHaveLength(1);
    const silent = 'no answer';
    expect(await Promise.race([told, Promise.resolve(silent)])).not.toBe(204);
  });
});

test.each<Fault>([
  { kind: 'unavailable' },
  { kind: 'internalError' },
  { kind: 'reset' },
  { kind: 'rateLimitExceeded' },
  { kind: 'slow', ms: 1_000, followedBy: { kind: 'unavailable' } },
])('a delete that meets $kind does nothing, and can be asked for again', async (fault) => {
  const { clock, simulator, call, deleting, isTrue } = await scene(fault);
  deleting().catch(() => undefined);
  await clock.advanceBy(5_000);
  expect([isTrue(), simulator.writes]).toEqual([true, []]);
  expect((await call('DELETE', DELETE)).status).toBe(204);
});

describe('a job that lingers', () => {
  test('is still answered by get until its time, with its children, though it is gone', async () => {
    const { clock, simulator, call, getStatus, listed, isTrue } = await scene({
      kind: 'lingers',
      getsMs: 2_000,
    });
    const [child] = await listed('&parentJobId=job');
    const { body } = await call('GET', `${JOBS}/job`);
    expect((await call('DELETE', DELETE)).status).toBe(204);
    expect([isTrue(), simulator.deleted.length, await listed()]).toEqual([false, 2, []]);
    await clock.advanceTo(DONE_MS + 1_999);
    expect([await getStatus(), await getStatus(String(child))]).toEqual([200, 200]);
    expect((await call('GET', `${JOBS}/job`)).body).toEqual(body);
    await clock.advanceTo(DONE_MS + 2_000);
    expect([await getStatus(), await getStatus(String(child))]).toEqual([404, 404]);
  });

  test('is still shown by lists until its time, with its children', async () => {
    const { clock, call, getStatus, listed } = await scene({ kind: 'lingers', listsMs: 2_000 });
    await call('DELETE', DELETE);
    await clock.advanceTo(DONE_MS + 1_999);
    expect(await getStatus()).toBe(404);
    expect(await listed()).toEqual(['job']);
    expect(await listed('&stateFilter=done&maxResults=1')).toEqual(['job']);
    expect(await listed('&parentJobId=job')).toHaveLength(1);
    await clock.advanceTo(DONE_MS + 2_000);
    expect([await listed(), await listed('&parentJobId=job')]).toEqual([[], []]);
  });

  test('is there for nothing else', async () => {
    const { call } = await scene({ kind: 'lingers', getsMs: 60_000, listsMs: 60_000 });
    await call('DELETE', DELETE);
    expect((await call('DELETE', DELETE)).status).toBe(404);
    expect((await call('POST', `${JOBS}/job/cancel`)).status).toBe(404);
    expect((await call('GET', '/projects/shop/queries/job')).status).toBe(404);
    const body = { jobReference: { jobId: 'job' }, configuration: { query: { query: 'SELECT 2' } } };
    expect((await call('POST', JOBS, body)).status).toBe(200);
    expect(JSON.stringify((await call('GET', `${JOBS}/job`)).body)).toContain('SELECT 2');
  });

  test('may do so for ever', async () => {
    const { clock, call, getStatus, listed } = await scene({
      kind: 'lingers',
      getsMs: Infinity,
      listsMs: Infinity,
    });
    await call('DELETE', DELETE);
    await clock.advanceBy(86_400_000);
    expect([await getStatus(), await listed()]).toEqual([200, ['job']]);
  });

  test('is not told who may not get it', async () => {
    const { simulator, call } = await scene({ kind: 'lingers', getsMs: 60_000 });
    await call('DELETE', DELETE);
    simulator.setWithheld([{ permissions: ['bigquery.jobs.get', 'bigquery.jobs.create'] }]);
    expect((await call('GET', `${JOBS}/job`)).status).toBe(403);
  });
});

test('a list that lags behind shows what has been deleted since', async () => {
  const { clock, simulator, call, listed } = await scene();
  simulator.setLists({ stalenessMs: 3_000 });
  await call('DELETE', DELETE);
  await clock.advanceTo(DONE_MS + 2_999);
  expect(await listed()).toEqual(['job']);
  await clock.advanceTo(DONE_MS + 3_000);
  expect(await listed()).toEqual([]);
});

describe('over PUT /simulator/faults', () => {
  test('a rule strikes the job of a project alone', async () => {
    const { clock, simulator, call, getStatus } = await scene();
    simulator.start({ projectId: 'shop', jobId: 'other' });
    simulator.start({ projectId: 'elsewhere', jobId: 'job' });
    await clock.advanceBy(5_000);
    const fault = { kind: 'lingers', getsMs: 60_000 };
    const rules = [{ fault, methods: ['delete'], projectId: 'shop', jobId: 'job' }];
    await call('PUT', '/simulator/faults', { rules });
    for (const path of [
      DELETE,
      DELETE.replace('/job/', '/other/'),
      DELETE.replace('/shop/', '/elsewhere/'),
    ]) {
      expect((await call('DELETE', path)).status).toBe(204);
    }
    expect([await getStatus(), await getStatus('other')]).toEqual([200, 404]);
    expect((await call('GET', '/projects/elsewhere/jobs/job')).status).toBe(404);
  });

  test.each([
    { fault: { kind: 'lingers', getsMs: -1 } },
    { fault: { kind: 'lingers', answer: 'no' } },
    { fault: { kind: 'lingers', forMs: 1 } },
    { fault: { kind: 'reset' }, jobId: 1 },
  ])('%j is refused', async (rule) => {
    const response = await playground().call('PUT', '/simulator/faults', { rules: [rule] });
    expect([response.status, reasonOf(response)]).toEqual([400, 'invalid']);
  });
});

test('deletes count towards the quota of their method', async () => {
  const { simulator, call } = await scene();
  simulator.setQuotas({ requestsPerSecond: 2 });
  const statuses: number[] = [];
  for (let count = 0; count < 3; count++) statuses.push((await call('DELETE', DELETE)).status);
  expect(statuses).toEqual([204, 404, 403]);
});
