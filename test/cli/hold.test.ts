import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bqWatchdog, bqWatchdogInside, type Setting, temporaryFolder } from './bq-watchdog.ts';

const folder = temporaryFolder();
const TEXT = `version: 1
holds:
  - { id: old-case, reason: over, until: 2020-01-31, match: { projects: shop } } # of the year before
  - { id: acme, reason: Litigation ACME, until: indefinite, by: jane@example.com, match: { jobs: ["shop:EU.job_1"] } }
`;

function fileOf(name: string, text?: string): string {
  const path = join(folder, `${name}.yaml`);
  if (text !== undefined) writeFileSync(path, text);
  return path;
}

function hold(path: string, args: readonly string[], setting: Setting = {}) {
  return bqWatchdogInside(['hold', ...args], {
    ...setting,
    environment: { WATCHDOG_HOLDS: path, USER: 'ada' },
  });
}

const ADD = ['add', '--id', 'case-2', '--reason', 'Litigation', '--until', 'indefinite'];

describe('add', () => {
  test('makes the file, and the functions read what it says', async () => {
    const path = fileOf('new');
    const { code, stdout, stderr } = await bqWatchdog(
      ['hold', ...ADD, 'shop:EU.job_1', 'shop:job_2', '--holds', path, '--by', 'jane'],
      {},
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`${path}: until it is removed hold case-2 keeps jobs: shop:EU.job_1, shop:job_2\n`);
    expect((await bqWatchdogInside(['check', '--holds', path])).stdout).toBe(`${path}: 1 hold, no faults\n`);
    expect(readFileSync(path, 'utf8')).toContain('by: jane');
  });

  test('refuses a label that is given twice, of which a job has one value', async () => {
    const path = fileOf('twice', TEXT);
    const { code, stderr } = await hold(path, [...ADD, '--label', 'team=a', 'team=b']);
    expect(code).toBe(2);
    expect(stderr).toContain('--label team is given twice');
    expect(readFileSync(path, 'utf8')).toBe(TEXT);
  });

  test('keeps what is in the file, and writes every kind of match', async () => {
    const path = fileOf('every', TEXT);
    const match = ['--project', 'shop', 'crm', '--principal', '*@hr.example.com', '--label', 'case=7=8'];
    const tables = ['--referenced-table', 'shop.crm.*', '--destination-table', 'shop.out.t'];
    const created = ['--created-from', '2026-01-01', '--created-to', '2026-03-31'];
    const all = [...ADD, ...match, ...tables, ...created, '--format', 'json'];
    const { code, stdout } = await hold(path, all);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      file: path,
      added: {
        id: 'case-2',
        reason: 'Litigation',
        by: 'ada',
        isActive: true,
        match: {
          projects: ['shop', 'crm'],
          principals: ['*@hr.example.com'],
          labels: { case: '7=8' },
          referencedTables: ['shop.crm.*'],
          destinationTables: ['shop.out.t'],
          created: { from: '2026-01-01', to: '2026-03-31' },
        },
      },
    });
    expect(readFileSync(path, 'utf8')).toContain('# of the year before');
    expect((await bqWatchdogInside(['check', '--holds', path])).stdout).toContain('3 holds, no faults');
  });

  test.for([
    {
      title: 'an id that is taken',
      args: [...ADD, '--id', 'acme', 'shop:EU.a'],
      says: /has one of that id already/,
    },
    {
      title: 'a date that is none',
      args: [...ADD, '--until', '2027-02-30', 'shop:EU.a'],
      says: /is no day of the calendar/,
    },
    {
      title: 'a name that is none',
      args: [...ADD, 'job_1'],
      says: /the file would be refused with it:\n.*job_1/,
    },
  ])('writes nothing for $title', async ({ title, args, says }) => {
    const path = fileOf(title, TEXT);
    const { code, stdout, stderr } = await hold(path, args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(says);
    expect(readFileSync(path, 'utf8')).toBe(TEXT);
  });

  test('does not mend a broken file', async () => {
    const path = fileOf('broken', 'version: 1\nholds: {}\n');
    const { code, stderr } = await hold(path, [...ADD, 'shop:EU.a']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/broken\.yaml:2:8: .*\nbq-watchdog check --holds FILE tells every fault/);
    expect(readFileSync(path, 'utf8')).toBe('version: 1\nholds: {}\n');
  });

  test('says that a hold has ended before it began', async () => {
    const { code, stderr } = await hold(fileOf('ended'), [...ADD, '--until', '2020-01-31', 'shop:EU.a']);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'warning: hold case-2 has ended already, and keeps nothing\n',
    });
  });

  test.for([
    { title: 'what is on hold', args: ADD, says: /what is on hold is not said: name a job/ },
    {
      title: 'an end',
      args: ['add', '--id', 'a', '--reason', 'r', 'shop:EU.a'],
      says: /'--until <date>' not specified/,
    },
    { title: "a label's value", args: [...ADD, '--label', 'x'], says: /--label is "x": expected KEY=VALUE/ },
  ])('is misused without $title', async ({ args, says }) => {
    const path = fileOf('misused');
    const { code, stderr } = await hold(path, args);
    expect(code).toBe(2);
    expect(stderr).toMatch(says);
    expect(existsSync(path)).toBe(false);
  });
});

