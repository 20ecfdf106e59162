import { afterAll, describe, expect, test } from 'vitest';
import { describeWherePossible } from '../google/where-possible.ts';
import { findSdk, RealBq } from '../simulator/real-bq.ts';
import { attempt, BACKEND_ERROR, ETL } from '../watch/retrying-watchdog.ts';
import { ServedFunction } from './served-function.ts';

const POLICIES = `
version: 1
mode: enforce
policies:
  - { name: transient, match: { principals: ["etl@*"] }, retry: { attempts: 3, backoff: { initial: 1s, max: 2s } } }
`;

const retry = await ServedFunction.open('retry', { policies: POLICIES });
afterAll(() => retry.close());

/** A job that fails in half a second. */
function fails(jobId: string): void {
  retry.simulator.start({
    projectId: 'my-project',
    jobId,
    principal: ETL,
    query: `SELECT 'HUSH_8d21 ${jobId}'`,
    createdAtMs: retry.clock.now() + 200,
    runMs: 300,
    error: BACKEND_ERROR,
    labels: { team: 'data' },
  });
}

const insertedFor = (jobId: string) =>
  retry.simulator.writes
    .filter(({ job, method }) => method === 'insert' && job.jobId.startsWith(`${jobId}_wdr`))
    .map(({ job, by, effective }) => ({ jobId: job.jobId, by, effective }));
const ONCE = (jobId: string) => [{ jobId: attempt(jobId, 1), by: ETL, effective: true }];

test('an event of a failure has the job run again as its account, and the event of its end tells that it recovered', async () => {
  fails('by_event');
  expect(await retry.push(await retry.endOf('by_event'))).toBe(204);
  expect(insertedFor('by_event')).toEqual(ONCE('by_event'));
  expect(await retry.push(await retry.endOf(attempt('by_event', 1)))).toBe(204);
  await expect
    .poll(() => retry.stepsOf('by_event'), { timeout: 10_000 })
    .toEqual(['retry-scheduled', 'retried', 'recovered']);
});

test('a failure whose event is lost is found by a sweep; two sweeps at once, and its event after all, start nothing twice', async () => {
  fails('by_sweep');
  const entry = await retry.endOf('by_sweep');
  expect(await Promise.all([retry.sweep(), retry.sweep()])).toEqual([204, 204]);
  expect(await Promise.all([retry.push(entry), retry.push(entry), retry.sweep()])).toEqual([204, 204, 204]);
  expect(insertedFor('by_sweep')).toEqual(ONCE('by_sweep'));
  await expect
    .poll(() => retry.stepsOf('by_sweep').slice(0, 2), { timeout: 10_000 })
    .toEqual(['retry-scheduled', 'retried']);
});

test('of many failures, told by events and sweeps at once, each is run again once', async () => {
  const ids = Array.from({ length: 15 }, (_, index) => `many_${index}`);
  for (const jobId of ids) fails(jobId);
  const ends = await Promise.all(ids.map((jobId) => retry.endOf(jobId)));
  const answers = await Promise.all([
    ...ends.map((entry) => retry.push(entry)),
    retry.sweep(),
    ...ends.map((entry) => retry.push(entry)),
  ]);
  expect(new Set(answers)).toEqual(new Set([204]));
  await expect
    .poll(
      async () => {
        await retry.sweep();
        return ids.flatMap(insertedFor);
      },
      { timeout: 60_000 },
    )
    .toEqual(ids.flatMap(ONCE));
});

test('nothing that was told or logged holds text of a job', () => {
  expect(retry.output()).toContain('"step":"retried"');
  expect(retry.output()).not.toContain('HUSH_8d21');
});

describe('a job that was run again shows as one, with its origin', () => {
  const LABELS = { team: 'data', 'bq-watchdog-origin': 'by_event', 'bq-watchdog-attempt': '1' };

  test('to @google-cloud/bigquery', async () => {
    expect(await retry.metadataOf(attempt('by_event', 1))).toMatchObject({
      user_email: ETL,
      status: { state: 'DONE' },
      configuration: { labels: LABELS },
    });
  });

  const sdk = findSdk();
  describeWherePossible(
    'to the real bq',
    sdk === undefined ? 'there is no Google Cloud SDK here' : { sdk },
    (found) => {
      test('show -j --format=prettyjson', async () => {
        const bq = new RealBq(found.sdk, retry.address);
        const name = `my-project:US.${attempt('by_event', 1)}`;
        const { code, stdout } = await bq.run('show', '-j', '--format=prettyjson', name);
        bq.dispose();
        expect(code).toBe(0);
        expect(JSON.parse(stdout)).toMatchObject({ user_email: ETL, configuration: { labels: LABELS } });
      });
    },
  );
});
