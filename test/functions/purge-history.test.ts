import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { spawnFunction } from '../google/spawned-function.ts';
import { type Served, served } from '../simulator/served.ts';
import { pushBody } from '../watchdog.ts';

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

/** The function `purge` as `npm run function` has it, its ledger a file, its BigQuery a simulator on a port. */
let bigquery: Served;
let child: ChildProcess;
let folder: string;
let url: string;
let output: () => string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchdog-'));
  writeFileSync(join(folder, 'policies.yaml'), POLICIES);
  writeFileSync(
    join(folder, 'holds.yaml'),
    'version: 1\nholds:\n  - { id: case-1, reason: Litigation, until: indefinite, match: { jobs: ["my-project:US.held"] } }\n',
  );
  bigquery = await served();
  const spawned = await spawnFunction({
    FUNCTION_TARGET: 'purge',
    WATCHDOG_POLICIES: join(folder, 'policies.yaml'),
    WATCHDOG_HOLDS: join(folder, 'holds.yaml'),
    WATCHDOG_LEDGER: `sqlite:${join(folder, 'ledger.sqlite')}`,
    WATCHDOG_PROJECTS: 'my-project',
    WATCHDOG_TICK_SECONDS: '5',
    WATCHDOG_BIGQUERY_ENDPOINT: bigquery.server.address,
  });
  ({ child, url, output } = spawned);
  expect(await spawned.ready).toBe('serving');
});

afterAll(async () => {
  child.kill('SIGKILL');
  await bigquery.server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A Job resource as `jobs.get` gives it, so many days old: a line of a jobs file. */
function load(jobId: string, days: number, text: string): void {
  const atMs = bigquery.clock.now() - days * DAY_MS;
  bigquery.simulator.load({
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

const isThere = (jobId: string): boolean =>
  bigquery.simulator.truth({ projectId: 'my-project', location: 'US', jobId }) !== undefined;

test('jobs of months ago are purged by a message of history, but those on hold', async () => {
  for (const days of [150, 90, 2]) load(`old_${days}`, days, 'CUST-12345678');
  load('held', 60, 'CUST-12345678');
  load('plain', 60, 'nothing');
  const now = bigquery.clock.now();
  const history = {
    from: new Date(now - 180 * DAY_MS).toISOString(),
    to: new Date(now).toISOString(),
  };
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(pushBody({ sweep: { projectId: 'my-project', history } })),
  });
  expect(response.status).toBe(204);
  const left = ['old_150', 'old_90', 'old_2', 'held', 'plain'].filter(isThere);
  expect(left).toEqual(['held', 'plain']);
  const line = output()
    .split('\n')
    .find((one) => one.includes('"history gone through"'));
  expect(JSON.parse(line ?? '{}')).toMatchObject({ looked: 5, found: 4, purged: 3, stoppedBy: 'its end' });
  expect(output()).toContain('bigquery-watchdog.history.progress.v1');
  expect(output()).not.toContain(MARKER);
});