describe('list', () => {
  test('tells active holds and ended ones', async () => {
    const path = fileOf('list', TEXT);
    const { code, stdout } = await hold(path, ['list']);
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['ID', 'STATE', 'UNTIL', 'BY', 'KEEPS', 'REASON'],
      ['old-case', 'ended', '2020-01-31T23:59:59.999Z', 'projects: shop', 'over'],
      ['acme', 'active', 'indefinite', 'jane@example.com', 'jobs: shop:EU.job_1', 'Litigation ACME'],
      [''],
    ]);
    const json = JSON.parse((await hold(path, ['list', '--format', 'json'])).stdout);
    expect(json.holds.map(({ id, isActive }: { id: string; isActive: boolean }) => [id, isActive])).toEqual([
      ['old-case', false],
      ['acme', true],
    ]);
  });

  test('a file that is not there, and one that nobody named', async () => {
    expect(await hold(fileOf('absent'), ['list'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('does not exist'),
    });
    expect(await bqWatchdogInside(['hold', 'list'])).toMatchObject({
      code: 2,
      stderr: 'error: no file of holds is named: give --holds FILE, or set WATCHDOG_HOLDS\n',
    });
  });
});

describe('remove', () => {
  test.for([
    {
      answer: 'y',
      code: 0,
      left: 1,
      says: /removed hold acme \(Litigation ACME\), which keeps jobs: shop:EU\.job_1\n/,
    },
    { answer: '', code: 1, left: 2, says: /hold acme was not removed, for you did not say yes\n/ },
  ])('asks first, and heeds "$answer"', async ({ answer, code, left, says }) => {
    const path = fileOf(`remove-${answer}`, TEXT);
    const questions: string[] = [];
    const ask = async (question: string) => {
      questions.push(question);
      return answer;
    };
    const ended = await hold(path, ['remove', 'acme'], { ask });
    expect(ended).toEqual({ code, stdout: expect.stringMatching(says), stderr: '' });
    expect(questions).toEqual(['Remove hold acme (Litigation ACME), which keeps jobs: shop:EU.job_1? [y/N]']);
    const { stdout } = await hold(path, ['list', '--format', 'json']);
    expect(JSON.parse(stdout).holds).toHaveLength(left);
  });

  test('an id that is none names the nearest', async () => {
    const { code, stderr } = await hold(fileOf('wrong', TEXT), ['remove', 'acne', '--yes']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/hold "acne": .* none of that id \(did you mean acme\?\)/);
  });

  test('where nobody can be asked --yes must be given', async () => {
    const path = fileOf('yes', TEXT);
    expect(await hold(path, ['remove', 'acme'])).toMatchObject({ code: 2 });
    expect(readFileSync(path, 'utf8')).toBe(TEXT);
    expect(await hold(path, ['remove', 'acme', '--yes'])).toMatchObject({ code: 0 });
  });
});
