import { describe, expect, it } from 'vitest';
import { createJobsClient } from '../../shared/bigquery/backing-off-client.ts';
import { CallBudget } from '../../shared/bigquery/budget.ts';
import { type JobsApiError, NotFoundError } from '../../shared/bigquery/errors.ts';
import { googleJobsApi } from '../../shared/bigquery/google-jobs-api.ts';
import type { Answer, JobsApi } from '../../shared/bigquery/jobs-api.ts';
import type { Fault } from '../../simulator/faults.ts';
import { childJobId } from '../../simulator/new-job.ts';
import { serve } from '../../simulator/server.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { simulatedJobsApi } from '../simulated-jobs-api.ts';

const NOW_MS = Date.UTC(2026, 0, 6, 10, 0, 0);
const RUNNING = { projectId: 'my-project', location: 'europe-west2', jobId: 'runs' };
const DONE = { projectId: 'my-project', location: 'US', jobId: 'done' };
const SCOPED = { projectId: 'example.com:proj', location: 'EU', jobId: 'scoped' };
const ENDED = { ...SCOPED, jobId: 'ended' };
const SCRIPT = { projectId: 'scripts', location: 'EU', jobId: 'script' };
const CHILD = { ...SCRIPT, jobId: childJobId(SCRIPT, 0) };
const { signal } = new AbortController();

interface World {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly api: JobsApi;
}

/** The same jobs behind both implementations of the seam. Time stands still unless a case moves it. */
async function inWorld(over: 'http' | 'handler', act: (world: World) => Promise<void>): Promise<void> {
  const clock = new VirtualClock(NOW_MS);
  const simulator = new Simulator({ clock, random: () => 0.5 });
  const createdAtMs = NOW_MS - 60_000;
  simulator.start({ ...RUNNING, createdAtMs, runMs: Number.POSITIVE_INFINITY, query: 'SELECT 1' });
  simulator.start({ ...DONE, createdAtMs: createdAtMs - 1, runMs: 1_000 });
  simulator.start({ ...SCOPED, createdAtMs, runMs: Number.POSITIVE_INFINITY });
  simulator.start({ ...ENDED, createdAtMs, runMs: 1_000 });
  simulator.start({ ...SCRIPT, createdAtMs, children: [{ runMs: 1_000 }] });
  if (over === 'handler') {
    await act({ clock, simulator, api: simulatedJobsApi((request) => simulator.handle(request)) });
    return;
  }
  const server = await serve({ simulator, clock, port: 0 });
  try {
    await act({ clock, simulator, api: googleJobsApi({ endpoint: server.address }) });
  } finally {
    await server.close();
  }
}

const list = { allUsers: true, states: [], projection: 'full' } as const;

interface Case {
  readonly name: string;
  readonly call: (api: JobsApi) => Promise<Answer>;
  readonly fault?: Fault;
  readonly body?: unknown;
  readonly error?: Readonly<Record<string, unknown>>;
  /** The true state of the running job two seconds after. */
  readonly state?: 'RUNNING' | 'DONE';
}

