import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALL_COMMANDS } from '../../cli/commands/all-commands.ts';
import { bqWatchdogInside } from '../cli/bq-watchdog.ts';
import { type SpawnedFunction, spawnFunction } from '../google/spawned-function.ts';
import { MINUTE_MS } from '../running-job.ts';
import { pushBody } from '../watchdog.ts';
import { type Echo, type EchoingBigquery, echoingBigquery } from './echoing-bigquery.ts';
import {
  EVERY_MARK,
  forgedEntries,
  MARKS,
  markedQuery,
  marksIn,
  newerEntry,
  olderEntry,
} from './marked-text.ts';

// Text of a job stands in nothing that the system prints, stores or sends [design, section 2: Redacted]. The demo's
// own output is held by test/demo/main.test.ts, and the worlds hold it for each of their thousands of runs.

const POLICIES = `
version: 1
mode: enforce
breaker: { acts: 50, per: 1h, share: 100% }
policies:
  - { name: short, match: { principals: ["ada@example.com"] }, limit: { runtime: 10m }, action: cancel }
  - { name: dear, match: { principals: ["ada@example.com"] }, limit: { cost: 1 USD, basis: estimate }, action: alert }
  - { name: note, match: { principals: ["eve@example.org"] }, limit: { runtime: 10m }, action: alert }
`;

const folder = mkdtempSync(join(tmpdir(), 'watchdog-marker-'));
const policies = join(folder, 'policies.yaml');
const entries = join(folder, 'entries.jsonl');
const holds = join(folder, 'holds.yaml');
const purges = join(folder, 'purges.yaml');
const PURGES = `
version: 1
mode: enforce
policies:
  - { name: hers, sensitive: { principals: ["purged@example.com"], detectors: [credentials, email, iban, creditCard] }, purge: { after: 0s } }
`;
/** Nothing but the ledger is in it. */
const ledgerFolder = mkdtempSync(join(tmpdir(), 'watchdog-marker-ledger-'));

let bigquery: EchoingBigquery;
let instance: SpawnedFunction;
let environment: Readonly<Record<string, string>>;

beforeAll(async () => {
  writeFileSync(policies, POLICIES);
  writeFileSync(purges, PURGES);
  writeFileSync(
    entries,
    [newerEntry('failed'), olderEntry('guilty')].map((it) => JSON.stringify(it)).join('\n'),
  );
  bigquery = await echoingBigquery(EVERY_MARK);
  environment = {
    WATCHDOG_POLICIES: policies,
    WATCHDOG_LEDGER: `sqlite:${join(ledgerFolder, 'ledger.sqlite')}`,
    WATCHDOG_PROJECTS: 'my-project',
    WATCHDOG_TICK_SECONDS: '5',
    WATCHDOG_BIGQUERY_ENDPOINT: bigquery.server.address,
  };
  start('failed', { runMs: 1_000, error: { reason: 'invalidQuery', message: MARKS.message } });
  start('deleted', { runMs: 1_000 });
  start('purged', { runMs: 1_000, principal: 'purged@example.com' });
  start('noted', { principal: 'eve@example.org' });
  for (const jobId of ['guilty', 'swept', 'refused', 'by_hand']) start(jobId, { estimatedBytes: 2 ** 40 });
  instance = await spawnFunction(environment);
  expect(await instance.ready, instance.output()).toBe('serving');
});
afterAll(async () => {
  instance?.child.kill('SIGKILL');
  await bigquery?.server.close();
  for (const used of [folder, ledgerFolder]) rmSync(used, { recursive: true, force: true });
});

/** A marked job that began half an hour ago. */
function start(jobId: string, more: Partial<Parameters<EchoingBigquery['simulator']['start']>[0]>): void {
  const createdAtMs = Date.now() - 30 * MINUTE_MS;
  bigquery.simulator.start({
    ...markedQuery(jobId),
    createdAtMs,
    runMs: Number.POSITIVE_INFINITY,
    cancel: { afterMs: 0 },
    ...more,
  });
}

const failing = (method: string, path: RegExp, status: number, reason: string, times: number): Echo => ({
  method,
  path,
  status,
  reason,
  times,
});
const REFUSED = failing('POST', /\/refused\/cancel/, 400, 'invalid', 99);

async function post(body: unknown): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(instance.url, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(marksIn(await response.text())).toEqual([]);
  return response.status;
}
const base64 = (text: string) => Buffer.from(text).toString('base64');
const stateOf = (jobId: string) => bigquery.simulator.truth({ projectId: 'my-project', jobId });

/** The ledger's file with what SQLite keeps beside it, byte for byte. */
function ledgerBytes(): string {
  return readdirSync(ledgerFolder)
    .map((name) => readFileSync(join(ledgerFolder, name), 'latin1'))
    .join('');
}

