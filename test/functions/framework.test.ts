import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { JobAlert } from '../../shared/alert/alert.schema.ts';
import { type SpawnedFunction, spawnFunction } from '../google/spawned-function.ts';
import { MINUTE_MS } from '../running-job.ts';
import { type Served, served } from '../simulator/served.ts';
import { pushBody } from '../watchdog.ts';
import { startEntry } from './entries.ts';

const GOOD =
  'version: 1\nmode: enforce\npolicies:\n  - { name: short, limit: { runtime: 10m }, action: cancel }\n';
const BROKEN = GOOD.replace('runtime', 'runtme');
const MARKER = 'SECRET_MARKER_51c0';

let folder: string;
let bigquery: Served;
let started: ChildProcess[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchdog-'));
  bigquery = await served();
  started = [];
});
afterEach(async () => {
  for (const child of started) child.kill('SIGKILL');
  await bigquery.server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** `npm run function`, with these settings besides the usual ones. */
async function startFunction(settings: Readonly<Record<string, string>> = {}): Promise<SpawnedFunction> {
  const spawned = await spawnFunction({
    WATCHDOG_POLICIES: join(folder, 'policies.yaml'),
    WATCHDOG_LEDGER: `sqlite:${join(folder, 'ledger.sqlite')}`,
    WATCHDOG_PROJECTS: 'my-project',
    WATCHDOG_TICK_SECONDS: '5',
    WATCHDOG_BIGQUERY_ENDPOINT: bigquery.server.address,
    ...settings,
  });
  started.push(spawned.child);
  return spawned;
}

const post = (url: string, body: string): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
const push = (url: string, content: unknown) => post(url, JSON.stringify(pushBody(content)));

function running(jobId: string, minutes: number): number {
  const createdAtMs = Date.now() - minutes * MINUTE_MS;
  const { simulator } = bigquery;
  const job = { projectId: 'my-project', jobId, principal: 'ada@example.com', query: `SELECT '${MARKER}'` };
  simulator.start({ ...job, createdAtMs, runMs: Number.POSITIVE_INFINITY });
  return createdAtMs;
}

const stateOf = (jobId: string) => bigquery.simulator.truth({ projectId: 'my-project', jobId })?.state;
const writePolicies = (text: string) => writeFileSync(join(folder, 'policies.yaml'), text);

describe('the function under the framework, fed over HTTP', () => {
  test('a sweep cancels what is above its limit, and each alert is one log line', async () => {
    writePolicies(GOOD);
    running('guilty', 30);
    running('innocent', 1);
    const { url, ready, output } = await startFunction();
    expect(await ready).toBe('serving');
    expect((await push(url, { sweep: { projectId: 'my-project' } })).status).toBe(204);
    expect([stateOf('guilty'), stateOf('innocent')]).toEqual(['DONE', 'RUNNING']);
    const lines = output()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    const alerts = lines
      .map((line) => JSON.parse(line))
      .flatMap(({ alert }) => (alert ? [JobAlert.parse(alert)] : []));
    expect(alerts.map(({ type }) => type)).toEqual([
      'bigquery-watchdog.job.cancelling.v1',
      'bigquery-watchdog.job.cancelled.v1',
    ]);
    expect(output()).not.toContain(MARKER);
  });

  test('an event does, too; what is no event is refused, and the instance goes on', async () => {
    writePolicies(GOOD);
    const createdAtMs = running('guilty', 30);
    const { url, ready, output } = await startFunction();
    expect(await ready).toBe('serving');
    expect((await post(url, JSON.stringify({ message: { data: '%' } }))).status).toBe(204);
    expect((await post(url, 'this is not JSON')).status).toBe(400);
    expect((await post(url.replace('/projects', '/elsewhere'), '{}')).status).toBe(404);
    expect((await fetch(url)).status).toBe(404);
    expect((await push(url, startEntry({ createdAtMs, query: MARKER }))).status).toBe(204);
    expect(stateOf('guilty')).toBe('DONE');
    expect(output()).not.toContain(MARKER);
  });
});

describe('a function that cannot serve ends before its port opens', () => {
  test('and names every fault of its settings', async () => {
    const { ready, output } = await startFunction({
      WATCHDOG_POLICIES: '',
      WATCHDOG_LEDGER: 'x',
      WATCHDOG_TICK_SECONDS: '0',
    });
    expect(await ready).toBe(1);
    for (const name of ['WATCHDOG_POLICIES', 'WATCHDOG_LEDGER', 'WATCHDOG_TICK_SECONDS']) {
      expect(output()).toContain(`  ${name} `);
    }
    expect(output()).not.toContain('Serving');
  });
  test('and says where the policy file is broken', async () => {
    writePolicies(BROKEN);
    const { ready, output } = await startFunction();
    expect(await ready).toBe(1);
    expect(output()).toContain('policies.yaml:4:29: unknown key "runtme"');
    expect(output()).toContain('did you mean runtime?');
    expect(output()).not.toContain('policy.refused');
  });
  test('and says which functions there are', async () => {
    writePolicies(GOOD);
    const { ready, output } = await startFunction({ FUNCTION_TARGET: 'cancle' });
    expect(await ready).toBe(1);
    expect(output()).toContain('FUNCTION_TARGET is "cancle": expected one of cancel');
  });
});

test('a new instance that meets a broken policy file serves the last good one, and alerts', async () => {
  writePolicies(GOOD);
  expect(await (await startFunction()).ready).toBe('serving');
  writePolicies(BROKEN);
  running('guilty', 30);
  const { url, ready, output } = await startFunction();
  expect(await ready).toBe('serving');
  expect(output()).toContain('bigquery-watchdog.policy.refused.v1');
  expect((await push(url, { sweep: { projectId: 'my-project' } })).status).toBe(204);
  expect(stateOf('guilty')).toBe('DONE');
});
