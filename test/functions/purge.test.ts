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
import { pushBody } from '../watchdog.ts';

const POLICIES = `
version: 1
mode: enforce
policies:
  - name: secrets
    match: { principals: ["ann@example.com"] }
    sensitive: { detectors: [creditCard] }
    purge: { after: 0s }
`;
const HOLDS = `
version: 1
holds:
  - { id: case-1, reason: A dispute, until: indefinite, match: { jobs: ["my-project:US.held"] } }
`;
const CARD = '4111 1111 1111 1111';

/** The function `purge` as `npm run function` has it, its ledger a file, its BigQuery a simulator on a port. */
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
  writeFileSync(join(folder, 'holds.yaml'), HOLDS);
  bigquery = await served();
  bigquery.simulator.onEntry((entry) => {
    const path = at(entry, 'protoPayload', 'resourceName');
    entries.push({ jobId: String(path).split('/').at(-1) ?? '', entry });
  });
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

const push = async (content: unknown): Promise<number> => {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(pushBody(content)) });
  return response.status;
};
const sweep = () => push({ sweep: { projectId: 'my-project' } });

/** A script that ends in half a second; one of its steps holds the number of a card, or nothing does. */
function ends(jobId: string, secret = CARD): void {
  bigquery.simulator.start({
    projectId: 'my-project',
    jobId,
    principal: 'ann@example.com',
    query: `SELECT '${jobId}'`,
    createdAtMs: bigquery.clock.now() + 200,
    children: [{ query: `SELECT '${secret}'`, runMs: 200 }],
  });
}

/** Its last entry, once it is DONE. */
async function endOf(jobId: string): Promise<unknown> {
  const isTold = () => entries.some((told) => told.jobId === jobId && isEnd(told.entry));
  await expect.poll(isTold, { timeout: 20_000 }).toBe(true);
  return entries.findLast((told) => told.jobId === jobId && isEnd(told.entry))?.entry;
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

const deletesOf = (jobId: string) =>
  bigquery.simulator.writes.filter(({ job, method }) => method === 'delete' && job.jobId === jobId);
const isThere = (jobId: string) =>
  bigquery.simulator.truth({ projectId: 'my-project', location: 'US', jobId }) !== undefined;

test('an event of an end has the job purged with its children, and a certificate told', async () => {
  ends('by_event');
  expect(await push(await endOf('by_event'))).toBe(204);
  expect(isThere('by_event')).toBe(false);
  expect(deletesOf('by_event')).toMatchObject([{ effective: true, children: [{ projectId: 'my-project' }] }]);
  await expect.poll(() => stepsOf('by_event'), { timeout: 10_000 }).toEqual(['purging', 'purged']);
});

test('an end whose event is lost is found by a sweep; two sweeps at once, and its event after all, purge nothing twice', async () => {
  ends('by_sweep');
  const entry = await endOf('by_sweep');
  expect(await Promise.all([sweep(), sweep()])).toEqual([204, 204]);
  expect((await Promise.all([push(entry), sweep()])).at(-1)).toBe(204);
  expect(isThere('by_sweep')).toBe(false);
  expect(deletesOf('by_sweep').filter(({ effective }) => effective)).toHaveLength(1);
});

test('what is on hold, and what holds no secret, stays', async () => {
  ends('held');
  ends('harmless', '4111 1111 1111 1112');
  for (const jobId of ['held', 'harmless']) expect(await push(await endOf(jobId))).toBe(204);
  expect(await sweep()).toBe(204);
  expect([isThere('held'), isThere('harmless')]).toEqual([true, true]);
  await expect.poll(() => stepsOf('held'), { timeout: 10_000 }).toEqual(['observed']);
  expect(stepsOf('harmless')).toEqual([]);
});

test('nothing that was told or logged holds what was found', () => {
  expect(output()).toContain('"step":"purged"');
  expect(output()).not.toContain(CARD);
});

describe('a job that was purged is not found', () => {
  test('by @google-cloud/bigquery', async () => {
    const authClient = new OAuth2Client();
    authClient.setCredentials({ access_token: 'x' });
    const client = new BigQuery({
      projectId: 'my-project',
      apiEndpoint: bigquery.server.address,
      authClient,
    });
    await expect(client.job('by_event', { location: 'US' }).getMetadata()).rejects.toMatchObject({
      code: 404,
    });
  });

  const sdk = findSdk();
  describeWherePossible(
    'by the real bq',
    sdk === undefined ? 'there is no Google Cloud SDK here' : { sdk },
    (found) => {
      test('show -j', async () => {
        const bq = new RealBq(found.sdk, bigquery.server.address);
        const gone = await bq.run('show', '-j', 'my-project:US.by_event');
        const held = await bq.run('show', '-j', '--format=prettyjson', 'my-project:US.held');
        bq.dispose();
        expect(gone.code).not.toBe(0);
        expect(`${gone.stdout}${gone.stderr}`).toContain('Not found: Job my-project:US.by_event');
        expect([held.code, JSON.parse(held.stdout).id]).toEqual([0, 'my-project:US.held']);
      });
    },
  );
});
