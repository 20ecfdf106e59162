import { describe, expect, test } from 'vitest';
import { at, idsOf, playground, reasonOf, START_MS } from './playground.ts';

const LIST = '/bigquery/v2/projects/shop/jobs?allUsers=true';

/** One job of each state, of two people and places, a minute apart; `done` is the oldest. */
function populated(): ReturnType<typeof playground> {
  const scene = playground();
  const { simulator } = scene;
  const common = { projectId: 'shop', principal: 'ann@example.com' };
  simulator.start({ ...common, jobId: 'done', createdAtMs: START_MS - 180_000 });
  simulator.start({
    ...common,
    jobId: 'running',
    createdAtMs: START_MS - 120_000,
    runMs: Infinity,
    location: 'EU',
  });
  simulator.start({ ...common, jobId: 'pending', createdAtMs: START_MS - 60_000, pendingMs: Infinity });
  simulator.start({ projectId: 'shop', jobId: 'mine', createdAtMs: START_MS - 1_000, runMs: Infinity });
  simulator.start({ projectId: 'other', jobId: 'elsewhere', runMs: Infinity });
  return scene;
}

describe('which jobs are listed', () => {
  test.each([
    { query: '', ids: ['mine', 'pending', 'running', 'done'] },
    { query: '&stateFilter=running', ids: ['mine', 'running'] },
    { query: '&stateFilter=PENDING', ids: ['pending'] },
    { query: '&stateFilter=pending&stateFilter=Running', ids: ['mine', 'pending', 'running'] },
    { query: '&stateFilter=done', ids: ['done'] },
    { query: '&stateFilter=done&stateFilter=pending', ids: ['pending', 'done'] },
    { query: `&minCreationTime=${START_MS - 120_000}`, ids: ['mine', 'pending', 'running'] },
    { query: `&minCreationTime=${START_MS - 119_999}`, ids: ['mine', 'pending'] },
    { query: `&maxCreationTime=${START_MS - 120_000}`, ids: ['running', 'done'] },
    { query: `&maxCreationTime=${START_MS - 120_001}`, ids: ['done'] },
    { query: `&minCreationTime=${START_MS - 60_000}&maxCreationTime=${START_MS - 60_000}`, ids: ['pending'] },
  ])('«$query»', async ({ query, ids }) => {
    expect(idsOf(await populated().call('GET', LIST + query))).toEqual(ids);
  });

  test('without allUsers, those of the caller', async () => {
    const { call } = populated();
    expect(idsOf(await call('GET', '/bigquery/v2/projects/shop/jobs'))).toEqual(['mine']);
    const path = '/v1/projects/-/serviceAccounts/ann@example.com:generateAccessToken';
    const token = at(
      (await call('POST', path, { scope: ['https://www.googleapis.com/auth/bigquery'] })).body,
      'accessToken',
    );
    const own = await call('GET', '/bigquery/v2/projects/shop/jobs', undefined, String(token));
    expect(idsOf(own)).toEqual(['pending', 'running', 'done']);
  });

  test('no children unless their parent is named', async () => {
    const { clock, simulator, call } = populated();
    const children = [{ query: 'SELECT 1' }, { query: 'SELECT 2' }];
    const { jobId } = simulator.start({ projectId: 'shop', jobId: 'script', children });
    await clock.advanceBy(5_000);
    expect(idsOf(await call('GET', LIST))).toEqual([jobId, 'mine', 'pending', 'running', 'done']);
    const ids = idsOf(await call('GET', `${LIST}&parentJobId=${jobId}`));
    expect(ids).toEqual([expect.stringMatching(/^script_job_[0-9a-f]{32}_1$/), expect.stringMatching(/_0$/)]);
  });

  test('a job of the future is not there yet', async () => {
    const { clock, simulator, call } = playground();
    simulator.start({ projectId: 'shop', jobId: 'later', createdAtMs: START_MS + 1_000 });
    expect(idsOf(await call('GET', LIST))).toEqual([]);
    await clock.advanceBy(1_000);
    expect(idsOf(await call('GET', LIST))).toEqual(['later']);
  });
});

