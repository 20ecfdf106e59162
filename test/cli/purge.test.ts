import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { isConfirmed } from '../../cli/confirm-purge.ts';
import { runProgram } from '../../cli/program.ts';
import { claimFinding } from '../../shared/enforce/claim-finding.ts';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import { openLedger } from '../../shared/ledger/stored-ledger.ts';
import { seeded } from '../simulator/playground.ts';
import { bqWatchdogInside, MACHINE, temporaryFolder } from './bq-watchdog.ts';
import { jobsServer, MARKER } from './jobs-server.ts';
import { ledgerFile } from './ledger-file.ts';

const server = jobsServer();
const folder = temporaryFolder();
const DAY_MINUTES = 24 * 60;

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const POLICIES = file(
  'policies.yaml',
  `version: 1
mode: enforce
policies:
  - { name: customers, match: { labels: { run: "*" } }, sensitive: { patterns: { customerId: 'CUST-[0-9]{8}' } }, purge: { after: 0s, afterFailure: 30d } }
  - { name: people, match: { labels: { run: "*" } }, sensitive: { principals: ["eve@hr.example.com"] }, purge: { after: 0s } }
  - { name: watched, mode: observe, match: { labels: { run: "*" } }, sensitive: { labels: { watched: "yes" } }, purge: { after: 0s } }
`,
);
const HOLDS = file(
  'holds.yaml',
  'version: 1\nholds:\n  - { id: acme, reason: r, until: indefinite, match: { labels: { held: "yes" } } }\n',
);

/** Jobs of a run of their own: three sensitive ones, and one each of what is left alone. */
function history(projectId: string): void {
  const secret = `select '${MARKER} CUST-12345678'`;
  const start = (jobId: string, days: number, more: object) =>
    server.running(jobId, days * DAY_MINUTES, {
      projectId,
      runMs: 1_000,
      labels: { run: 'x' },
      ...more,
    });
  start('secret_1', 3, { query: secret });
  start('secret_2', 2, { query: secret, children: [] });
  start('of_eve', 2, { principal: 'eve@hr.example.com' });
  start('harmless', 2, {});
  start('too_old', 9, { query: secret });
  start('on_hold', 2, {
    query: secret,
    labels: { run: 'x', held: 'yes' },
  });
  start('watched', 2, {
    labels: { run: 'x', watched: 'yes' },
  });
  start('failed', 2, { query: secret, error: { reason: 'invalidQuery', message: 'no' } });
}

beforeAll(() => {
  const shops = ['dry-shop', 'asked-shop', 'full-shop', 'stopped-shop', 'holds-shop', 'waiting-shop'];
  for (const projectId of shops) history(projectId);
});

const there = (projectId: string) =>
  ['secret_1', 'secret_2', 'of_eve', 'harmless', 'too_old', 'on_hold', 'watched', 'failed'].filter(
    (jobId) => server.truthOf({ projectId, location: 'US', jobId }) !== undefined,
  );
const ALL = ['secret_1', 'secret_2', 'of_eve', 'harmless', 'too_old', 'on_hold', 'watched', 'failed'];

async function purge(
  project: string,
  args: readonly string[],
  { answer, holds = HOLDS }: { answer?: string; holds?: string } = {},
) {
  const ledger = await ledgerFile(folder, `${project}.sqlite`, async () => undefined);
  const questions: string[] = [];
  const ask = async (question: string) => {
    questions.push(question);
    return answer ?? '';
  };
  const from = new Date(server.nowMs() - 7 * 86_400_000).toISOString();
  const common = ['--policies', POLICIES, '--holds', holds, '--ledger', ledger, '--project', project];
  const ended = await bqWatchdogInside(['purge', ...common, '--from', from, ...args], {
    environment: server.environment(),
    ...(answer !== undefined && { ask }),
  });
  expect(ended.stdout + ended.stderr + questions.join()).not.toContain(MARKER);
  expect(ended.stdout + ended.stderr).not.toContain('CUST-');
  return { ...ended, questions, ledger };
}

test('tells how many, of whom, by which detector, and what is left alone, and with --dry-run ends there', async () => {
  const before = server.writes();
  const { code, stdout, stderr } = await purge('dry-shop', ['--dry-run']);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['JOBS', 'POLICY', 'DETECTORS', 'PRINCIPAL'],
    ['2', 'customers', 'customerId', 'ada@example.com'],
    ['1', 'people', 'principals', 'eve@hr.example.com'],
    [expect.stringMatching(/^7 jobs of dry-shop created from \S+Z to \S+Z: 3 would be purged$/)],
    expect.any(Array),
    expect.any(Array),
    ['1 of policies that only observe (mode: observe)'],
    [''],
  ]);
  expect(stdout).toContain('\n1 on legal hold\n');
  expect(stdout).toContain('\n1 sensitive, and not due yet\n');
  expect(server.writes()).toBe(before);
  const json = JSON.parse((await purge('dry-shop', ['--dry-run', '--format', 'json'])).stdout);
  expect(json).toMatchObject({
    outcome: 'dry-run',
    wouldPurge: 3,
    kept: { held: 1, 'not-due': 1 },
    observed: 1,
    jobs: expect.arrayContaining([
      expect.objectContaining({ job: 'dry-shop:US.secret_1', policy: 'customers' }),
    ]),
  });
  expect(there('dry-shop')).toEqual(ALL);
});

