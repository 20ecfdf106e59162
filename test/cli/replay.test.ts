import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { googleAuditEntries } from '../../cli/google-audit-entries.ts';
import type { AuditFormats } from '../../simulator/audit-log.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { seeded } from '../simulator/playground.ts';
import { bqWatchdog, bqWatchdogInside, temporaryFolder } from './bq-watchdog.ts';
import { MARKER } from './jobs-server.ts';
import { loggingFilter } from './logging-filter.ts';

const folder = temporaryFolder();
const START_MS = Date.UTC(2026, 8, 1, 12, 0, 0);
const MINUTE_MS = 60_000;

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function policies(name: string, entry: string): string {
  return file(name, `version: 1\nmode: enforce\npolicies:\n  - ${entry}\n`);
}

const SHORT = policies('short.yaml', '{ name: short, limit: { runtime: 30m }, action: cancel }');

/** The entries of three jobs: one ran for 42 minutes, one for 5, one was not over when the log ended. */
async function logged(formats: AuditFormats = 'newer'): Promise<readonly unknown[]> {
  const clock = new VirtualClock(START_MS);
  const simulator = new Simulator({ clock, random: seeded(7) });
  const entries: unknown[] = [];
  simulator.onEntry((entry) => entries.push(entry), { formats });
  const job = { projectId: 'shop-finance', principal: 'ada@example.com', query: `select '${MARKER}'` };
  simulator.start({ ...job, jobId: 'long', runMs: 42 * MINUTE_MS });
  simulator.start({ ...job, jobId: 'quick', runMs: 5 * MINUTE_MS });
  simulator.start({ ...job, jobId: 'endless', runMs: Number.POSITIVE_INFINITY });
  await clock.run(clock.sleep(60 * MINUTE_MS));
  return entries;
}

test('shows what a forged entry has for a name, and lets it do nothing to the terminal', async () => {
  const [entry] = await logged();
  const forged = '\u001b[2J\u001b]0;mine\u0007ada\nall is well\u2028\u202e\u009b2J';
  const text = JSON.stringify(entry).replace('ada@example.com', JSON.stringify(forged).slice(1, -1));
  const path = file(
    'forged.jsonl',
    text.replaceAll(/"(create|start)Time":"2026-09-01T12/g, '"$1Time":"2026-09-01T08'),
  );
  const { stdout } = await bqWatchdog(['replay', '--policies', SHORT, '--entries', path]);
  expect(stdout).toMatch(/^[^\p{Cc}\p{Zl}\p{Bidi_Control}]+\n$/u);
  expect(stdout).toContain(
    '  \\u001b[2J\\u001b]0;mine\\u0007ada\\u000aall is well\\u2028\\u202e\\u009b2J  has run ',
  );
});

test.for([
  {
    form: 'one entry a line',
    write: (entries: readonly unknown[]) => entries.map((e) => JSON.stringify(e)).join('\n'),
  },
  { form: 'one array', write: (entries: readonly unknown[]) => JSON.stringify(entries, undefined, 2) },
])('tells which jobs would have been cancelled, each once: $form', async ({ form, write }) => {
  const entries = await logged();
  // Cloud Logging delivers some twice.
  const path = file(`${form}.json`, write([...entries, ...entries]));
  const { code, stdout, stderr } = await bqWatchdog(['replay', '--policies', SHORT, '--entries', path]);
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: expect.stringMatching(
      /^2026-09-01T12:42:\d\d\.\d{3}Z {2}WOULD CANCEL +shop-finance:US\.long {2}ada@example\.com {2}has run 42 min.* allowed by short\n$/,
    ),
    stderr: `10 entries of ${path}; jobs that would have been cancelled: 1\n`,
  });
  expect(stdout).not.toContain(MARKER);
});