describe('what a list item shows', () => {
  test('the full projection has configuration, status and who ran it', async () => {
    const { body } = await populated().call('GET', `${LIST}&projection=full&stateFilter=done`);
    expect(Object.keys(Object(at(body, 'jobs', 0))).sort()).toEqual(
      [
        'configuration',
        'id',
        'jobReference',
        'kind',
        'principal_subject',
        'state',
        'statistics',
        'status',
        'user_email',
      ].sort(),
    );
  });

  test.each(['', '&projection=minimal', '&projection=MINIMAL'])(
    'the minimal projection «%s» has not',
    async (query) => {
      const { body } = await populated().call('GET', `${LIST}&stateFilter=done${query}`);
      expect(Object.keys(Object(at(body, 'jobs', 0))).sort()).toEqual([
        'id',
        'jobReference',
        'kind',
        'state',
        'statistics',
      ]);
    },
  );

  test('a failed job has its errorResult in both', async () => {
    const { clock, simulator, call } = playground();
    const error = { reason: 'invalidQuery', message: 'Syntax error' };
    simulator.start({ projectId: 'shop', jobId: 'bad', error });
    await clock.advanceBy(1_000);
    expect(at((await call('GET', LIST)).body, 'jobs', 0, 'errorResult')).toEqual(error);
    expect(at((await call('GET', `${LIST}&projection=full`)).body, 'jobs', 0, 'errorResult')).toEqual(error);
  });

  test('running jobs can be made to show their times only', async () => {
    const { clock, simulator, call } = playground({ lists: { showsRunningStatistics: false } });
    simulator.start({ projectId: 'shop', jobId: 'running', runMs: Infinity });
    await clock.advanceBy(1_000);
    const { body } = await call('GET', LIST);
    expect(at(body, 'jobs', 0, 'statistics')).toEqual({
      creationTime: String(START_MS),
      startTime: String(START_MS),
    });
  });
});

describe('pages', () => {
  test('hold at most maxResults, and the last names no next', async () => {
    const { call } = populated();
    const first = await call('GET', `${LIST}&maxResults=3`);
    expect(idsOf(first)).toEqual(['mine', 'pending', 'running']);
    const token = String(at(first.body, 'nextPageToken'));
    const second = await call('GET', `${LIST}&maxResults=3&pageToken=${token}`);
    expect(idsOf(second)).toEqual(['done']);
    expect(second.body).not.toHaveProperty('nextPageToken');
  });

  test('stay what they are while jobs come and go', async () => {
    const { simulator, call, clock } = playground();
    for (let index = 0; index < 10; index++) {
      simulator.start({ projectId: 'shop', jobId: `job-${index}`, createdAtMs: START_MS - 10_000 + index });
    }
    await clock.advanceBy(1);
    const first = await call('GET', `${LIST}&maxResults=4`);
    simulator.start({ projectId: 'shop', jobId: 'newcomer' });
    await call('DELETE', '/bigquery/v2/projects/shop/jobs/job-6/delete?location=US');
    const token = String(at(first.body, 'nextPageToken'));
    const second = await call('GET', `${LIST}&maxResults=10&pageToken=${token}`);
    expect(idsOf(first)).toEqual(['job-9', 'job-8', 'job-7', 'job-6']);
    expect(idsOf(second)).toEqual(['job-5', 'job-4', 'job-3', 'job-2', 'job-1', 'job-0']);
  });

  test('lose none of many jobs of one millisecond', async () => {
    const { simulator, call } = playground();
    for (let index = 0; index < 25; index++) simulator.start({ projectId: 'shop', runMs: Infinity });
    const seen = new Set<unknown>();
    let token = '';
    do {
      const page = await call('GET', `${LIST}&maxResults=4&stateFilter=running&pageToken=${token}`);
      for (const id of idsOf(page)) seen.add(id);
      token = String(at(page.body, 'nextPageToken') ?? '');
    } while (token !== '');
    expect(seen.size).toBe(25);
  });
});

