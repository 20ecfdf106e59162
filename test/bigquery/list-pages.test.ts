import { describe, expect, it } from 'vitest';
import { createJobsClient } from '../../shared/bigquery/backing-off-client.ts';
import { CallBudget } from '../../shared/bigquery/budget.ts';
import { LIST_FIELDS } from '../../shared/bigquery/job-fields.ts';
import type { JobsPage, ListQuery } from '../../shared/bigquery/jobs-client.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { DATE_MS, googleError, jsonAnswer } from './google-error.ts';
import { keptLog } from './kept-log.ts';
import { playedApi, type Step } from './played-api.ts';

const FAR = { deadlineAtMs: 3_600_000 };
const RUNNING: ListQuery = { projectId: 'my-project', states: ['running'] };

function item(jobId: string): unknown {
  const jobReference = { projectId: 'my-project', location: 'US', jobId };
  return { jobReference, state: 'RUNNING', statistics: { creationTime: '1000' } };
}

function pageOf(fields: Readonly<Record<string, unknown>>) {
  return jsonAnswer(200, { kind: 'bigquery#jobList', ...fields });
}

function world(steps: readonly Step[]) {
  const clock = new VirtualClock(0);
  const played = playedApi(steps, () => clock.now());
  const client = createJobsClient({ api: played.api, clock, random: () => 0, budget: new CallBudget(clock) });
  return { clock, client, ...played };
}

async function all(pages: AsyncIterable<JobsPage>): Promise<JobsPage[]> {
  const read: JobsPage[] = [];
  for await (const page of pages) read.push(page);
  return read;
}

describe('pages of a list', () => {
  it('come until no token is left, also past short and empty ones', async () => {
    const { clock, client, requests } = world([
      pageOf({ jobs: [item('c'), item('b')], nextPageToken: 't1' }),
      pageOf({ nextPageToken: 't2' }),
      pageOf({ jobs: [item('a')] }),
    ]);
    const pages = await clock.run(all(client.list(RUNNING, FAR)));
    expect(pages.map((page) => page.jobs.map((job) => job.name.jobId))).toEqual([['c', 'b'], [], ['a']]);
    expect(
      requests.map(({ path }) => new URL(path, 'http://x.invalid').searchParams.get('pageToken')),
    ).toEqual([null, 't1', 't2']);
  });

  it('ask for the jobs of all users, in full, within the bounds', async () => {
    const { clock, client, requests } = world([pageOf({})]);
    await clock.run(all(client.list({ ...RUNNING, minCreationTimeMs: 5, maxCreationTimeMs: 6 }, FAR)));
    const asked = new URL(requests[0]?.path ?? '', 'http://x.invalid').searchParams;
    expect(Object.fromEntries(asked)).toEqual({
      allUsers: 'true',
      stateFilter: 'running',
      projection: 'full',
      minCreationTime: '5',
      maxCreationTime: '6',
      maxResults: '500',
      fields: LIST_FIELDS,
    });
  });

  it('are fetched only when they are asked for', async () => {
    const { clock, client, requests } = world([pageOf({ jobs: [item('a')], nextPageToken: 't' })]);
    const pages = client.list(RUNNING, FAR)[Symbol.asyncIterator]();
    expect(requests).toHaveLength(0);
    await clock.run(pages.next());
    await clock.advanceBy(60_000);
    expect(requests).toHaveLength(1);
  });

  it('tell the locations that did not answer, and the time', async () => {
    const { clock, client } = world([pageOf({ jobs: [item('a')], unreachable: ['EU', 'asia-northeast1'] })]);
    const [page] = await clock.run(all(client.list(RUNNING, FAR)));
    expect(page).toMatchObject({ unreachable: ['EU', 'asia-northeast1'], dateMs: DATE_MS, brokenItems: [] });
  });

  it('tell of items that cannot be read what these tell, and keep the others', async () => {
    const { clock, client } = world([pageOf({ jobs: [item('a'), null, {}, 'job', item('b')] })]);
    const [page] = await clock.run(all(client.list(RUNNING, FAR)));
    expect(page?.jobs.map((job) => job.name.jobId)).toEqual(['a', 'b']);
    const NOTHING = { hasEnded: false, hasFailed: false };
    expect(page?.brokenItems).toEqual([NOTHING, NOTHING, NOTHING]);
  });

  it.each([
    ['an empty object', {}],
    ['a job', { kind: 'bigquery#job', jobReference: {} }],
    ['nothing', undefined],
    ['jobs that are no array', { kind: 'bigquery#jobList', jobs: {} }],
    ['locations that are no texts', { kind: 'bigquery#jobList', unreachable: [{}] }],
  ])('do not take %s for an empty list', async (_, body) => {
    const { clock, client, requests } = world([jsonAnswer(200, body)]);
    await expect(clock.run(all(client.list(RUNNING, FAR)))).rejects.toMatchObject({
      name: 'UnavailableError',
      because: 'the answer is no list of jobs',
      fault: 'transient',
    });
    expect(requests).toHaveLength(6);
  });

  it.each([
    { name: 'itself', tokens: ['A', 'A'] },
    { name: 'the page before', tokens: ['A', 'B', 'A'] },
    { name: 'a page long before', tokens: ['A', 'B', 'C', 'D', 'A'] },
  ])('end in an error, not in a circle, when one leads back to $name', async ({ tokens }) => {
    const steps = tokens.map((nextPageToken) => pageOf({ nextPageToken }));
    const { clock, client, requests } = world([...steps, pageOf({})]);
    const listing = clock.run(all(client.list(RUNNING, FAR)));
    await expect(listing).rejects.toMatchObject({ name: 'PageTokenError', fault: 'transient' });
    expect(requests).toHaveLength(tokens.length);
  });

  it('tell of a location that is none only that something is missing', async () => {
    const unreachable = ['EU', "SELECT 'x'", 'x'.repeat(65), ''];
    const { clock, client } = world([pageOf({ unreachable })]);
    const [page] = await clock.run(all(client.list(RUNNING, FAR)));
    expect(page?.unreachable).toEqual(['EU', 'unknown']);
  });

  it('go on after a failure of one page from that page', async () => {
    const { clock, client } = world([
      pageOf({ jobs: [item('b')], nextPageToken: 't1' }),
      googleError(503, 'backendError'),
      pageOf({ jobs: [item('a')] }),
    ]);
    const pages = await clock.run(all(client.list(RUNNING, FAR)));
    expect(pages.flatMap((page) => page.jobs.map((job) => job.name.jobId))).toEqual(['b', 'a']);
  });

  it('tell of a token that is no longer good, without asking again', async () => {
    const { clock, client, requests } = world([
      pageOf({ nextPageToken: 'old' }),
      googleError(400, 'invalid'),
    ]);
    const listing = clock.run(all(client.list(RUNNING, FAR)));
    await expect(listing).rejects.toMatchObject({ name: 'PageTokenError', fault: 'transient' });
    expect(requests).toHaveLength(2);
  });
});