test.for(['newer', 'older', 'both'] as const)(
  'a job is told once, whichever format Cloud Logging has it in: %s',
  async (formats) => {
    const all = await logged(formats);
    const source = googleAuditEntries(async (_, body) => {
      const { filter } = z.object({ filter: z.string() }).parse(body);
      return { entries: all.filter(loggingFilter(filter)) };
    });
    const entries: unknown[] = [];
    for await (const entry of source.since('shop-finance', START_MS)) entries.push(entry);
    expect(entries).toHaveLength(formats === 'both' ? 10 : 5);
    const path = file(`${formats}.json`, JSON.stringify(entries));
    const { code, stdout, stderr } = await bqWatchdogInside([
      ...['replay', '--policies', SHORT, '--entries', path],
    ]);
    expect({ code, lines: stdout.trimEnd().split('\n') }).toEqual({
      code: 1,
      lines: [expect.stringMatching(/ {2}WOULD CANCEL +shop-finance:US\.long .*has run 42 min/)],
    });
    expect(stderr).toContain('jobs that would have been cancelled: 1\n');
  },
);

test('a limit on waiting that a job crossed before it started shows, and one that it kept does not', async () => {
  const clock = new VirtualClock(START_MS);
  const simulator = new Simulator({ clock, random: seeded(7) });
  const entries: unknown[] = [];
  simulator.onEntry((entry) => entries.push(entry), { formats: 'newer' });
  const job = { projectId: 'shop-finance', principal: 'ada@example.com', runMs: MINUTE_MS };
  simulator.start({ ...job, jobId: 'waited', pendingMs: 59 * MINUTE_MS });
  simulator.start({ ...job, jobId: 'in-time', pendingMs: 10 * MINUTE_MS });
  await clock.run(clock.sleep(90 * MINUTE_MS));
  const path = file('waited.json', JSON.stringify(entries));
  const queue = policies('queue.yaml', '{ name: queue, limit: { pending: 10m }, action: cancel }');
  const { code, stdout } = await bqWatchdogInside(['replay', '--policies', queue, '--entries', path]);
  expect({ code, stdout }).toEqual({
    code: 1,
    stdout: expect.stringMatching(
      /^2026-09-01T12:59:00\.000Z {2}WOULD CANCEL +shop-finance:US\.waited .* has been pending 59 min of .*\n$/,
    ),
  });
});

test('a job whose location only one format tells is one job', async () => {
  const [, ...older] = await logged('older');
  const nowhere = JSON.parse(JSON.stringify(older).replaceAll('"location":"US"', '"elsewhere":"US"'));
  const path = file('no-location.json', JSON.stringify([...(await logged('newer')), ...nowhere]));
  const { stdout, stderr } = await bqWatchdogInside(['replay', '--policies', SHORT, '--entries', path]);
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  expect(stderr).toContain('jobs that would have been cancelled: 1\n');
});

test('entries of tables, of other projects, and of before are not asked for', async () => {
  const bodies: unknown[] = [];
  const source = googleAuditEntries(async (_, body) => {
    bodies.push(body);
    return {};
  });
  for await (const _ of source.since('shop-finance', START_MS));
  const { filter } = z.object({ filter: z.string() }).parse(bodies[0]);
  const asked = loggingFilter(filter);
  const [newer, older] = [(await logged('newer'))[0], (await logged('older'))[0]];
  for (const entry of [newer, older]) {
    const text = JSON.stringify(entry);
    expect(asked(entry)).toBe(true);
    for (const [from, to] of [
      ['projects/shop-finance/logs/', 'projects/other/logs/'],
      ['"timestamp":"2026', '"timestamp":"2025'],
      ['"type":"bigquery_', '"type":"bigquery_dataset_'],
    ] as const) {
      expect(asked(JSON.parse(text.replace(from, to)))).toBe(false);
    }
  }
});

