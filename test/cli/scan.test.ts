import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { runProgram } from '../../cli/program.ts';
import { seeded } from '../simulator/playground.ts';
import { bqWatchdog, bqWatchdogInside, MACHINE, temporaryFolder } from './bq-watchdog.ts';
import { jobsServer, MARKER } from './jobs-server.ts';

const server = jobsServer();
const folder = temporaryFolder();

/** A policy file with these policies, enforced unless they say otherwise. */
function policies(name: string, ...entries: string[]): string {
  const file = join(folder, `${name}.yaml`);
  const list = entries.map((entry) => `  - ${entry}`).join('\n');
  writeFileSync(file, `version: 1\nmode: enforce\npolicies:\n${list}\n`);
  return file;
}

const SHORT = '{ name: short, limit: { runtime: 30m, warnAt: 80% }, action: cancel }';

beforeAll(() => {
  // Half a minute away from what sentences round to: BigQuery's time is the beginning of a second.
  server.running('guilty', 60.5);
  server.running('close', 27.5);
  server.running('innocent', 5);
  server.running('copy', 60.5, { type: 'COPY' });
  server.running('script', 61.5, {
    projectId: 'other-shop',
    children: [{ runMs: Number.POSITIVE_INFINITY, createdAtMs: server.nowMs() - 3_600_000 }],
  });
  server.running('huge', 1, { projectId: 'third-shop', estimatedBytes: 5 * 2 ** 40 });
  for (let n = 0; n < 6; n++) server.running(`many_${n}`, 60, { projectId: 'wild-shop' });
});

function scan(...args: string[]) {
  return bqWatchdogInside(['scan', ...args], { environment: server.environment() });
}

test('says that policies with a retry are not judged, when there are no others', async () => {
  const retry = '{ name: again, match: { principals: etl@p.iam.gserviceaccount.com }, retry: {} }';
  const only = await scan('--policies', policies('only-retry', retry), '--project', 'shop-finance');
  expect(only.code).toBe(0);
  expect(only.stderr).toMatch(
    /^warning: .*only-retry\.yaml: no policy has an "action", and only those that have one are judged here; .*\n4 pending and running jobs: 0 would be cancelled\n$/,
  );
  const both = await scan('--policies', policies('both', retry, SHORT), '--project', 'shop-finance');
  expect(both.stderr).toBe('4 pending and running jobs: 1 would be cancelled\n');
});

/** What each line begins with. */
function firstWords(stdout: string): readonly (string | undefined)[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/)[0]);
}

test('says what would be done, exits 1 because it would act, and touches nothing', async () => {
  const before = server.writes();
  const { code, stdout, stderr } = await bqWatchdog(
    ['scan', '--policies', policies('short', SHORT), '--project', 'shop-finance'],
    { environment: server.environment() },
  );
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: '4 pending and running jobs: 1 would be cancelled\n',
  });
  const lines = stdout.trimEnd().split('\n');
  expect(lines.map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual([
    ['would warn', 'shop-finance:US.close', 'ada@example.com'],
    expect.arrayContaining(['ada@example.com']),
    expect.arrayContaining(['ada@example.com']),
  ]);
  expect(stdout).toMatch(
    /^WOULD CANCEL +shop-finance:US\.guilty +ada@example.com +has run 1 h.* of at most 30 min allowed by short$/m,
  );
  expect(stdout).toMatch(/^cannot be stopped +shop-finance:US\.copy .*a copy job cannot be stopped$/m);
  expect(stdout).not.toContain(MARKER);
  expect(server.writes()).toBe(before);
  expect(server.truth('guilty')).toMatchObject({ state: 'RUNNING', cancelRequestedAtMs: [] });
});

describe('exit codes', () => {
  const cases: { name: string; entry: string; code: number; says: RegExp }[] = [
    { name: 'an act', entry: SHORT, code: 1, says: /WOULD CANCEL/ },
    {
      name: 'an observed act is none',
      entry: '{ name: short, mode: observe, limit: { runtime: 30m }, action: cancel }',
      code: 0,
      says: /^observed /,
    },
    {
      name: 'an alert is no act',
      entry: '{ name: short, limit: { runtime: 30m }, action: alert }',
      code: 0,
      says: /^would alert /,
    },
    {
      name: 'nothing',
      entry: '{ name: short, limit: { runtime: 3h }, action: cancel }',
      code: 0,
      says: /^$/,
    },
  ];
  test.for(cases)('$name: $code', async ({ name, entry, code, says }) => {
    const file = policies(name.replaceAll(' ', '-'), entry);
    const ended = await scan('--policies', file, '--project', 'shop-finance');
    expect(ended.stdout).toMatch(says);
    expect(ended.code).toBe(code);
  });
});