describe('pages that go wrong', () => {
  function crowd(options: Parameters<typeof playground>[0] = {}): ReturnType<typeof playground> {
    const scene = playground(options);
    for (let index = 0; index < 10; index++) {
      scene.simulator.start({
        projectId: 'shop',
        jobId: `job-${index}`,
        createdAtMs: START_MS - 10_000 + index,
      });
    }
    return scene;
  }
  const page = (token: unknown): string => `${LIST}&maxResults=4&pageToken=${String(token)}`;
  const nextOf = (response: { body?: unknown }): unknown => at(response.body, 'nextPageToken');

  test.each([
    { name: 'a millisecond before', afterMs: 59_999, status: 200 },
    { name: 'at its end', afterMs: 60_000, status: 400 },
  ])('a page token is good for its time: $name it is $status', async ({ afterMs, status }) => {
    const { clock, call } = crowd({ lists: { pageTokenLifetimeMs: 60_000 } });
    const token = nextOf(await call('GET', page('')));
    await clock.advanceBy(afterMs);
    const response = await call('GET', page(token));
    expect(response.status).toBe(status);
    if (status === 400) {
      expect(reasonOf(response)).toBe('invalid');
      expect(at(response.body, 'error', 'errors', 0, 'location')).toBe('pageToken');
    }
  });

  test('the time of each token counts from its own page', async () => {
    const { clock, call } = crowd({ lists: { pageTokenLifetimeMs: 60_000 } });
    const first = nextOf(await call('GET', page('')));
    await clock.advanceBy(40_000);
    const second = nextOf(await call('GET', page(first)));
    await clock.advanceBy(40_000);
    expect((await call('GET', page(second))).status).toBe(200);
  });

  test('a fault strikes one page of a list alone', async () => {
    const { call } = crowd();
    await call('PUT', '/simulator/faults', { rules: [{ fault: { kind: 'unavailable' }, page: 2 }] });
    const first = await call('GET', page(''));
    const token = nextOf(first);
    expect(first.status).toBe(200);
    expect((await call('GET', page(token))).status).toBe(503);
    expect((await call('GET', '/projects/shop/jobs/job-1')).status).toBe(200);
    await call('PUT', '/simulator/faults', { rules: [{ fault: { kind: 'malformed' }, page: 2, times: 1 }] });
    expect((await call('GET', page(token))).rawBody).toBeDefined();
    const again = await call('GET', page(token));
    expect(idsOf(again)).toEqual(['job-5', 'job-4', 'job-3', 'job-2']);
    expect(idsOf(await call('GET', page(nextOf(again))))).toEqual(['job-1', 'job-0']);
  });

  test('so it does on the last page', async () => {
    const { call } = crowd();
    await call('PUT', '/simulator/faults', { rules: [{ fault: { kind: 'internalError' }, page: 3 }] });
    const second = await call('GET', page(nextOf(await call('GET', page('')))));
    expect(second.status).toBe(200);
    expect((await call('GET', page(nextOf(second)))).status).toBe(500);
  });

  test('where pages shift, a newcomer shows a job twice and one that goes hides another', async () => {
    const { simulator, call } = crowd({ lists: { pagesShift: true } });
    const first = await call('GET', page(''));
    simulator.start({ projectId: 'shop', jobId: 'newcomer' });
    const second = await call('GET', page(nextOf(first)));
    await call('DELETE', '/bigquery/v2/projects/shop/jobs/job-9/delete?location=US');
    await call('DELETE', '/bigquery/v2/projects/shop/jobs/job-8/delete?location=US');
    const third = await call('GET', page(nextOf(second)));
    expect([first, second, third].map(idsOf)).toEqual([
      ['job-9', 'job-8', 'job-7', 'job-6'],
      ['job-6', 'job-5', 'job-4', 'job-3'],
      ['job-0'],
    ]);
  });

  test('pages may be shorter than asked for', async () => {
    const { call } = crowd({ lists: { jobsPerPage: 3 } });
    const first = await call('GET', page(''));
    expect(idsOf(first)).toEqual(['job-9', 'job-8', 'job-7']);
    expect(idsOf(await call('GET', page(nextOf(first))))).toEqual(['job-6', 'job-5', 'job-4']);
  });

  test('both can be switched over HTTP', async () => {
    const { clock, call } = crowd();
    const settings = { pageTokenLifetimeMs: 1_000, pagesShift: true };
    expect((await call('PUT', '/simulator/faults', settings)).status).toBe(200);
    const token = nextOf(await call('GET', page('')));
    await clock.advanceBy(1_000);
    expect((await call('GET', page(token))).status).toBe(400);
    await call('PUT', '/simulator/faults', {});
    expect((await call('GET', page(token))).status).toBe(200);
  });
});

describe('a list that is not the whole truth', () => {
  test('shows the jobs as they were', async () => {
    const { clock, simulator, call } = playground({ lists: { stalenessMs: 5_000 } });
    simulator.start({ projectId: 'shop', jobId: 'short', runMs: 3_000 });
    await clock.advanceTo(START_MS + 4_999);
    expect(idsOf(await call('GET', LIST))).toEqual([]);
    await clock.advanceTo(START_MS + 7_000);
    expect(idsOf(await call('GET', `${LIST}&stateFilter=running`))).toEqual(['short']);
    await clock.advanceTo(START_MS + 8_000);
    expect(idsOf(await call('GET', `${LIST}&stateFilter=running`))).toEqual([]);
    expect(idsOf(await call('GET', `${LIST}&stateFilter=done`))).toEqual(['short']);
  });

  test('names the locations that did not answer, and lacks their jobs', async () => {
    const { simulator, call } = populated();
    simulator.setLists({ unreachable: ['eu'] });
    const response = await call('GET', LIST);
    expect(at(response.body, 'unreachable')).toEqual(['eu']);
    expect(idsOf(response)).toEqual(['mine', 'pending', 'done']);
  });
});

describe('refusals', () => {
  test.each([
    'stateFilter=stopped',
    'projection=some',
    'minCreationTime=yesterday',
    'maxCreationTime=-1',
    'maxResults=ten',
    'pageToken=garbage',
    'pageToken=WzFd',
  ])('%s is invalid', async (query) => {
    const response = await playground().call('GET', `${LIST}&${query}`);
    expect(response.status).toBe(400);
    expect(reasonOf(response)).toBe('invalid');
    expect(at(response.body, 'error', 'errors', 0, 'location')).toBe(query.split('=')[0]);
  });
});