test('with --as-enforced tells of policies that only observe what they would do, and purges nothing by them', async () => {
  const { code, stdout } = await purge('dry-shop', ['--dry-run', '--as-enforced']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^1 +watched +labels +ada@example\.com$/m);
  expect(stdout).toMatch(/: 4 would be purged\n/);
  const inEarnest = await purge('dry-shop', ['--as-enforced', '--yes', '9']);
  expect(inEarnest.code).toBe(2);
  expect(inEarnest.stderr).toMatch(/--as-enforced goes with --dry-run alone/);
  expect(there('dry-shop')).toEqual(ALL);
});

test('a dry run needs no ledger, and says what cannot be known without one', async () => {
  const from = String(server.nowMs() - 7 * 86_400_000);
  const args = ['purge', '--policies', POLICIES, '--holds', HOLDS, '--project', 'dry-shop', '--from', from];
  const environment = server.environment();
  const { code, stdout, stderr } = await bqWatchdogInside([...args, '--dry-run'], { environment });
  expect(code).toBe(1);
  expect(stdout).toMatch(/: 3 would be purged\n/);
  expect(stderr).toMatch(/^warning: no ledger is named .*whether all acts are stopped/);
  const inEarnest = await bqWatchdogInside([...args, '--yes', '9'], { environment });
  expect(inEarnest).toMatchObject({ code: 2, stdout: '' });
  expect(inEarnest.stderr).toMatch(/WATCHDOG_LEDGER is not set/);
});

test('what a function put off is told to be under way, and keeps no other', async () => {
  const job = { projectId: 'waiting-shop', location: 'US', jobId: 'secret_1' };
  await ledgerFile(folder, 'waiting-shop.sqlite', async (ledger, time) => {
    time.nowMs = Date.now();
    const dueAtMs = time.nowMs + 300_000;
    const purge = { endedAtMs: 0, dueAtMs: 0, by: 'live', found: [], heldBy: 'dry-run' } as const;
    const finding = claimFinding({
      policy: 'customers',
      mode: 'enforce',
      because: [],
      dueAtMs: 0,
      sentence: 's',
    });
    const about = { job, verb: 'purge', attempt: 1, policy: 'customers', holder: 'f' } as const;
    await ledger.schedule({ ...about, finding, purge, dueAtMs }, []);
  });
  const { code, stdout } = await purge('waiting-shop', ['--yes', '9', '--format', 'json']);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ purged: 2, outcomes: { purged: 2, 'under-way': 1 } });
});

