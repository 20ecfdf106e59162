import { describe, expect, test } from 'vitest';
import type { Permission } from '../../simulator/access.ts';
import { at, idsOf, type Playground, playground, reasonOf } from './playground.ts';

const ANN = 'ann@example.com';
const LIST = '/projects/shop/jobs?projection=full';
const secret = 'SELECT zq7';

interface Scene extends Playground {
  /** One call as Ann. */
  readonly asAnn: Playground['call'];
}

/** A running job of Ann and one of Bob, of whom Ann lacks the permissions given. */
async function scene(...permissions: Permission[]): Promise<Scene> {
  const withheld = permissions.length === 0 ? [] : [{ principal: ANN, projectId: 'shop', permissions }];
  const played = playground({ withheld });
  const referencedTables = [{ projectId: 'shop', datasetId: 'hr_zq7', tableId: 'salaries' }];
  const common = { runMs: Infinity, query: secret, labels: { team: 'a' }, referencedTables };
  for (const projectId of ['shop', 'other']) {
    played.simulator.start({ ...common, projectId, jobId: 'anns', principal: ANN });
    played.simulator.start({ ...common, projectId, jobId: 'bobs', principal: 'bob@example.com' });
  }
  const path = `/v1/projects/-/serviceAccounts/${ANN}:generateAccessToken`;
  const { body } = await played.call('POST', path, { scope: ['https://www.googleapis.com/auth/bigquery'] });
  const token = String(at(body, 'accessToken'));
  return { ...played, asAnn: (method, path, body) => played.call(method, path, body, token) };
}

const denied = (permission: string, projectId = 'shop'): string =>
  `Access Denied: Project ${projectId}: User does not have ${permission} permission in project ${projectId}.`;
const body = { configuration: { query: { query: 'SELECT 1' } } };

describe("a permission that is withheld is refused in Google's words", () => {
  const others = '/projects/shop/jobs/bobs';
  test.each<{ method: string; path: string; sent?: object; permission: Permission }>([
    { method: 'POST', path: '/projects/shop/jobs', sent: body, permission: 'bigquery.jobs.create' },
    {
      method: 'POST',
      path: '/projects/shop/queries',
      sent: { query: 'SELECT 1' },
      permission: 'bigquery.jobs.create',
    },
    { method: 'GET', path: others, permission: 'bigquery.jobs.get' },
    { method: 'GET', path: '/projects/shop/jobs/none', permission: 'bigquery.jobs.get' },
    { method: 'GET', path: '/projects/shop/queries/bobs', permission: 'bigquery.jobs.get' },
    { method: 'POST', path: `${others}/cancel`, permission: 'bigquery.jobs.update' },
    { method: 'DELETE', path: `${others}/delete?location=US`, permission: 'bigquery.jobs.delete' },
    {
      method: 'DELETE',
      path: '/projects/shop/jobs/anns/delete?location=US',
      permission: 'bigquery.jobs.delete',
    },
  ])('$method $path without $permission', async ({ method, path, sent, permission }) => {
    const { asAnn, simulator } = await scene(permission);
    const response = await asAnn(method, path, sent);
    expect([response.status, reasonOf(response)]).toEqual([403, 'accessDenied']);
    expect(at(response.body, 'error', 'message')).toBe(denied(permission));
    expect(simulator.writes.filter(({ effective }) => effective)).toEqual([]);
    const elsewhere = await asAnn(method, path.replace('shop', 'other'), sent);
    expect(elsewhere.status === 403).toBe(false);
  });

  test('to others it is granted', async () => {
    const { call } = await scene('bigquery.jobs.get', 'bigquery.jobs.create');
    expect((await call('GET', '/projects/shop/jobs/anns')).status).toBe(200);
    expect((await call('POST', '/projects/shop/jobs', body)).status).toBe(200);
  });
});

describe('the creator of a job', () => {
  test.each([
    { method: 'GET', path: '/projects/shop/jobs/anns', permission: 'bigquery.jobs.get' as const },
    { method: 'POST', path: '/projects/shop/jobs/anns/cancel', permission: 'bigquery.jobs.update' as const },
  ])(
    'may $method it without $permission, as long as they may create',
    async ({ method, path, permission }) => {
      expect((await (await scene(permission)).asAnn(method, path)).status).toBe(200);
      const neither = await scene(permission, 'bigquery.jobs.create');
      expect((await neither.asAnn(method, path)).status).toBe(403);
    },
  );
});