describe('pages that may be too big', () => {
  const sizesOf = (requests: readonly { readonly path: string }[]) =>
    requests.map(({ path }) => new URL(path, 'http://x.invalid').searchParams.get('maxResults'));
  const cut = { ...pageOf({}), body: undefined, rawBody: '{"kind": "bigquery#jobL' };
  const broken = Object.assign(new Error('broken'), { code: 'ECONNRESET' });

  it.each<{ name: string; steps: readonly Step[]; sizes: readonly string[] }>([
    { name: 'is silence', steps: ['silent'], sizes: ['500', '250'] },
    { name: 'is cut off', steps: [cut], sizes: ['500', '250'] },
    { name: 'breaks', steps: [broken], sizes: ['500', '250'] },
    { name: 'never comes whole', steps: [cut, cut, cut, cut], sizes: ['500', '250', '125', '62', '50'] },
    {
      name: 'stays so',
      steps: [cut, cut, cut, cut, cut],
      sizes: ['500', '250', '125', '62', '50', '50'],
    },
    { name: 'is a fault of the server', steps: [googleError(503, 'backendError')], sizes: ['500', '500'] },
    { name: 'is a refusal', steps: [googleError(429, 'rateLimitExceeded')], sizes: ['500', '500'] },
  ])('are asked for again in halves, where the answer $name', async ({ steps, sizes }) => {
    const { clock, client, requests } = world([...steps, pageOf({ jobs: [item('a')] })]);
    const pages = await clock.run(all(client.list(RUNNING, FAR)));
    expect(pages.flatMap((page) => page.jobs.map((job) => job.name.jobId))).toEqual(['a']);
    expect(sizesOf(requests)).toEqual(sizes);
  });

  it('stay small to the end of the list, and the next list begins anew', async () => {
    const { clock, client, requests } = world([cut, pageOf({ nextPageToken: 't' }), pageOf({}), pageOf({})]);
    await clock.run(all(client.list(RUNNING, FAR)));
    await clock.run(all(client.list(RUNNING, FAR)));
    expect(sizesOf(requests)).toEqual(['500', '250', '250', '500']);
  });

  it('are told of in the log', async () => {
    const lines: unknown[] = [];
    const clock = new VirtualClock(0);
    const { api } = playedApi(['silent', pageOf({})], () => clock.now());
    const parts = { api, clock, random: () => 0, budget: new CallBudget(clock), log: keptLog(lines) };
    await clock.run(all(createJobsClient(parts).list(RUNNING, FAR)));
    expect(lines).toContainEqual({
      message: 'pages of a list are asked for smaller',
      projectId: 'my-project',
      maxResults: 250,
    });
  });
});