describe('the function, under the real framework', () => {
  test('repeats no text of a job that an entry or a sweep made it look at, though BigQuery fails and quotes it', async () => {
    bigquery.fail(REFUSED, failing('GET', /\/jobs\/guilty/, 500, 'backendError', 1));
    expect(await post(pushBody(olderEntry('guilty')))).toBe(204);
    expect(await post(pushBody(newerEntry('failed')))).toBe(204);
    bigquery.fail(REFUSED, failing('GET', /\/jobs\?/, 500, 'backendError', 1));
    await post(pushBody({ sweep: { projectId: 'my-project' } }));
    expect([stateOf('guilty')?.errorReason, stateOf('swept')?.errorReason]).toEqual(['stopped', 'stopped']);
    expect(stateOf('refused')?.state).toBe('RUNNING');
    for (const step of ['cancelled', 'could-not-cancel', 'observed'])
      expect(instance.output()).toContain(`bigquery-watchdog.job.${step}.v1`);
    expect(marksIn(instance.output())).toEqual([]);
  });

  test.each([
    [400, 'invalid'],
    [403, 'accessDenied'],
    [404, 'notFound'],
    [409, 'duplicate'],
    [418, MARKS.message],
  ])('repeats nothing of a %i (%s) that answers its look at a job', async (status, reason) => {
    bigquery.fail(failing('GET', /\/jobs\/noted/, status, reason, 1));
    await post(pushBody({ ...olderEntry('noted'), insertId: `insert-${status}` }));
    expect(marksIn(instance.output())).toEqual([]);
  });

  test('repeats nothing of messages that are forged, broken or of no use, and remembers them without it', async () => {
    bigquery.fail();
    const broken = [
      { message: { data: base64(`{"query": ${EVERY_MARK}`) } },
      { message: { data: `%%${EVERY_MARK}` } },
      { message: { attributes: { [MARKS.query]: MARKS.parameter } } },
      { message: EVERY_MARK },
      { [MARKS.query]: EVERY_MARK },
      EVERY_MARK.split(' '),
      pushBody(EVERY_MARK),
      ...forgedEntries().map((entry) => pushBody(entry)),
    ];
    for (const body of broken) expect(await post(body)).toBe(204);
    expect(instance.output()).toContain('"message":"dead-letter"');
    expect(marksIn(instance.output())).toEqual([]);
  });

  test('leaves no text of a job in the ledger', () => {
    const bytes = ledgerBytes();
    // What is not compressed can be searched.
    for (const kept of ['my-project', 'could-not-cancel', 'dead-letter']) expect(bytes).toContain(kept);
    expect(marksIn(bytes)).toEqual([]);
  });
});

/** How each command is run on the same jobs and the same ledger, in the order of the table. */
const COMMANDS: readonly (readonly [command: string, args: readonly string[]])[] = [
  ['acts', []],
  ['breaker status', []],
  ['breaker reset', []],
  ['certificates', []],
  ['check', [policies]],
  ['jobs list', ['--all', '--project', 'my-project']],
  ['jobs show', ['my-project:US.failed']],
  ['jobs cancel', ['my-project:US.by_hand', '--wait', '30s']],
  ['jobs delete', ['my-project:US.deleted', '--yes', '--wait', '30s']],
  ['jobs repeat', ['my-project:US.failed', '--yes', '--wait', '30s']],
  [
    'hold add',
    ['my-project:US.failed', '--holds', holds, '--id', 'a', '--reason', 'r', '--until', 'indefinite'],
  ],
  ['hold list', ['--holds', holds]],
  ['hold remove', ['a', '--holds', holds, '--yes']],
  ['purge', ['--policies', purges, '--from', String(Date.now() - 2 * 86_400_000), '--yes', '99']],
  ['replay', ['--entries', entries]],
  ['scan', []],
  ['stop', []],
  ['resume', []],
];

describe('commands', () => {
  test('are all of them in the table', () => {
    const program = new Command();
    for (const define of ALL_COMMANDS) define(program, async () => undefined);
    const leaves = (command: Command, name: string): readonly string[] =>
      command.commands.length === 0
        ? [name]
        : command.commands.flatMap((inner) => leaves(inner, `${name} ${inner.name()}`.trim()));
    expect(COMMANDS.map(([command]) => command).toSorted()).toEqual(leaves(program, '').toSorted());
  });

  describe.each<[string, readonly Echo[]]>([
    ['where BigQuery answers', []],
    [
      'where every answer is an error that quotes the query',
      [failing('GET', /./, 400, 'invalid', 999), failing('POST', /./, 400, 'invalid', 999)],
    ],
  ])('%s', (_, echoes) => {
    test.each(COMMANDS)('%s prints no text of a job', async (command, args) => {
      bigquery.fail(...echoes);
      for (const format of ['text', 'json']) {
        const all = [...command.split(' '), ...args, '--format', format];
        const { code, stdout, stderr } = await bqWatchdogInside(all, {
          environment: { ...environment, USER: 'ada' },
        });
        expect(code, stderr).not.toBe(2);
        expect(stdout + stderr).not.toBe('');
        expect(marksIn(stdout + stderr)).toEqual([]);
      }
    });
  });

  test('leave none in the ledger', () => {
    expect([stateOf('deleted'), stateOf('purged')]).toEqual([undefined, undefined]);
    expect(marksIn(ledgerBytes())).toEqual([]);
  });
});