const TABLE: readonly Case[] = [
  {
    name: 'gets a running job',
    call: (api) => api.get(RUNNING, signal),
    body: { status: { state: 'RUNNING' } },
  },
  {
    name: 'gets a job of a domain-scoped project',
    call: (api) => api.get(SCOPED, signal),
    body: { jobReference: SCOPED },
  },
  {
    name: 'does not find a job in another location',
    call: (api) => api.get({ ...RUNNING, location: 'US' }, signal),
    error: { name: 'NotFoundError' },
  },
  {
    name: 'does not find a job without its region',
    call: (api) => api.get({ projectId: 'my-project', jobId: 'runs' }, signal),
    error: { name: 'NotFoundError' },
  },
  {
    name: 'lists by state',
    call: (api) => api.list({ ...list, projectId: 'my-project', states: ['pending', 'running'] }, signal),
    body: { kind: 'bigquery#jobList', jobs: [{ jobReference: RUNNING }] },
  },
  {
    name: 'lists a page',
    call: (api) => api.list({ ...list, projectId: 'my-project', maxResults: 1 }, signal),
    body: { jobs: [{ jobReference: RUNNING }], nextPageToken: expect.any(String) },
  },
  {
    name: 'is refused a page token of its own making',
    call: (api) => api.list({ ...list, projectId: 'my-project', pageToken: 'mine' }, signal),
    error: { name: 'PageTokenError', fault: 'transient' },
  },
  {
    name: 'lists by creation, both bounds included',
    call: (api) => {
      const bounds = { minCreationTimeMs: NOW_MS - 60_001, maxCreationTimeMs: NOW_MS - 60_001 };
      return api.list({ ...list, projectId: 'my-project', ...bounds }, signal);
    },
    body: { jobs: [{ jobReference: DONE }] },
  },
  {
    name: 'cancels',
    call: (api) => api.cancel(RUNNING, signal),
    body: { job: { jobReference: RUNNING } },
    state: 'DONE',
  },
  {
    name: 'cancels, but the answer is lost',
    call: (api) => api.cancel(RUNNING, signal),
    fault: { kind: 'lost', answer: 'reset' },
    error: { name: 'UnavailableError', fault: 'unknown' },
    state: 'DONE',
  },
  {
    name: 'cancels, but the answer is cut off',
    call: (api) => api.cancel(RUNNING, signal),
    fault: { kind: 'malformed' },
    error: { name: 'UnavailableError', fault: 'unknown' },
    state: 'DONE',
  },
  {
    name: 'is reset before it is heard',
    call: (api) => api.cancel(RUNNING, signal),
    fault: { kind: 'reset' },
    error: { name: 'UnavailableError', fault: 'unknown' },
    state: 'RUNNING',
  },
  {
    name: 'is throttled',
    call: (api) => api.cancel(RUNNING, signal),
    fault: { kind: 'tooManyRequests', retryAfterSeconds: 3 },
    error: { name: 'ThrottledError', status: 429, retryAfterMs: 3_000 },
    state: 'RUNNING',
  },
  {
    name: 'is throttled with a 403',
    call: (api) => api.get(RUNNING, signal),
    fault: { kind: 'rateLimitExceeded' },
    error: { name: 'ThrottledError', status: 403 },
  },
  {
    name: 'meets a 500',
    call: (api) => api.get(RUNNING, signal),
    fault: { kind: 'internalError' },
    error: { name: 'UnavailableError', status: 500, fault: 'transient' },
  },
  {
    name: 'meets a 503',
    call: (api) => api.cancel(RUNNING, signal),
    fault: { kind: 'unavailable' },
    error: { name: 'UnavailableError', status: 503, fault: 'unknown' },
  },
  {
    name: 'is denied',
    call: (api) => api.list({ ...list, projectId: 'my-project' }, signal),
    fault: { kind: 'accessDenied' },
    error: { name: 'ForbiddenError', permission: 'bigquery.jobs.listAll' },
  },
  { name: 'deletes what is DONE', call: (api) => api.delete(DONE, signal) },
  {
    name: 'does not delete what runs',
    call: (api) => api.delete(RUNNING, signal),
    error: { name: 'TerminalError', status: 400 },
    state: 'RUNNING',
  },
  {
    name: 'deletes in a domain-scoped project, and then finds nothing',
    call: async (api) => {
      await api.delete(ENDED, signal);
      return api.get(ENDED, signal);
    },
    error: { name: 'NotFoundError' },
  },
  {
    name: 'does not delete in another location',
    call: async (api) => {
      await expect(api.delete({ ...DONE, location: 'EU' }, signal)).rejects.toThrow(NotFoundError);
      return api.get(DONE, signal);
    },
    body: { jobReference: DONE },
  },
  {
    name: 'deletes children with their parent, and none by itself',
    call: async (api) => {
      await expect(api.delete(CHILD, signal)).rejects.toMatchObject({ name: 'TerminalError', status: 400 });
      expect(await api.get(CHILD, signal)).toMatchObject({ body: { jobReference: CHILD } });
      await api.delete(SCRIPT, signal);
      return api.get(CHILD, signal);
    },
    error: { name: 'NotFoundError' },
  },
  {
    name: 'inserts an id once only',
    call: async (api) => {
      const body = {
        jobReference: { ...DONE, jobId: 'new' },
        configuration: { query: { query: 'SELECT 1' } },
      };
      await api.insert('my-project', body, signal);
      return api.insert('my-project', body, signal);
    },
    error: { name: 'DuplicateError', status: 409 },
  },
];