test('as JSON, with what only BigQuery can tell', async () => {
  const path = file('start.json', JSON.stringify((await logged()).slice(0, 1)));
  const large = policies('large.yaml', '{ name: large, limit: { estimatedBytes: 1 TiB }, action: cancel }');
  const { code, stdout, stderr } = await bqWatchdogInside([
    ...['replay', '--policies', large, '--entries', path, '--format', 'json'],
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual([
    {
      at: expect.stringMatching(/^2026-09-01T12:00/),
      would: 'look-again',
      job: 'shop-finance:US.long',
      principal: 'ada@example.com',
      sentence: 'cannot be decided yet: BigQuery does not tell estimatedBytes',
    },
  ]);
});

test('entries that are broken or tell of something else are counted, never shown', async () => {
  const odd = [
    { protopayload_auditlog: { secret: MARKER } },
    { insertId: 'a', protoPayload: { serviceName: 'storage.googleapis.com' } },
  ];
  const path = file('odd.json', JSON.stringify(odd));
  expect(await bqWatchdogInside(['replay', '--policies', SHORT, '--entries', path])).toEqual({
    code: 0,
    stdout: '',
    stderr: `2 entries of ${path}; jobs that would have been cancelled: 0; 1 cannot be read\n`,
  });
});

test('one entry is one entry', async () => {
  const path = file('one.json', JSON.stringify({ insertId: 'a', protoPayload: { serviceName: 'x' } }));
  const { stderr } = await bqWatchdogInside(['replay', '--policies', SHORT, '--entries', path]);
  expect(stderr).toMatch(/^1 entry of .*one\.json; /);
});

test.for([
  { name: 'no such file', path: () => join(folder, 'none'), says: /none: it cannot be opened/ },
  {
    name: 'no JSON',
    path: () => file('text.json', `{}\nselect '${MARKER}'`),
    says: /text\.json: line 2 is no JSON; expected one log entry a line/,
  },
])('$name: exit 1', async ({ path, says }) => {
  const args = ['replay', '--policies', SHORT, '--entries', path()];
  const { code, stderr } = await bqWatchdogInside(args);
  expect(code).toBe(1);
  expect(stderr).toMatch(says);
  expect(stderr).not.toContain(MARKER);
  const { stdout } = await bqWatchdogInside([...args, '--format', 'json']);
  expect(JSON.parse(stdout)).toEqual([
    { error: { name: 'EntriesFileError', message: expect.stringMatching(says) } },
  ]);
});

test('without credentials it says how to sign in', async () => {
  const environment = { HOME: folder, CLOUDSDK_CONFIG: folder, METADATA_SERVER_DETECTION: 'none' };
  const args = ['replay', '--policies', SHORT, '--project', 'shop-finance'];
  const { code, stdout, stderr } = await bqWatchdog(args, { environment });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(
    /^error: audit entries of shop-finance could not be read: .*gcloud auth application-default login/,
  );
});

test("Cloud Logging's pages are followed to the last, also over an empty one", async () => {
  const bodies: unknown[] = [];
  const pages: unknown[] = [
    { entries: [{ insertId: '1' }], nextPageToken: 'a' },
    { nextPageToken: 'b' },
    { entries: [{ insertId: '2' }] },
  ];
  const source = googleAuditEntries(async (_, body) => {
    bodies.push(body);
    return pages.shift();
  });
  const read: unknown[] = [];
  for await (const entry of source.since('shop-finance', START_MS)) read.push(entry);
  expect(read).toEqual([{ insertId: '1' }, { insertId: '2' }]);
  expect(bodies).toMatchObject([{ orderBy: 'timestamp asc' }, { pageToken: 'a' }, { pageToken: 'b' }]);
  expect(bodies[0]).toMatchObject({
    resourceNames: ['projects/shop-finance'],
    filter: expect.stringMatching(
      /^logName="projects\/shop-finance\/logs\/.* AND timestamp>="2026-09-01T12:00:00\.000Z"$/,
    ),
  });
});

test.for([
  { status: 403, says: /grant roles\/logging\.privateLogViewer/ },
  { status: 404, says: /there is no such project/ },
  { status: 500, says: /Cloud Logging answered 500; try again later/ },
])('a $status of Cloud Logging names what to do', async ({ status, says }) => {
  const source = googleAuditEntries(async () => {
    throw Object.assign(new Error(`it quotes ${MARKER}`), { status });
  });
  const reading = async () => {
    for await (const _ of source.since('shop-finance', START_MS)) return;
  };
  await expect(reading()).rejects.toThrow(says);
  await expect(reading()).rejects.not.toThrow(MARKER);
});
