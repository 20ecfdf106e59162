import { expect, it } from 'vitest';
import { CallBudget } from '../../shared/bigquery/budget.ts';
import { refuseApiWrites } from '../../shared/bigquery/dry-run-client.ts';
import type { JobsApi } from '../../shared/bigquery/jobs-api.ts';
import { type DryRun, dryRun, hasDryRun } from '../../shared/bigquery/query-dry-run.ts';
import type { JsonObject } from '../../shared/retry/json.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { simulatedImpersonator, simulatedJobsApi } from '../simulated-jobs-api.ts';
import { jsonAnswer, SECRET } from './google-error.ts';
import { playedApi } from './played-api.ts';

const NOW_MS = Date.UTC(2026, 0, 6, 10, 0, 0);
const ETL = 'etl@shop.iam.gserviceaccount.com';
const QUERY: JsonObject = { query: { query: SECRET, useLegacySql: false }, labels: { team: 'shop' } };

function asked(
  clock: VirtualClock,
  api: JobsApi,
  configuration: JsonObject,
  account?: string,
): Promise<DryRun> {
  const parts = { api, clock, random: () => 0.5, budget: new CallBudget(clock) };
  const request = { projectId: 'shop', location: 'EU', configuration };
  return clock.run(dryRun(parts, request, { deadlineAtMs: NOW_MS + 60_000, as: account }));
}

function simulated() {
  const clock = new VirtualClock(NOW_MS);
  const simulator = new Simulator({ clock, random: () => 0.5 });
  const handle = simulator.handle.bind(simulator);
  const api = simulatedJobsApi(handle, { impersonator: simulatedImpersonator(handle, clock) });
  return { clock, simulator, api };
}

/** What an answer is read as. */
function read(statistics: object, configuration: object = { dryRun: true }) {
  const clock = new VirtualClock(NOW_MS);
  const played = playedApi([jsonAnswer(200, { configuration, statistics })], () => clock.now());
  return { told: asked(clock, played.api, QUERY), requests: played.requests };
}

it.each([
  { as: ETL, principal: ETL },
  { as: undefined, principal: 'simulator@example.com' },
])('tells as whom it would run: $principal', async ({ as, principal }) => {
  const { clock, simulator, api } = simulated();
  expect(await asked(clock, api, QUERY, as)).toEqual({ principal });
  expect(simulator.writes).toEqual([]);
  expect(simulator.allTruths()).toEqual([]);
});

it('asks for no id, at the place of the job, and says that it is one', async () => {
  const { told, requests } = read({});
  await told;
  expect(requests.map(({ body }) => body)).toEqual([
    {
      jobReference: { projectId: 'shop', location: 'EU' },
      configuration: { ...QUERY, dryRun: true },
    },
  ]);
});

it.each([
  { accuracy: undefined, bytes: { amount: 12, accuracy: 'PRECISE' } },
  { accuracy: 'PRECISE', bytes: { amount: 12, accuracy: 'PRECISE' } },
  { accuracy: 'LOWER_BOUND', bytes: { amount: 12, accuracy: 'LOWER_BOUND' } },
  { accuracy: 'UPPER_BOUND', bytes: { amount: 12, accuracy: 'UPPER_BOUND' } },
  { accuracy: 'UNKNOWN', bytes: undefined },
  { accuracy: 'of a later version', bytes: undefined },
])('tells what it would process, when that is $accuracy', async ({ accuracy, bytes }) => {
  const query = { totalBytesProcessed: '12', totalBytesProcessedAccuracy: accuracy };
  expect((await read({ totalBytesProcessed: '12', query }).told).bytes).toEqual(bytes);
});

it('is not asked for of what is no query, for which BigQuery does not say what it does', async () => {
  const { clock, simulator, api } = simulated();
  const load: JsonObject = { load: { sourceUris: ['gs://b/o'] } };
  expect(hasDryRun(load)).toBe(false);
  await expect(asked(clock, api, load)).rejects.toMatchObject({
    name: 'TerminalError',
    message: expect.stringContaining('of queries only; nothing was sent'),
  });
  expect(simulator.allTruths()).toEqual([]);
});

it('is asked for once where the answer is of no dry run', async () => {
  const { told, requests } = read({}, {});
  await expect(told).rejects.toMatchObject({ name: 'TerminalError' });
  expect(requests).toHaveLength(1);
});

it('is refused with all other writes', async () => {
  const { clock, api } = simulated();
  await expect(asked(clock, refuseApiWrites(api), QUERY)).rejects.toMatchObject({
    name: 'WriteRefusedError',
  });
});

it('never tells the query, whatever BigQuery answers', async () => {
  const clock = new VirtualClock(NOW_MS);
  const error = { code: 400, message: SECRET, errors: [{ reason: 'invalidQuery', message: SECRET }] };
  const { api } = playedApi([jsonAnswer(400, { error })], () => clock.now());
  const thrown: unknown = await asked(clock, api, QUERY).catch((reason: unknown) => reason);
  expect(thrown).toMatchObject({ name: 'TerminalError', reason: 'invalidQuery' });
  expect(`${thrown} ${JSON.stringify(thrown)}`).not.toContain(SECRET);
});