test('as JSON: one array of findings over all projects, and nothing else on stdout', async () => {
  const file = policies('json', SHORT, '{ name: large, limit: { estimatedBytes: 1 TiB }, action: cancel }');
  const { code, stdout, stderr } = await scan(
    ...['--policies', file, '--project', 'other-shop', 'third-shop', 'empty-shop', '--format', 'json'],
  );
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(JSON.parse(stdout)).toEqual([
    {
      would: 'cancel',
      job: 'other-shop:US.script',
      principal: 'ada@example.com',
      policy: 'short',
      sentence: expect.stringMatching(/^has run 1 h 1 min/),
      measured: { limit: 'runtime', unit: 'duration', value: expect.any(Number), allowed: 1_800_000 },
    },
    expect.objectContaining({ would: 'cancel', job: 'third-shop:US.huge', policy: 'large' }),
    { summary: { jobs: 2, wouldCancel: 2, heldBack: 0, unreadable: 0 } },
  ]);
  const nothing = await scan('--policies', file, '--project', 'empty-shop', '--format', 'json');
  expect(nothing).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(nothing.stdout)).toEqual([
    { summary: { jobs: 0, wouldCancel: 0, heldBack: 0, unreadable: 0 } },
  ]);
});

test('says which breaker would keep a policy from acting, and of which jobs', async () => {
  const { code, stdout, stderr } = await scan(
    ...['--policies', policies('wild', SHORT), '--project', 'wild-shop'],
  );
  expect(firstWords(stdout)).toEqual([
    ...Array.from({ length: 6 }, () => 'held back'),
    'breaker of short would trip in wild-shop: 6 of 6 pending and running jobs are guilty, more than 20 %: none would be cancelled for it',
  ]);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: '6 pending and running jobs: 0 would be cancelled, 6 held back by breakers\n',
  });
});

test('with --as-enforced it tells what a file that only observes would do in earnest', async () => {
  const entry =
    '{ name: short, mode: observe, limit: { runtime: 30m }, action: cancel, breaker: { share: 50% } }';
  const args = ['--policies', policies('earnest', entry), '--project', 'shop-finance', 'wild-shop'];
  const observed = await scan(...args);
  expect({ code: observed.code, lines: firstWords(observed.stdout) }).toEqual({
    code: 0,
    lines: [
      ...Array.from({ length: 2 }, () => expect.stringMatching(/^(observed|cannot be stopped)$/)),
      ...Array.from({ length: 6 }, () => 'observed'),
    ],
  });
  const enforced = await scan(...args, '--as-enforced');
  expect(enforced.code).toBe(1);
  expect(firstWords(enforced.stdout)).toEqual([
    'cannot be stopped',
    'WOULD CANCEL',
    ...Array.from({ length: 6 }, () => 'held back'),
    expect.stringMatching(/^breaker of short would trip in wild-shop/),
  ]);
});

test('a job that its first policy is kept from is the next one’s', async () => {
  const first = SHORT.replace('action', 'breaker: { acts: 2, per: 1h, share: 100% }, action');
  const file = policies(
    'two',
    first,
    '{ name: next, limit: { runtime: 20m }, action: cancel, breaker: { share: 100% } }',
  );
  const { stdout, stderr } = await scan('--policies', file, '--project', 'wild-shop', '--format', 'json');
  const found = z.array(z.record(z.string(), z.unknown())).parse(JSON.parse(stdout));
  const told = (job: string) =>
    found.filter((one) => one['job'] === job).map(({ would, policy }) => `${policy}: ${would}`);
  const jobs = Array.from({ length: 6 }, (_, n) => told(`wild-shop:US.many_${n}`).join(', ')).toSorted();
  expect(jobs).toEqual([
    ...Array.from({ length: 2 }, () => 'short: cancel, next: alert'),
    ...Array.from({ length: 4 }, () => 'short: hold-back, next: cancel'),
  ]);
  expect(found.at(-1)).toEqual({ summary: { jobs: 6, wouldCancel: 6, heldBack: 0, unreadable: 0 } });
  expect(stderr).toBe('');
});

