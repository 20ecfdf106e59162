import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { createJobsClient } from '../../shared/bigquery/backing-off-client.ts';
import { CallBudget } from '../../shared/bigquery/budget.ts';
import { jsonAt } from '../../shared/retry/json.ts';
import type { SimulatorResponse } from '../../simulator/request.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { simulatedJobsApi } from '../simulated-jobs-api.ts';
import { DATE, DATE_MS, SECRET } from './google-error.ts';
import { playedApi } from './played-api.ts';

const NAME = { projectId: 'my-project', location: 'US', jobId: 'job_1' };
const OPTIONS = { deadlineAtMs: 100_000 };

const answer = (rawBody: string): SimulatorResponse => ({
  status: 200,
  headers: { date: DATE, 'content-type': 'application/json' },
  rawBody,
});
const text = (more: string): string =>
  `{"jobReference":${JSON.stringify(NAME)},"configuration":{"query":{"query":"${SECRET}"},"new":${more}},"status":{"state":"DONE"}}`;

function clientOn(...bodies: string[]) {
  const clock = new VirtualClock(0);
  const { api, requests } = playedApi(bodies.map(answer), () => clock.now());
  const client = createJobsClient({ api, clock, random: () => 0, budget: new CallBudget(clock) });
  return { get: () => clock.run(client.getWhole(NAME, OPTIONS)), requests };
}

it('shows a job with all of its resource, every digit of it', async () => {
  const more = '{"big":9007199254740993,"long":1.00000000000000000001,"text":"9007199254740993","far":1e400}';
  const look = await clientOn(text(more)).get();
  expect(look).toMatchObject({ job: { name: NAME, state: 'DONE' }, dateMs: DATE_MS });
  expect(JSON.stringify(look.resource.take())).toBe(text(more));
});

it('shows nothing of the query when it is printed', async () => {
  const look = await clientOn(text('1')).get();
  const printed = [
    `${look.resource}`,
    JSON.stringify(look),
    inspect(look, { depth: null, showHidden: true }),
  ];
  for (const shown of printed) {
    expect(shown).toContain('[redacted]');
    expect(shown).not.toContain('hunter2');
  }
});

it.each([
  ['is another job', text('1').replace('job_1', 'job_2')],
  ['is no job', '{}'],
  ['is cut off', text('1').slice(0, -10)],
  ['does not tell how a job went that ended', text('1').replace('"DONE"', '"DONE","errorResult":"boom"')],
])('asks again when the answer %s', async (_, body) => {
  const { get, requests } = clientOn(body, text('1'));
  expect((await get()).job.name).toEqual(NAME);
  expect(requests).toHaveLength(2);
});

it('holds what an ordinary look leaves away', async () => {
  const clock = new VirtualClock(0);
  const simulator = new Simulator({ clock, random: () => 0.5 });
  simulator.start({ ...NAME, query: 'SELECT 1', runMs: Infinity });
  const api = simulatedJobsApi((request) => simulator.handle(request));
  const client = createJobsClient({ api, clock, random: () => 0, budget: new CallBudget(clock) });
  const { resource } = await clock.run(client.getWhole(NAME, OPTIONS));
  expect(jsonAt(resource.take(), 'configuration', 'query', 'query')).toBe('SELECT 1');
  expect(jsonAt(resource.take(), 'kind')).toBe('bigquery#job');
});
