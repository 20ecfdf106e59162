import { afterAll, expect, test } from 'vitest';
import { ServedFunction } from './served-function.ts';

const MARKER = 'SECRET_MARKER_51c0';
const DAY_MS = 86_400_000;
const POLICIES = `
version: 1
mode: enforce
policies:
  - name: customers
    sensitive: { patterns: { customerId: 'CUST-[0-9]{8}' } }
    purge: { history: { acts: 10 } }
`;

const HOLDS = `
version: 1
holds:
  - { id: case-1, reason: Litigation, until: indefinite, match: { jobs: ["my-project:US.held"] } }
`;

const purge = await ServedFunction.open('purge', { policies: POLICIES, holds: HOLDS });
afterAll(() => purge.close());

/** A Job resource as `jobs.get` gives it, so many days old: a line of a jobs file. */
function load(jobId: string, days: number, text: string): void {
  const atMs = purge.clock.now() - days * DAY_MS;
  purge.simulator.load({
    jobReference: { projectId: 'my-project', location: 'US', jobId },
    user_email: 'ada@example.com',
    configuration: {
      jobType: 'QUERY',
      query: { query: `SELECT '${MARKER} ${text}'`, priority: 'INTERACTIVE' },
    },
    status: { state: 'DONE' },
    statistics: {
      creationTime: String(atMs),
      startTime: String(atMs),
      endTime: String(atMs + 1_000),
      query: { statementType: 'SELECT' },
    },
  });
}

test('jobs of months ago are purged by a message of history, but those on hold', async () => {
  for (const days of [150, 90, 2]) load(`old_${days}`, days, 'CUST-12345678');
  load('held', 60, 'CUST-12345678');
  load('plain', 60, 'nothing');
  const now = purge.clock.now();
  const history = {
    from: new Date(now - 180 * DAY_MS).toISOString(),
    to: new Date(now).toISOString(),
  };
  expect(await purge.push({ sweep: { projectId: 'my-project', history } })).toBe(204);
  const left = ['old_150', 'old_90', 'old_2', 'held', 'plain'].filter((jobId) => purge.isThere(jobId));
  expect(left).toEqual(['held', 'plain']);
  const line = purge
    .output()
    .split('\n')
    .find((one) => one.includes('"history gone through"'));
  expect(JSON.parse(line ?? '{}')).toMatchObject({ looked: 5, found: 4, purged: 3, stoppedBy: 'its end' });
  expect(purge.output()).toContain('bigquery-watchdog.history.progress.v1');
  expect(purge.output()).not.toContain(MARKER);
});