test('a person at a terminal sees how far it has come, and the line is gone at the end', async () => {
  const shown: string[] = [];
  const code = await runProgram(
    ['scan', '--policies', policies('progress', SHORT), '--project', 'shop-finance', 'other-shop'],
    {
      clock: MACHINE,
      random: seeded(7),
      environment: server.environment(),
      user: undefined,
      out: () => undefined,
      err: () => undefined,
      progress: (line) => shown.push(line),
    },
  );
  expect(code).toBe(1);
  expect(shown).toContain('[##########----------] 4 jobs, 1 guilty');
  expect(shown).toContain('[####################] 5 jobs, 2 guilty');
  expect(shown.at(-1)).toBe('');
});

describe('what it cannot do', () => {
  const cases: { name: string; args: () => string[]; code: number; says: RegExp }[] = [
    {
      name: 'no policies',
      args: () => ['--project', 'shop'],
      code: 2,
      says: /no policy file is named: give --policies FILE/,
    },
    {
      name: 'no project',
      args: () => ['--policies', policies('p', SHORT)],
      code: 2,
      says: /no project is named: give --project ID/,
    },
    {
      name: 'broken policies',
      args: () => [
        '--policies',
        policies('broken', '{ name: x, limit: { runtime: 30x }, action: cancel }'),
        '--project',
        'shop',
      ],
      code: 1,
      says: /broken\.yaml:4:\d+: limit\.runtime .*\nbq-watchdog check FILE tells every fault/,
    },
  ];
  test.for(cases)('$name', async ({ args, code, says }) => {
    const ended = await scan(...args());
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: '' });
    expect(ended.stderr).toMatch(says);
  });

  test('a project that may not be read is told with the permission it takes, and the others are scanned', async () => {
    server.deny('shop-finance');
    const file = policies('denied', SHORT);
    const { code, stdout, stderr } = await scan(
      '--policies',
      file,
      '--project',
      'shop-finance',
      'other-shop',
    );
    server.deny(undefined);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^WOULD CANCEL +other-shop:US\.script /);
    expect(stderr).toMatch(
      /^error: jobs\.list of jobs of shop-finance: not permitted; grant bigquery\.jobs\.listAll/,
    );
    expect(stderr).toMatch(/\n1 pending or running job: 1 would be cancelled, and 1 could not be read\n$/);
  });

  test('as JSON every failure is an entry of the array, of one form', async () => {
    const file = policies('failures', SHORT);
    const options = ['--policies', file, '--format', 'json'];
    server.deny('shop-finance');
    const denied = await scan(...options, '--project', 'shop-finance', 'other-shop');
    server.deny(undefined);
    expect(JSON.parse(denied.stdout)).toEqual([
      {
        project: 'shop-finance',
        error: { name: 'ForbiddenError', message: expect.stringMatching(/^jobs\.list of jobs of shop-fin/) },
      },
      expect.objectContaining({ would: 'cancel' }),
      { summary: { jobs: 1, wouldCancel: 1, heldBack: 0, unreadable: 1 } },
    ]);
    const clock = { ...MACHINE, now: () => MACHINE.now() + 3_600_000 };
    const skewed = await bqWatchdogInside(['scan', ...options, '--project', 'other-shop'], {
      environment: server.environment(),
      clock,
    });
    expect(JSON.parse(skewed.stdout)).toEqual([
      {
        project: 'other-shop',
        error: { name: 'NoTimeError', message: expect.stringMatching(/differ by more than 30 s/) },
      },
      { summary: { jobs: 0, wouldCancel: 0, heldBack: 0, unreadable: 1 } },
    ]);
  });

  test('a location that did not answer is told, for its jobs were not scanned', async () => {
    server.unreachable('EU');
    const file = policies('unreachable', '{ name: short, limit: { runtime: 3h }, action: cancel }');
    const { code, stderr } = await scan('--policies', file, '--project', 'shop-finance');
    server.unreachable();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^shop-finance: locations that did not answer, and were not scanned: EU\n/);
  });
});
