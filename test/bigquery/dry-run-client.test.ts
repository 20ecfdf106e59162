import { describe, expect, it } from 'vitest';
import { createJobsClient } from '../../shared/bigquery/backing-off-client.ts';
import { CallBudget } from '../../shared/bigquery/budget.ts';
import { refuseApiWrites } from '../../shared/bigquery/dry-run-client.ts';
import { WriteRefusedError } from '../../shared/bigquery/errors.ts';
import type { JobsApi, JobsMethod, ListPageRequest } from '../../shared/bigquery/jobs-api.ts';
import type { JobsClient, JobsReader } from '../../shared/bigquery/jobs-client.ts';
import { isWrite } from '../../shared/bigquery/methods.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { notingApi } from './played-api.ts';

const NAME = { projectId: 'p', location: 'US', jobId: 'j' };
const PAGE: ListPageRequest = { projectId: 'p', allUsers: true, states: [], projection: 'full' };
const OPTIONS = { deadlineAtMs: 1_000_000 };

// Both lists fail to compile when a method is added to their interface and not to them.
const API_CALLS: Readonly<Record<JobsMethod, (api: JobsApi, signal: AbortSignal) => Promise<unknown>>> = {
  get: (api, signal) => api.get(NAME, signal),
  list: (api, signal) => api.list(PAGE, signal),
  insert: (api, signal) => api.insert('p', {}, signal),
  cancel: (api, signal) => api.cancel(NAME, signal),
  delete: (api, signal) => api.delete(NAME, signal),
};
const CLIENT_WRITES: Readonly<
  Record<Exclude<keyof JobsClient, keyof JobsReader>, (client: JobsClient) => Promise<unknown>>
> = {
  cancel: (client) => client.cancel(NAME, OPTIONS),
  delete: (client) => client.delete(NAME, OPTIONS),
  insert: (client) => client.insert('p', { jobReference: NAME }, { ...OPTIONS, as: undefined }),
};

function clientOn(api: JobsApi) {
  const clock = new VirtualClock(0);
  return { clock, client: createJobsClient({ api, clock, random: () => 0, budget: new CallBudget(clock) }) };
}

describe('a dry run', () => {
  it('knows every method there is', () => {
    const api = refuseApiWrites(notingApi([]));
    expect(Object.keys(api).sort()).toEqual([...Object.keys(API_CALLS), 'asAccount'].sort());
    const { client } = clientOn(api);
    const known = [...Object.keys(CLIENT_WRITES), 'get', 'getWhole', 'list'].sort();
    expect(Object.keys(client).sort()).toEqual(known);
  });

  it('lets every read pass to the seam and no write', async () => {
    const noted: JobsMethod[] = [];
    const api = refuseApiWrites(notingApi(noted));
    const { signal } = new AbortController();
    for (const [method, call] of Object.entries(API_CALLS)) {
      const called = call(api, signal);
      if (method !== 'get' && method !== 'list')
        await expect(called).rejects.toBeInstanceOf(WriteRefusedError);
      else await called;
    }
    expect(noted).toEqual(['get', 'list']);
    expect(noted.filter(isWrite)).toEqual([]);
  });

  it('refuses writes as other accounts too, and asks for no token to make them', async () => {
    const noted: JobsMethod[] = [];
    const { clock, client } = clientOn(refuseApiWrites(notingApi(noted)));
    const account = 'etl@p.iam.gserviceaccount.com';
    const inserted = clock.run(client.insert('p', { jobReference: NAME }, { ...OPTIONS, as: account }));
    await expect(inserted).rejects.toBeInstanceOf(WriteRefusedError);
    expect(noted).toEqual([]);
  });

  it('refuses below a client whatever the client does, and does not try again', async () => {
    const noted: JobsMethod[] = [];
    const { clock, client } = clientOn(refuseApiWrites(notingApi(noted)));
    for (const [method, write] of Object.entries(CLIENT_WRITES)) {
      await expect(clock.run(write(client))).rejects.toMatchObject({
        name: 'WriteRefusedError',
        method,
        message: expect.stringMatching(/: not sent, for this is a dry run; switch the dry run off to act$/),
        fault: 'terminal',
      });
    }
    expect(noted).toEqual([]);
    expect(clock.now()).toBe(0);
  });
});