describe('a list', () => {
  const all = `${LIST}&allUsers=true`;
  test.each<{ withheld: Permission[]; path: string; permission: Permission }>([
    {
      withheld: ['bigquery.jobs.list', 'bigquery.jobs.listAll'],
      path: LIST,
      permission: 'bigquery.jobs.list',
    },
    {
      withheld: ['bigquery.jobs.list', 'bigquery.jobs.listAll'],
      path: all,
      permission: 'bigquery.jobs.listAll',
    },
  ])('without $withheld is refused', async ({ withheld, path, permission }) => {
    const response = await (await scene(...withheld)).asAnn('GET', path);
    expect([response.status, at(response.body, 'error', 'message')]).toEqual([403, denied(permission)]);
  });

  test.each(['bigquery.jobs.listAll', 'bigquery.jobs.list'] as const)(
    "without %s shows others' jobs redacted, and one's own whole",
    async (permission) => {
      const { asAnn, call } = await scene(permission);
      const response = await asAnn('GET', all);
      expect(idsOf(response).sort()).toEqual(['anns', 'bobs']);
      const jobs: unknown[] = Array.isArray(at(response.body, 'jobs')) ? Object(response.body).jobs : [];
      const bobs = jobs.find((job) => at(job, 'jobReference', 'jobId') === 'bobs');
      const anns = jobs.find((job) => at(job, 'jobReference', 'jobId') === 'anns');
      expect(Object.keys(Object(bobs)).sort()).toEqual(
        ['id', 'jobReference', 'kind', 'state', 'statistics', 'status'].sort(),
      );
      expect(at(bobs, 'statistics', 'startTime')).toBeDefined();
      expect(JSON.stringify(bobs)).not.toMatch(/zq7|bob@|team/);
      expect(anns).toMatchObject({ user_email: ANN, configuration: { query: { query: secret } } });
      expect(JSON.stringify((await call('GET', all)).body)).toContain('bob@example.com');
    },
  );

  test('redacted, tells of a failure only that it has ended', async () => {
    const { asAnn, clock, simulator } = await scene('bigquery.jobs.listAll');
    const error = { reason: 'invalidQuery', message: 'Syntax error near zq7' };
    const script = { query: secret, children: [{ query: secret }] };
    simulator.start({ projectId: 'shop', jobId: 'bad', principal: 'bob@example.com', error, ...script });
    await clock.advanceBy(10_000);
    for (const path of [`${all}&stateFilter=done`, `${all}&parentJobId=bad`]) {
      const response = await asAnn('GET', path);
      expect(at(response.body, 'jobs', 0, 'state')).toBe('DONE');
      expect(JSON.stringify(response.body)).not.toContain('zq7');
    }
  });
});

describe('PUT /simulator/access', () => {
  test('withholds from everybody, everywhere, what names nobody and no project, until it is granted again', async () => {
    const { call } = playground();
    const withheld = [{ permissions: ['bigquery.jobs.create'] }];
    expect((await call('PUT', '/simulator/access', { withheld })).body).toEqual({ withheld: 1 });
    for (const projectId of ['shop', 'other']) {
      const response = await call('POST', `/projects/${projectId}/jobs`, body);
      expect(at(response.body, 'error', 'message')).toBe(denied('bigquery.jobs.create', projectId));
    }
    // Faults are another switchboard.
    await call('PUT', '/simulator/faults', {});
    expect((await call('POST', '/projects/shop/jobs', body)).status).toBe(403);
    await call('PUT', '/simulator/access', {});
    expect((await call('POST', '/projects/shop/jobs', body)).status).toBe(200);
  });

  test.each([
    { withheld: [{ permissions: ['bigquery.jobs.sing'] }] },
    { withheld: [{ permissions: [] }] },
    { withheld: [{ principal: ANN }] },
    { granted: [] },
  ])('refuses %j', async (settings) => {
    const response = await playground().call('PUT', '/simulator/access', settings);
    expect([response.status, reasonOf(response)]).toEqual([400, 'invalid']);
  });
});
