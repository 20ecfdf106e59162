import { describe, expect, test } from 'vitest';
import { at, idsOf, type Playground, playground, START_MS } from './playground.ts';

const JOBS = '/bigquery/v2/projects/shop/jobs';
const DAY_MS = 86_400_000;

/** A job of a file that was created so many days ago, and is done or runs. */
function load({ simulator }: Playground, daysAgo: number, state = 'DONE'): void {
  const createdMs = START_MS - daysAgo * DAY_MS;
  const times = { creationTime: String(createdMs), startTime: String(createdMs + 1_000) };
  simulator.load({
    jobReference: { projectId: 'shop', jobId: `${state.toLowerCase()}-${daysAgo}`, location: 'US' },
    configuration: { query: { query: 'SELECT 1' } },
    statistics: state === 'DONE' ? { ...times, endTime: String(createdMs + 2_000) } : times,
    status: { state },
  });
}

/** All ids of a list, page by page. */
async function walked({ call }: Playground, query = ''): Promise<unknown[]> {
  const ids: unknown[] = [];
  let pageToken = '';
  do {
    const response = await call('GET', `${JOBS}?allUsers=true&maxResults=7${query}&pageToken=${pageToken}`);
    ids.push(...idsOf(response));
    pageToken = String(at(response.body, 'nextPageToken') ?? '');
  } while (pageToken !== '');
  return ids;
}

const idsOfDays = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `done-${from + index}`);

describe('a history of half a year', () => {
  test('is walked page by page, and window by window without a gap or a double', async () => {
    const scene = playground();
    for (let daysAgo = 200; daysAgo >= 1; daysAgo--) load(scene, daysAgo);
    expect(await walked(scene)).toEqual(idsOfDays(1, 200));
    const windows: unknown[] = [];
    for (let from = 0; from < 200; from += 30) {
      const max = START_MS - from * DAY_MS - 1;
      windows.push(
        ...(await walked(scene, `&maxCreationTime=${max}&minCreationTime=${max - 30 * DAY_MS + 1}`)),
      );
    }
    expect(windows).toEqual(idsOfDays(1, 200));
  });

  test('is walked whole though what was shown is deleted on the way', async () => {
    const scene = playground();
    for (let daysAgo = 30; daysAgo >= 1; daysAgo--) load(scene, daysAgo);
    const seen: unknown[] = [];
    let pageToken = '';
    do {
      const response = await scene.call('GET', `${JOBS}?allUsers=true&maxResults=7&pageToken=${pageToken}`);
      for (const id of idsOf(response)) {
        seen.push(id);
        expect((await scene.call('DELETE', `${JOBS}/${id}/delete?location=US`)).status).toBe(204);
      }
      pageToken = String(at(response.body, 'nextPageToken') ?? '');
    } while (pageToken !== '');
    expect(seen).toEqual(idsOfDays(1, 30));
    expect(await walked(scene)).toEqual([]);
    expect(scene.simulator.deleted.map(({ truth }) => truth.jobId)).toEqual(idsOfDays(1, 30));
  });
});

describe('historyDays', () => {
  async function scene(): Promise<Playground> {
    const played = playground();
    for (const daysAgo of [1, 180, 181]) load(played, daysAgo);
    load(played, 400, 'RUNNING');
    await played.call('PUT', '/simulator/faults', { historyDays: 180 });
    return played;
  }

  test('ends the history of what has ended, for lists, get and delete', async () => {
    const played = await scene();
    expect(await walked(played)).toEqual(['done-1', 'done-180', 'running-400']);
    const statuses: number[] = [];
    for (const id of ['done-180', 'done-181', 'running-400']) {
      statuses.push((await played.call('GET', `${JOBS}/${id}`)).status);
    }
    expect(statuses).toEqual([200, 404, 200]);
    expect((await played.call('DELETE', `${JOBS}/done-181/delete?location=US`)).status).toBe(404);
  });

  test('goes by the clock, to the millisecond', async () => {
    const played = await scene();
    await played.clock.advanceBy(1);
    expect(await walked(played)).toEqual(['done-1', 'running-400']);
  });

  test('is without a bound unless it is set', async () => {
    const played = await scene();
    await played.call('PUT', '/simulator/faults', {});
    expect(await walked(played)).toEqual(['done-1', 'done-180', 'done-181', 'running-400']);
  });
});
