import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SpawnedFunction, spawnFunction } from '../google/spawned-function.ts';
import { pushBody } from '../watchdog.ts';
import { type Echo, type EchoingBigquery, echoingBigquery } from './echoing-bigquery.ts';
import { EVERY_MARK, MARKS, markedQuery, marksIn, newerEntry } from './marked-text.ts';

// What makes a job sensitive stands in nothing that tells of its purge: see marker.test.ts.

const POLICIES = `
version: 1
mode: enforce
policies:
  - name: marked
    match: { principals: ["ada@example.com"] }
    sensitive: { patterns: { query: 'zq[1]_marked_query', parameter: 'zq[3]_marked_parameter', message: 'zq[2]_marked_message' } }
    purge: { after: 0s, afterFailure: 0s }
`;
const HOLDS = `
version: 1
holds:
  - { id: case-1, reason: ${MARKS.forged}, until: indefinite, match: { jobs: ["my-project:US.held"] } }
`;

const folder = mkdtempSync(join(tmpdir(), 'watchdog-marker-'));
const ledgerFolder = mkdtempSync(join(tmpdir(), 'watchdog-marker-ledger-'));
let bigquery: EchoingBigquery;
let instance: SpawnedFunction;

beforeAll(async () => {
  writeFileSync(join(folder, 'policies.yaml'), POLICIES);
  writeFileSync(join(folder, 'holds.yaml'), HOLDS);
  bigquery = await echoingBigquery(EVERY_MARK);
  instance = await spawnFunction({
    FUNCTION_TARGET: 'purge',
    WATCHDOG_POLICIES: join(folder, 'policies.yaml'),
    WATCHDOG_HOLDS: join(folder, 'holds.yaml'),
    WATCHDOG_LEDGER: `sqlite:${join(ledgerFolder, 'ledger.sqlite')}`,
    WATCHDOG_PROJECTS: 'my-project',
    WATCHDOG_TICK_SECONDS: '5',
    WATCHDOG_BIGQUERY_ENDPOINT: bigquery.server.address,
    WATCHDOG_REDACTION_KEY: 'a key that hashes what is found',
  });
  expect(await instance.ready, instance.output()).toBe('serving');
});
afterAll(async () => {
  instance?.child.kill('SIGKILL');
  await bigquery?.server.close();
  for (const used of [folder, ledgerFolder]) rmSync(used, { recursive: true, force: true });
});

/** The event of a marked script that failed just now, with a marked step. */
async function ended(jobId: string): Promise<void> {
  bigquery.simulator.start({
    ...markedQuery(jobId),
    statementType: 'SCRIPT',
    createdAtMs: Date.now() - 4_000,
    children: [{ query: `SELECT '${MARKS.query}'`, runMs: 1_000 }],
    error: { reason: 'invalidQuery', message: MARKS.message },
  });
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(pushBody(newerEntry(jobId)));
  const response = await fetch(instance.url, { method: 'POST', headers, body });
  expect(marksIn(await response.text())).toEqual([]);
}

const failing = (method: string, path: RegExp, status: number, reason: string, times: number): Echo => ({
  method,
  path,
  status,
  reason,
  times,
});
const DELETE = /\/delete(\?|$)/;
const isThere = (jobId: string) =>
  bigquery.simulator.truth({ projectId: 'my-project', location: 'US', jobId }) !== undefined;

test('a purge tells what was found and where, and no text of the job', async () => {
  await ended('plain');
  expect(isThere('plain')).toBe(false);
  expect(instance.output()).toContain('bigquery-watchdog.job.purged.v1');
  expect(instance.output()).toContain('configuration.query.query');
  expect(marksIn(instance.output())).toEqual([]);
});

test('a hold tells its id, and not why', async () => {
  await ended('held');
  expect(isThere('held')).toBe(true);
  expect(instance.output()).toContain('case-1');
  expect(marksIn(instance.output())).toEqual([]);
});

test.each([
  ['refuses a delete', failing('DELETE', DELETE, 400, 'invalid', 99)],
  ['says that it is still in use', failing('DELETE', DELETE, 400, 'resourceInUse', 99)],
  ['forbids a delete', failing('DELETE', DELETE, 403, 'accessDenied', 99)],
  ['does not know the job', failing('DELETE', DELETE, 404, 'notFound', 99)],
  ['fails at a delete once', failing('DELETE', DELETE, 500, 'backendError', 1)],
  ['fails at a look', failing('GET', /\/jobs\/fails_at_a_look/, 400, 'invalid', 99)],
])('nothing is repeated of what it says where BigQuery %s', async (name, echo) => {
  bigquery.fail(echo);
  await ended(name.replaceAll(' ', '_'));
  bigquery.fail();
  expect(marksIn(instance.output())).toEqual([]);
});

test('the ledger has names, fields and hashes, and no text of a job', () => {
  const bytes = readdirSync(ledgerFolder)
    .map((name) => readFileSync(join(ledgerFolder, name), 'latin1'))
    .join('');
  for (const kept of ['my-project', 'plain', 'queryParameters', 'hash']) expect(bytes).toContain(kept);
  expect(marksIn(bytes)).toEqual([]);
});