describe.each(['handler', 'http'] as const)('a simulated BigQuery, over %s', (over) => {
  it.each(TABLE)('$name', async ({ call, fault, body, error, state }) => {
    await inWorld(over, async ({ api, simulator, clock }) => {
      if (fault !== undefined) simulator.setFaults(() => fault);
      const answer = await call(api).catch((thrown: JobsApiError) => thrown);
      if (error === undefined) expect(answer).toMatchObject({ dateMs: NOW_MS, ...(body ? { body } : {}) });
      else expect(answer).toMatchObject(error);
      await clock.advanceBy(2_000);
      if (state !== undefined) expect(simulator.truth(RUNNING)?.state).toBe(state);
    });
  });
});

describe('the client on a simulated BigQuery', () => {
  function clientOn({ clock, api }: World) {
    return createJobsClient({ api, clock, random: () => 0.5, budget: new CallBudget(clock), pageSize: 2 });
  }

  it('tells of a cancel that failed what is known of it, and a lost answer loses no more', async () => {
    await inWorld('handler', async (world) => {
      const faults: Fault[] = [
        { kind: 'silent' },
        { kind: 'rateLimitExceeded' },
        { kind: 'lost', answer: 'unavailable' },
        { kind: 'reset' },
      ];
      world.simulator.setFaults(() => faults.shift());
      const known: string[] = [];
      for (let request = 0; request < 4; request++) {
        const asked = clientOn(world).cancel(RUNNING, { deadlineAtMs: NOW_MS + 120_000 });
        await world.clock.run(asked.catch((error: JobsApiError) => known.push(error.fault)));
      }
      expect(known).toEqual(['unknown', 'transient', 'unknown', 'unknown']);
      await world.clock.advanceBy(2_000);
      expect(world.simulator.truth(RUNNING)?.state).toBe('DONE');
    });
  });

  it('pages through more jobs than fit a page, each once, newest first', async () => {
    await inWorld('handler', async (world) => {
      for (let index = 0; index < 5; index++) {
        world.simulator.start({
          projectId: 'paged',
          jobId: `job_${index}`,
          createdAtMs: NOW_MS - 100 + index,
        });
      }
      const seen: string[] = [];
      const query = { projectId: 'paged', states: [] };
      for await (const page of clientOn(world).list(query, { deadlineAtMs: NOW_MS + 60_000 })) {
        seen.push(...page.jobs.map((job) => job.name.jobId));
      }
      expect(seen).toEqual(['job_4', 'job_3', 'job_2', 'job_1', 'job_0']);
    });
  });

  it('reports the locations that a list did not reach', async () => {
    await inWorld('handler', async (world) => {
      world.simulator.setLists({ unreachable: ['europe-west2'] });
      const pages = clientOn(world).list(
        { projectId: 'my-project', states: [] },
        { deadlineAtMs: NOW_MS + 60_000 },
      );
      const first = await pages[Symbol.asyncIterator]().next();
      expect(first.value).toMatchObject({ unreachable: ['europe-west2'], jobs: [{ name: DONE }] });
    });
  });
});
