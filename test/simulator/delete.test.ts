import { describe, expect, test } from 'vitest';
import type { SimulatorResponse } from '../../simulator/request.ts';
import { at, idsOf, type Playground, playground, reasonOf, START_MS } from './playground.ts';

const JOBS = '/bigquery/v2/projects/shop/jobs';

const gone = (call: Playground['call'], jobId: string): Promise<SimulatorResponse> =>
  call('DELETE', `${JOBS}/${jobId}/delete?location=US`);
const childrenOf = async (call: Playground['call'], jobId: string): Promise<unknown[]> =>
  idsOf(await call('GET', `${JOBS}?allUsers=true&parentJobId=${jobId}`));

/** A job that is done. */
async function done(script: object = {}): Promise<Playground> {
  const scene = playground();
  scene.simulator.start({ projectId: 'shop', jobId: 'job', ...script });
  await scene.clock.advanceBy(60_000);
  return scene;
}

test('a job that is done is gone: from get, from lists and with its results', async () => {
  const { clock, simulator, call } = await done();
  simulator.start({ projectId: 'shop', jobId: 'other' });
  await clock.advanceBy(5_000);
  const response = await gone(call, 'job');
  expect(response.status).toBe(204);
  expect(response).not.toHaveProperty('body');
  expect((await call('GET', `${JOBS}/job?location=US`)).status).toBe(404);
  expect((await call('GET', '/projects/shop/queries/job?location=US')).status).toBe(404);
  expect((await call('POST', `${JOBS}/job/cancel?location=US`)).status).toBe(404);
  expect(idsOf(await call('GET', `${JOBS}?allUsers=true`))).toEqual(['other']);
  expect(simulator.truth({ projectId: 'shop', jobId: 'job' })).toBeUndefined();
  const again = await gone(call, 'job');
  expect([again.status, reasonOf(again)]).toEqual([404, 'notFound']);
});

describe('a script', () => {
  const nested = { jobId: 'script', children: [{ children: [{ query: 'SELECT 2' }, {}] }, {}] };

  test('goes with its children of all generations, none of which can go alone', async () => {
    const { simulator, call } = await done(nested);
    const [second, first] = await childrenOf(call, 'script');
    const [grandchild] = await childrenOf(call, String(first));
    for (const child of [first, second, grandchild]) {
      const alone = await gone(call, String(child));
      expect([alone.status, reasonOf(alone)]).toEqual([400, 'invalid']);
    }
    expect((await gone(call, 'script')).status).toBe(204);
    for (const child of [first, second, grandchild]) {
      expect((await call('GET', `${JOBS}/${child}`)).status).toBe(404);
    }
    expect(await childrenOf(call, 'script')).toEqual([]);
    expect(await childrenOf(call, String(first))).toEqual([]);
    expect(simulator.allTruths()).toEqual([]);
  });

  test('that runs keeps its children', async () => {
    const scene = playground();
    scene.simulator.start({ projectId: 'shop', jobId: 'script', children: [{}, { runMs: Infinity }] });
    await scene.clock.advanceBy(5_000);
    const [, first] = await childrenOf(scene.call, 'script');
    expect(reasonOf(await gone(scene.call, 'script'))).toBe('resourceInUse');
    expect(reasonOf(await gone(scene.call, String(first)))).toBe('invalid');
    expect(await childrenOf(scene.call, 'script')).toHaveLength(2);
  });

  test('that is said to be done before a child of its children is not deleted', async () => {
    const late = { createdAtMs: START_MS + 30_000, runMs: 30_001 };
    const { clock, call } = await done({ jobId: 'script', runMs: 1_000, children: [{ children: [late] }] });
    expect(reasonOf(await gone(call, 'script'))).toBe('resourceInUse');
    await clock.advanceBy(1);
    expect((await gone(call, 'script')).status).toBe(204);
  });

  test('takes no part of one that has its id later', async () => {
    const { clock, simulator, call } = await done(nested);
    await gone(call, 'script');
    simulator.start({ projectId: 'shop', jobId: 'script', children: [{}] });
    await clock.advanceBy(5_000);
    expect(await childrenOf(call, 'script')).toHaveLength(1);
    expect(simulator.truth({ projectId: 'shop', jobId: 'script' })).toMatchObject({ slotMs: 1_000 });
  });
});

test.each([
  { name: 'without a location', query: '', state: 'done', status: 400, reason: 'required' },
  { name: 'at a wrong location', query: '?location=EU', state: 'done', status: 404, reason: 'notFound' },
  { name: 'while it runs', query: '?location=US', state: 'running', status: 400, reason: 'resourceInUse' },
])('a job is not deleted $name', async ({ query, state, status, reason }) => {
  const { clock, simulator, call } = playground();
  simulator.start({ projectId: 'shop', jobId: 'job', runMs: state === 'done' ? 1_000 : Infinity });
  await clock.advanceBy(5_000);
  const response = await call('DELETE', `${JOBS}/job/delete${query}`);
  expect([response.status, reasonOf(response), at(response.body, 'error', 'code')]).toEqual([
    status,
    reason,
    status,
  ]);
  expect(simulator.truth({ projectId: 'shop', jobId: 'job' })).toBeDefined();
  expect(simulator.writes).toMatchObject([{ method: 'delete', effective: false, refused: reason }]);
  expect(simulator.deleted).toEqual([]);
});

