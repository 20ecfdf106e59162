import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SpawnedFunction, spawnFunction } from '../google/spawned-function.ts';
import { attempt, ETL } from '../watch/retrying-watchdog.ts';
import { pushBody } from '../watchdog.ts';
import { type Echo, type EchoingBigquery, echoingBigquery } from './echoing-bigquery.ts';
import { EVERY_MARK, MARKS, markedQuery, marksIn, newerEntry } from './marked-text.ts';

// What is run again is sent to BigQuery whole, and stands in nothing else: see marker.test.ts.

const POLICIES = `
version: 1
mode: enforce
policies:
  - { name: again, match: { principals: ["etl@*", "other@*"] }, retry: { backoff: { initial: 1s, max: 1s } } }
`;
const OTHER = 'other@my-project.iam.gserviceaccount.com';

const folder = mkdtempSync(join(tmpdir(), 'watchdog-marker-'));
const ledgerFolder = mkdtempSync(join(tmpdir(), 'watchdog-marker-ledger-'));
let bigquery: EchoingBigquery;
let instance: SpawnedFunction;

beforeAll(async () => {
  writeFileSync(join(folder, 'policies.yaml'), POLICIES);
  bigquery = await echoingBigquery(EVERY_MARK);
  instance = await spawnFunction({
    FUNCTION_TARGET: 'retry',
    WATCHDOG_POLICIES: join(folder, 'policies.yaml'),
    WATCHDOG_LEDGER: `sqlite:${join(ledgerFolder, 'ledger.sqlite')}`,
    WATCHDOG_PROJECTS: 'my-project',
    WATCHDOG_TICK_SECONDS: '5',
    WATCHDOG_BIGQUERY_ENDPOINT: bigquery.server.address,
    WATCHDOG_IAM_ENDPOINT: bigquery.server.address,
  });
  expect(await instance.ready, instance.output()).toBe('serving');
});
afterAll(async () => {
  instance?.child.kill('SIGKILL');
  await bigquery?.server.close();
  for (const used of [folder, ledgerFolder]) rmSync(used, { recursive: true, force: true });
});

/** The event of a marked job that failed just now; what is marked differs, so that no two jobs do the same. */
async function failed(jobId: string, principal = ETL): Promise<void> {
  bigquery.simulator.start({
    ...markedQuery(jobId),
    query: `SELECT '${MARKS.query} ${jobId}'`,
    principal,
    createdAtMs: Date.now() - 2_000,
    runMs: 1_000,
    error: { reason: 'backendError', message: MARKS.message },
  });
  const { protoPayload, ...entry } = newerEntry(jobId);
  const authenticationInfo = { principalEmail: principal };
  const payload = { ...Object(protoPayload), authenticationInfo };
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(pushBody({ ...entry, protoPayload: payload }));
  const response = await fetch(instance.url, { method: 'POST', headers, body });
  expect(marksIn(await response.text())).toEqual([]);
}

const failing = (path: RegExp, status: number, reason: string, times: number): Echo => ({
  method: 'POST',
  path,
  status,
  reason,
  times,
});
const INSERT = /\/my-project\/jobs(\?|$)/;

test('a retry has the text of its job, and BigQuery alone is told it', async () => {
  await failed('plain');
  const [write] = bigquery.simulator.writes;
  expect(write).toMatchObject({ job: { jobId: attempt('plain', 1) }, by: ETL, effective: true });
  expect(marksIn(JSON.stringify(write))).toEqual([MARKS.query, MARKS.parameter]);
  expect(instance.output()).toContain('bigquery-watchdog.job.retried.v1');
  expect(marksIn(instance.output())).toEqual([]);
});

test.each([
  ['refuses an insert', failing(INSERT, 400, 'invalid', 99)],
  ['says that the id is taken', failing(INSERT, 409, 'duplicate', 99)],
  ['fails at an insert once', failing(INSERT, 500, 'backendError', 1)],
  ['forbids an insert', failing(INSERT, 403, 'accessDenied', 99)],
  ['refuses a token', failing(/generateAccessToken/, 403, 'forbidden', 99)],
])('nothing is repeated of what it says where BigQuery %s', async (name, echo) => {
  bigquery.fail(echo);
  const jobId = name.replaceAll(' ', '_');
  await failed(jobId, echo.path === INSERT ? ETL : OTHER);
  bigquery.fail();
  expect(instance.output()).toContain(`my-project:US.${jobId}`);
  expect(marksIn(instance.output())).toEqual([]);
});

test('the ledger has names and times of retries, and no text of a job', () => {
  const bytes = readdirSync(ledgerFolder)
    .map((name) => readFileSync(join(ledgerFolder, name), 'latin1'))
    .join('');
  for (const kept of ['my-project', attempt('plain', 1), 'retry-refused']) expect(bytes).toContain(kept);
  expect(marksIn(bytes)).toEqual([]);
});
