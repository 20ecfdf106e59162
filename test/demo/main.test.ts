import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planDay } from '../../demo/day.ts';
import { Alert } from '../../shared/alert/alert.schema.ts';
import { DemoProcess, demo, type Ended } from './demo-process.ts';

const SEED = 7;

/** Every text that the jobs of the day hold and that nobody may read anywhere else. */
const TEXTS = [
  ...new Set(
    planDay(SEED).flatMap(({ query, children = [] }) => [query, ...children.map((child) => child.query)]),
  ),
].filter((text) => text !== undefined);
const WORDS = ['SELECT', 'card_number', 'customer_ssn', 'crm.'];

describe('npm start -- --json', () => {
  let ended: Ended;
  let alerts: readonly Alert[];

  beforeAll(async () => {
    ended = await demo('--seconds', '8', '--json', '--seed', String(SEED));
    alerts = ended.stdout
      .trimEnd()
      .split('\n')
      .map((line) => Alert.parse(JSON.parse(line)));
  });

  test('prints each alert as a CloudEvent, one a line, once, and exits 0', () => {
    expect(ended.code).toBe(0);
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(alerts.length);
  });

  test('cancels jobs, of which it was said first that BigQuery was asked', () => {
    const cancelled = alerts.filter(({ type }) => type === 'bigquery-watchdog.job.cancelled.v1');
    expect(cancelled.length).toBeGreaterThan(0);
    const asked = alerts.filter(({ type }) => type === 'bigquery-watchdog.job.cancelling.v1');
    expect(asked.map(({ subject }) => subject)).toEqual(
      expect.arrayContaining(cancelled.map(({ subject }) => subject)),
    );
  });

  test('cancels by money, with the amount in the sentence', () => {
    const dear = alerts.filter(({ data }) => 'step' in data && data.policy === 'expensive-scan');
    expect(dear.map(({ type }) => type)).toContain('bigquery-watchdog.job.cancelled.v1');
    expect(dear.map(({ data }) => data.sentence)).toContainEqual(
      expect.stringMatching(/^is estimated to cost up to \d+\.\d\d USD of at most 50 USD/),
    );
  });

  test('runs failed jobs again, each scheduled before, and tells of every end', () => {
    const subjectsOf = (step: string) =>
      alerts.flatMap(({ type, subject }) => (type === `bigquery-watchdog.job.${step}.v1` ? [subject] : []));
    const [scheduled, retried] = [subjectsOf('retry-scheduled'), subjectsOf('retried')];
    expect(scheduled).toEqual(expect.arrayContaining(retried));
    for (const step of ['recovered', 'gave-up']) {
      expect(subjectsOf(step).length).toBeGreaterThan(0);
      expect(retried).toEqual(expect.arrayContaining(subjectsOf(step)));
    }
    const refused = alerts.flatMap(({ data }) => ('retry' in data ? (data.retry?.why ?? []) : []));
    expect(refused).toEqual(expect.arrayContaining(['person', 'append', 'attempts-used']));
  });

  test('trips no breaker and finds no clock skewed', () => {
    expect(alerts.filter(({ type }) => !type.startsWith('bigquery-watchdog.job.'))).toEqual([]);
  });

  test('sums up on stderr, as many cancelled as were told on stdout', () => {
    const cancelled = alerts.filter(({ type }) => type === 'bigquery-watchdog.job.cancelled.v1').length;
    const all = /^all .*$/m.exec(ended.stderr)?.[0].split(/\s+/);
    expect(all?.[4]).toBe(String(cancelled));
    expect(ended.stderr).toContain('Without the watchdog: ');
    expect(ended.stderr).toMatch(/^What they cost: [\d,]+\.\d\d USD/m);
    expect(ended.stderr).toMatch(/^ {2}They would have cost up to [\d,]+\.\d\d USD more/m);
    expect(ended.stderr).toContain('interactive-runtime');
    expect(ended.stderr).toMatch(/^transient-failures( +[1-9]\d*) +·( +[1-9]\d*){5}$/m);
  });

  test('repeats no text of any job', () => {
    expect(TEXTS.length).toBeGreaterThan(5);
    const printed = ended.stdout + ended.stderr;
    expect([...TEXTS, ...WORDS].filter((text) => printed.includes(text))).toEqual([]);
  });
});

test('Ctrl-C ends a run before its time, with its summary and exit code 0', async () => {
  const running = new DemoProcess(['--seconds', '600', '--seed', String(SEED)]);
  await running.printed('  cancelled   ');
  // As it comes through npm: from the terminal, and once more from npm itself.
  running.interrupt();
  running.interrupt();
  const { code, stdout, stderr } = await running.ended();
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\d\d:\d\d {2}cancelled {2,}shop-\S+ {2}\S+ {2}has (?:run|been|used) /m);
  expect(stdout).toMatch(/^all +\d/m);
  expect([...TEXTS, ...WORDS].filter((text) => stdout.includes(text))).toEqual([]);
  expect(stderr).toBe('');
});

test("what the policy file is warned of is told before the run, and the alerts' stdout stays theirs", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'watchdog-demo-'));
  const warned = join(folder, 'warned.yaml');
  const policy =
    '{ name: a, match: { principals: "user:ana@example.com" }, limit: { runtime: 5m }, action: alert }';
  writeFileSync(warned, `version: 1\npolicies:\n  - ${policy}\n`);
  const { code, stdout, stderr } = await demo('--policies', warned, '--seconds', '1', '--json');
  rmSync(folder, { recursive: true });
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr.startsWith(`${warned}:3:37: warning: match of policy "a": "user:ana@example.com" `)).toBe(
    true,
  );
  expect(stderr).toContain('did you mean ana@example.com?');
  expect(stderr).toMatch(/^policy +judged /m);
});

describe('what cannot be run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'watchdog-demo-'));
  const broken = join(folder, 'broken.yaml');
  writeFileSync(
    broken,
    'version: 1\npolicies:\n  - name: short\n    limits: { runtime: 5m }\n    action: cancel\n',
  );
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ['a broken policy file is told with its place', ['--policies', broken], 1, `${broken}:4:5: `],
    ['a policy file that is not there is named', ['--policies', join(folder, 'none.yaml')], 1, 'none.yaml'],
    ['a flag that does not exist is named', ['--sed', '7'], 2, "unknown option '--sed'"],
    ['a seed that is no number', ['--seed', 'x'], 2, 'Expected a whole number'],
    ['no seconds at all', ['--seconds', '0'], 2, 'Expected seconds, from 1 to'],
    ['an argument too many', ['policies.yaml'], 2, 'too many arguments'],
  ])('%s, and nothing runs', async (_, args, code, message) => {
    const ended = await demo(...args);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toContain(message);
  });
});
