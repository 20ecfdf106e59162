import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BigQuery } from '@google-cloud/bigquery';
import { OAuth2Client } from 'google-auth-library';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { JobAlert } from '../../shared/alert/alert.schema.ts';
import { spawnFunction } from '../google/spawned-function.ts';
import { describeWherePossible } from '../google/where-possible.ts';
import { at } from '../simulator/playground.ts';
import { findSdk, RealBq } from '../simulator/real-bq.ts';
import { type Served, served } from '../simulator/served.ts';
import { attempt, BACKEND_ERROR, ETL } from '../watch/retrying-watchdog.ts';
import { pushBody } from '../watchdog.ts';

const POLICIES = `
version: 1
mode: enforce
policies:
  - { name: transient, match: { principals: ["etl@*"] }, retry: { attempts: 3, backoff: { initial: 1s, max: 2s } } }
`;

/** The function `retry` as `npm run function` has it, its ledger a file, its BigQuery a simulator on a port. */
let bigquery: Served;
let child: ChildProcess;
let folder: string;
let url: string;
let output: () => string;
/** Audit entries, as a sink would send them. */
const entries: { readonly jobId: string; readonly entry: unknown }[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchdog-'));
  writeFileSync(join(folder, 'policies.yaml'), POLICIES);
  bigquery = await served();
  bigquery.simulator.onEntry((entry) => {
    const path = at(entry, 'protoPayload', 'resourceName');
    entries.push({ jobId: String(path).split('/').at(-1) ?? '', entry });
  });
  const spawned = await spawnFunction({
    FUNCTION_TARGET: 'retry',
    WATCHDOG_POLICIES: join(folder, 'policies.yaml'),
    WATCHDOG_LEDGER: `sqlite:${join(folder, 'ledger.sqlite')}`,
    WATCHDOG_PROJECTS: 'my-project',
    WATCHDOG_TICK_SECONDS: '5',
    WATCHDOG_BIGQUERY_ENDPOINT: bigquery.server.address,
    WATCHDOG_IAM_ENDPOINT: bigquery.server.address,
  });
  ({ child, url, output } = spawned);
  expect(await spawned.ready).toBe('serving');
});

afterAll(async () => {
  child.kill('SIGKILL');
  await bigquery.server.close();
  rmSync(folder, { recursive: true, force: true });
});

const push = async (content: unknown): Promise<number> => {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(pushBody(content)) });
  return response.status;
};
const sweep = () => push({ sweep: { projectId: 'my-project' } });

/** A job that fails in half a second. */
function fails(jobId: string): void {
  bigquery.simulator.start({
    projectId: 'my-project',
    jobId,
    principal: ETL,
    query: `SELECT 'HUSH_8d21 ${jobId}'`,
    createdAtMs: bigquery.clock.now() + 200,
    runMs: 300,
    error: BACKEND_ERROR,
    labels: { team: 'data' },
  });
}

/** The last entry of that job, once it is DONE. */
async function endOf(jobId: string): Promise<unknown> {
  const name = { projectId: 'my-project', location: 'US', jobId };
  const isOver = () => bigquery.simulator.truth(name)?.state === 'DONE';
  const isTold = () => entries.some((told) => told.jobId === jobId && isEnd(told.entry));
  await expect.poll(() => isOver() && isTold(), { timeout: 20_000 }).toBe(true);
  return entries.findLast((told) => told.jobId === jobId)?.entry;
}

const isEnd = (entry: unknown) => at(entry, 'protoPayload', 'metadata', 'jobChange', 'after') === 'DONE';

/** The steps told of a job, in order. */
function stepsOf(jobId: string): string[] {
  const lines = output()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  const alerts = lines.map((line) => JSON.parse(line)).flatMap(({ alert }) => (alert ? [alert] : []));
  return alerts
    .map((alert) => JobAlert.parse(alert))
    .flatMap(({ data }) => (data.job.jobId === jobId ? [data.step] : []));
}

const insertedFor = (jobId: string) =>
  bigquery.simulator.writes
    .filter(({ job, method }) => method === 'insert' && job.jobId.startsWith(`${jobId}_wdr`))
    .map(({ job, by, effective }) => ({ jobId: job.jobId, by, effective }));
const ONCE = (jobId: string) => [{ jobId: attempt(jobId, 1), by: ETL, effective: true }];

test('an event of a failure has the job run again as its account, and the event of its end tells that it recovered', async () => {
  fails('by_event');
  expect(await push(await endOf('by_event'))).toBe(204);
  expect(insertedFor('by_event')).toEqual(ONCE('by_event'));
  expect(await push(await endOf(attempt('by_event', 1)))).toBe(204);
  await expect
    .poll(() => stepsOf('by_event'), { timeout: 10_000 })
    .toEqual(['retry-scheduled', 'retried', 'recovered']);
});

test('a failure whose event is lost is found by a sweep; two sweeps at once, and its event after all, start nothing twice', async () => {
  fails('by_sweep');
  const entry = await endOf('by_sweep');
  expect(await Promise.all([sweep(), sweep()])).toEqual([204, 204]);
  expect(await Promise.all([push(entry), push(entry), sweep()])).toEqual([204, 204, 204]);
  expect(insertedFor('by_sweep')).toEqual(ONCE('by_sweep'));
  await expect
    .poll(() => stepsOf('by_sweep').slice(0, 2), { timeout: 10_000 })
    .toEqual(['retry-scheduled', 'retried']);
});

test('of many failures, told by events and sweeps at once, each is run again once', async () => {
  const ids = Array.from({ length: 15 }, (_, index) => `many_${index}`);
  for (const jobId of ids) fails(jobId);
  const ends = await Promise.all(ids.map(endOf));
  const answers = await Promise.all([...ends.map(push), sweep(), ...ends.map(push)]);
  expect(new Set(answers)).toEqual(new Set([204]));
  await expect
    .poll(
      async () => {
        await sweep();
        return ids.flatMap(insertedFor);
      },
      { timeout: 60_000 },
    )
    .toEqual(ids.flatMap(ONCE));
});

test('nothing that was told or logged holds text of a job', () => {
  expect(output()).toContain('"step":"retried"');
  expect(output()).not.toContain('HUSH_8d21');
});

describe('a job that was run again shows as one, with its origin', () => {
  const LABELS = { team: 'data', 'bq-watchdog-origin': 'by_event', 'bq-watchdog-attempt': '1' };

  test('to @google-cloud/bigquery', async () => {
    const authClient = new OAuth2Client();
    authClient.setCredentials({ access_token: 'x' });
    const client = new BigQuery({
      projectId: 'my-project',
      apiEndpoint: bigquery.server.address,
      authClient,
    });
    const [metadata] = await client.job(attempt('by_event', 1), { location: 'US' }).getMetadata();
    expect(metadata).toMatchObject({
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
        const bq = new RealBq(found.sdk, bigquery.server.address);
        const name = `my-project:US.${attempt('by_event', 1)}`;
        const { code, stdout } = await bq.run('show', '-j', '--format=prettyjson', name);
        bq.dispose();
        expect(code).toBe(0);
        expect(JSON.parse(stdout)).toMatchObject({ user_email: ETL, configuration: { labels: LABELS } });
      });
    },
  );
});
