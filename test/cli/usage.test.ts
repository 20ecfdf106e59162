import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { ALL_COMMANDS } from '../../cli/commands/all-commands.ts';
import { bqWatchdog, bqWatchdogInside, ROOT, run } from './bq-watchdog.ts';

describe('what cannot be understood exits 2, says why on stderr, and prints no result', () => {
  const cases: { args: string[]; says: RegExp; environment?: Record<string, string> }[] = [
    { args: [], says: /^Usage: bq-watchdog/ },
    { args: ['chek', 'x.yaml'], says: /unknown command 'chek'\n\(Did you mean check\?\)/ },
    { args: ['breaker'], says: /^Usage: bq-watchdog breaker/ },
    { args: ['breaker', 'staus'], says: /unknown command 'staus'\n\(Did you mean status\?\)/ },
    { args: ['check'], says: /no file to check: name one, or set WATCHDOG_POLICIES/ },
    { args: ['check', 'a', 'b'], says: /too many arguments for 'check'/ },
    { args: ['check', 'gs://x'], says: /"gs:\/\/x" names no file; write a path, or gs:\/\/BUCKET\/OBJECT/ },
    {
      args: ['check', 'x', '--frmat', 'json'],
      says: /unknown option '--frmat'\n\(Did you mean --format\?\)/,
    },
    { args: ['check', 'x', '--format=yml'], says: /'yml' is invalid. Allowed choices are text, json/ },
    { args: ['acts'], says: /WATCHDOG_LEDGER is not set: .*--ledger sqlite:PATH/ },
    {
      args: ['acts', '--format', 'json'],
      says: /WATCHDOG_LEDGER is not set/,
      environment: { WATCHDOG_LEDGER: '' },
    },
    {
      args: ['breaker', 'status'],
      says: /WATCHDOG_LEDGER is "postgres:x": expected sqlite:PATH/,
      environment: { WATCHDOG_LEDGER: 'postgres:x' },
    },
    {
      args: ['acts', '--ledger', 'foo'],
      says: /^error: --ledger is "foo": expected sqlite:PATH, sqlite::memory: or firestore:\[DATABASE\]\n$/,
    },
    { args: ['stop', '--ledger', ''], says: /--ledger is empty: .*sqlite:PATH or firestore:\[DATABASE\]/ },
    { args: ['resume', '--ledger', 'firestore:A'], says: /"firestore:A": expected the id of a Firestore/ },
    { args: ['acts', '--ledger', 'sqlite::memory:'], says: /--ledger is "sqlite::memory:": .* in memory/ },
    {
      args: ['acts', '--since', '5'],
      says: /--since .* "5" is no duration: its unit is missing; allowed: 30m/,
    },
    { args: ['check', 'gs://b/o'], says: /"gs:\/\/b\/o": the bucket's name "b" is too short/ },
    {
      args: ['replay', '--entries', 'f', '--since', '2h'],
      says: /'--entries <file>' cannot be used with option '--since <duration>'/,
    },
    {
      args: ['replay', '--entries', 'f', '--project', 'shop'],
      says: /'--entries <file>' cannot be used with option '--project <id>'/,
    },
    { args: ['jobs', 'repeat', 'shop:EU.job'], says: /nobody can be asked here: give --yes .*--dry-run/ },
    { args: ['acts', '--limit', '0'], says: /--limit .* expected a whole number from 1/ },
  ];
  test.for(cases)('$args', async ({ args, says, environment = {} }) => {
    const { code, stdout, stderr } = await bqWatchdogInside(args, { environment });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(says);
  });

  test('as a process', async () => {
    expect(await bqWatchdog(['chek', 'x.yaml'])).toEqual(await bqWatchdogInside(['chek', 'x.yaml']));
  });
});

test.for([{ args: ['--help'] }, { args: ['check', '--help'] }, { args: ['breaker', 'reset', '--help'] }])(
  'help that is asked for goes to stdout and exits 0: $args',
  async ({ args }) => {
    const { code, stdout, stderr } = await bqWatchdogInside(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: bq-watchdog/);
  },
);

test('descriptions hold no line ends of their own, for help wraps them to the width of the terminal', () => {
  const program = new Command();
  for (const define of ALL_COMMANDS) define(program, async () => undefined);
  const all = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(all)];
  const texts = all(program).flatMap((command) => [
    command.description(),
    command.summary(),
    ...command.options.map(({ description }) => description),
  ]);
  expect(texts.length).toBeGreaterThan(20);
  expect(texts.filter((text) => text.includes('\n'))).toEqual([]);
});

test('a clone runs it as npx bq-watchdog, on the Node of its own dependencies', async () => {
  const { code, stdout } = await run('npm', ['exec', '--no', '--', 'bq-watchdog', '--version']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '0.1.0\n' });
});

test('what is printed into a pipe may be read in part', async () => {
  const command = `"${join(ROOT, 'cli/main.ts')}" --help | head -1`;
  expect(await run('sh', ['-c', command])).toEqual({
    code: 0,
    stdout: 'Usage: bq-watchdog [options] [command]\n',
    stderr: '',
  });
});