describe('asks, and purges nothing', () => {
  test.for([
    {
      title: 'that is declined',
      args: [],
      answer: 'n',
      says: /nothing was purged, for you did not confirm it/,
    },
    {
      title: 'beyond --yes',
      args: ['--yes', '2'],
      answer: undefined,
      says: /these are more than the 2 of --yes/,
    },
  ])('$title', async ({ args, answer, says }) => {
    const { code, stdout, questions } = await purge(
      'asked-shop',
      args,
      answer === undefined ? {} : { answer },
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(says);
    expect(questions).toEqual(
      answer === undefined
        ? []
        : ['Delete the metadata of 3 jobs, with that of their children? It cannot be undone. [y/N]'],
    );
    expect(there('asked-shop')).toEqual(ALL);
  });

  test('a great many are confirmed by their number alone', async () => {
    const asked = (answer: string) =>
      isConfirmed(101, undefined, {
        clock: MACHINE,
        random: seeded(1),
        environment: {},
        user: undefined,
        out: () => undefined,
        err: () => undefined,
        ask: async () => answer,
      });
    expect([await asked('y'), await asked('100'), await asked(' 101 ')]).toEqual([false, false, true]);
  });
});

test('purges those that were confirmed and no others, and certifies each in the name of the person', async () => {
  const { code, stdout, stderr, ledger } = await purge('full-shop', [], { answer: 'yes' });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/\n3 of 3 purged; bq-watchdog certificates lists them/);
  expect(there('full-shop')).toEqual(['harmless', 'too_old', 'on_hold', 'watched', 'failed']);
  const listed = await bqWatchdogInside(['certificates', '--ledger', ledger]);
  expect(listed.stdout).toMatch(
    /secret_1 +0 +ada@example\.com +customers +customerId in configuration\.query\.query +ada \(by-hand-/,
  );
  expect(listed.stdout.trimEnd().split('\n')).toHaveLength(4);
});

test('nothing is purged while a person has stopped all acts, or holds cannot be read', async () => {
  const absent = join(folder, 'absent.yaml');
  const unread = await purge('holds-shop', ['--yes', '9'], { holds: absent });
  expect(unread.stdout).toContain('kept, for what is on hold cannot be read');
  expect(unread.stderr).toMatch(/^error: \S+absent\.yaml does not exist.*\n$/);
  expect(unread.code).toBe(1);
  expect(there('holds-shop')).toEqual(ALL);

  const ledger = await ledgerFile(folder, 'stopped-shop.sqlite', async (open) => {
    await open.stop({ atMs: 0, by: 'bob' });
  });
  const from = String(server.nowMs() - 7 * 86_400_000);
  const common = ['--policies', POLICIES, '--holds', HOLDS, '--ledger', ledger, '--project', 'stopped-shop'];
  const { code, stdout } = await bqWatchdogInside(['purge', ...common, '--from', from, '--yes', '9'], {
    environment: server.environment(),
  });
  expect(code).toBe(1);
  expect(stdout).toContain('kept, for a person stopped all acts (bq-watchdog resume)');
  expect(there('stopped-shop')).toEqual(ALL);
});

test('where nobody else would fare better it ends early, and says how many were not begun', async () => {
  const jobIds = Array.from({ length: 10 }, (_, n) => `secret_${n}`);
  for (const jobId of jobIds) {
    server.running(jobId, DAY_MINUTES, {
      projectId: 'denied-shop',
      runMs: 1_000,
      labels: { run: 'x' },
      query: `select '${MARKER} CUST-12345678'`,
    });
  }
  server.withhold('bigquery.jobs.delete');
  const { code, stdout, stderr } = await purge('denied-shop', ['--yes', '10', '--format', 'json']);
  server.withhold(undefined);
  expect(code).toBe(1);
  const { purged, outcomes } = JSON.parse(stdout);
  // Eight at once were begun.
  expect({ purged, outcomes }).toEqual({ purged: 0, outcomes: { 'permission-missing': 8, 'not-begun': 2 } });
  expect(stderr).toMatch(/was not purged: permission-missing/);
  for (const jobId of jobIds) {
    expect(server.truthOf({ projectId: 'denied-shop', location: 'US', jobId })).toBeDefined();
  }
});

test('shows how far it is where somebody watches', async () => {
  const ledger = await ledgerFile(folder, 'progress.sqlite', async () => undefined);
  const lines: string[] = [];
  const from = String(server.nowMs() - 4 * 86_400_000);
  const common = ['--policies', POLICIES, '--holds', HOLDS, '--ledger', ledger, '--project', 'dry-shop'];
  await runProgram(['purge', ...common, '--from', from, '--dry-run'], {
    clock: MACHINE,
    random: seeded(7),
    environment: server.environment(),
    user: 'ada',
    out: () => undefined,
    err: () => undefined,
    progress: (line) => void lines.push(line),
  });
  expect(lines).toContain('[####################] dry-shop: 7 jobs looked at, 3 to purge');
  expect(lines.at(-1)).toBe('');
});

test('a file without "purge" has nothing to look for', async () => {
  const cancel = file(
    'cancel.yaml',
    'version: 1\npolicies:\n  - { name: a, limit: { runtime: 1h }, action: cancel }\n',
  );
  const { code, stdout, stderr } = await purge('dry-shop', ['--dry-run', '--policies', cancel]);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^0 jobs of dry-shop .*: 0 would be purged\n$/),
  });
  expect(stderr).toContain('no policy of the file has "purge"');
});

test.for([
  { title: 'nobody to ask', args: [], says: /nobody can be asked here: give --dry-run .*--yes COUNT/ },
  {
    title: 'times the wrong way round',
    args: ['--dry-run', '--to', '2020-01-01'],
    says: /--from is not before --to/,
  },
  { title: 'a number that is none', args: ['--yes', 'all'], says: /--yes .*expected how many jobs/ },
])('is misused with $title', async ({ args, says }) => {
  const { code, stdout, stderr } = await purge('dry-shop', args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(says);
});

test('alerts of what was purged wait for the next sweep', async () => {
  const clock = { now: () => Date.now() };
  const ledger = openLedger(new SqliteStore({ path: join(folder, 'full-shop.sqlite'), clock }), clock);
  const { alerts } = await ledger.unpublishedAlerts(100);
  await ledger.close();
  expect(
    alerts.map(({ event }) => event['type']).filter((type) => type === 'bigquery-watchdog.job.purged.v1'),
  ).toHaveLength(3);
  expect(JSON.stringify(alerts)).not.toContain(MARKER);
});