test('an id that was deleted is free again', async () => {
  const { simulator, call } = await done();
  await gone(call, 'job');
  const body = { jobReference: { jobId: 'job' }, configuration: { query: { query: 'SELECT 2' } } };
  expect((await call('POST', JOBS, body)).status).toBe(200);
  const response = await call('GET', `${JOBS}/job`);
  expect(at(response.body, 'configuration', 'query', 'query')).toBe('SELECT 2');
  expect(simulator.truth({ projectId: 'shop', jobId: 'job' })?.state).toBe('PENDING');
});

test('a session outlives the metadata of the job that made it', async () => {
  const { clock, call } = playground();
  const query = { query: 'SELECT 1', createSession: true };
  const made = await call('POST', JOBS, { jobReference: { jobId: 'job' }, configuration: { query } });
  const value = at(made.body, 'statistics', 'sessionInfo', 'sessionId');
  await clock.advanceBy(5_000);
  expect((await gone(call, 'job')).status).toBe(204);
  const later = { query: 'SELECT 1', connectionProperties: [{ key: 'session_id', value }] };
  expect((await call('POST', JOBS, { configuration: { query: later } })).status).toBe(200);
});

describe('what was deleted', () => {
  test('is kept for observers as it was, children after their parents', async () => {
    const { simulator, call } = await done({ jobId: 'script', labels: { team: 'a' }, children: [{}, {}] });
    const { body: resource } = await call('GET', `${JOBS}/script`);
    const truths = simulator.allTruths();
    await gone(call, 'script');
    const named = { projectId: 'shop', location: 'US', jobId: 'script' };
    const common = { atMs: START_MS + 60_000, by: 'simulator@example.com', named };
    expect(simulator.deleted).toEqual(
      truths.map((truth) => ({
        ...common,
        truth,
        resource: expect.objectContaining({ kind: 'bigquery#job' }),
      })),
    );
    expect(truths.map(({ parentJobId }) => parentJobId)).toEqual([undefined, 'script', 'script']);
    expect(simulator.deleted[0]?.resource).toEqual(resource);
    expect(simulator.writes).toMatchObject([
      {
        method: 'delete',
        job: named,
        by: 'simulator@example.com',
        effective: true,
        stateBefore: 'DONE',
        children: truths.slice(1).map(({ jobId }) => ({ jobId })),
      },
    ]);
  });

  test('is told by GET /simulator/deleted', async () => {
    const { simulator, call } = await done();
    expect((await call('GET', '/simulator/deleted')).body).toEqual({ deleted: [] });
    await gone(call, 'job');
    expect((await call('GET', '/simulator/deleted')).body).toEqual({ deleted: simulator.deleted });
    expect(simulator.deleted).toHaveLength(1);
  });

  test('is less than was scripted, where a cancel came first', async () => {
    const { clock, simulator, call } = playground();
    const future = { createdAtMs: START_MS + 30_000 };
    simulator.start({ projectId: 'shop', jobId: 'script', runMs: 90_000, children: [{}, future] });
    await call('POST', `${JOBS}/script/cancel`);
    await clock.advanceBy(60_000);
    expect((await gone(call, 'script')).status).toBe(204);
    expect(simulator.deleted).toHaveLength(2);
    expect(simulator.writes.at(-1)?.children).toHaveLength(1);
  });
});

describe('in the audit log', () => {
  test('one entry tells of the job that was named, and those that were there stay', async () => {
    const { clock, simulator, call } = playground();
    const newer: unknown[] = [];
    const older: unknown[] = [];
    simulator.onEntry((entry) => newer.push(entry));
    simulator.onEntry((entry) => older.push(entry), { formats: 'older' });
    simulator.start({ projectId: 'shop', jobId: 'script', location: 'EU', children: [{}] });
    await clock.advanceBy(5_000);
    const before = [structuredClone(newer), structuredClone(older)];
    expect((await call('DELETE', `${JOBS}/script/delete?location=EU`)).status).toBe(204);
    await gone(call, 'script');
    await clock.advanceBy(60_000);
    expect(older).toEqual(before[1]);
    expect(newer.slice(0, -1)).toEqual(before[0]);
    expect(newer.at(-1)).toMatchObject({
      timestamp: new Date(START_MS + 5_000).toISOString(),
      severity: 'INFO',
      resource: { type: 'bigquery_project', labels: { project_id: 'shop', location: 'EU' } },
      protoPayload: {
        methodName: 'google.cloud.bigquery.v2.JobService.DeleteJob',
        resourceName: 'projects/shop/jobs/script',
        authenticationInfo: { principalEmail: 'simulator@example.com' },
        authorizationInfo: [{ permission: 'bigquery.jobs.delete', granted: true }],
        metadata: {
          '@type': 'type.googleapis.com/google.cloud.audit.BigQueryAuditMetadata',
          jobDeletion: { jobName: 'projects/shop/jobs/script', reason: 'JOB_DELETE_REQUEST' },
        },
      },
    });
  });
});
