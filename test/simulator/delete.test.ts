import { expect, test } from 'vitest';
import { at, idsOf, playground, reasonOf } from './playground.ts';

const JOBS = '/bigquery/v2/projects/shop/jobs';

test('a job that is done is gone: from get, and from lists', async () => {
  const { clock, simulator, call } = playground();
  simulator.start({ projectId: 'shop', jobId: 'job' });
  simulator.start({ projectId: 'shop', jobId: 'other' });
  await clock.advanceBy(5_000);
  const response = await call('DELETE', `${JOBS}/job/delete?location=US`);
  expect(response.status).toBe(204);
  expect(response).not.toHaveProperty('body');
  expect((await call('GET', `${JOBS}/job?location=US`)).status).toBe(404);
  expect(idsOf(await call('GET', `${JOBS}?allUsers=true`))).toEqual(['other']);
  expect(simulator.truth({ projectId: 'shop', jobId: 'job' })).toBeUndefined();
  const again = await call('DELETE', `${JOBS}/job/delete?location=US`);
  expect([again.status, reasonOf(again)]).toEqual([404, 'notFound']);
});

test('its children go with it, and cannot go alone', async () => {
  const { clock, simulator, call } = playground();
  simulator.start({ projectId: 'shop', jobId: 'script', children: [{}, {}] });
  await clock.advanceBy(5_000);
  const [child] = idsOf(await call('GET', `${JOBS}?allUsers=true&parentJobId=script`));
  const alone = await call('DELETE', `${JOBS}/${child}/delete?location=US`);
  expect([alone.status, reasonOf(alone)]).toEqual([400, 'invalid']);
  expect((await call('DELETE', `${JOBS}/script/delete?location=US`)).status).toBe(204);
  expect((await call('GET', `${JOBS}/${child}`)).status).toBe(404);
  expect(idsOf(await call('GET', `${JOBS}?allUsers=true&parentJobId=script`))).toEqual([]);
  expect(simulator.allTruths()).toEqual([]);
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
});
