import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { at } from './playground.ts';

const MAIN = fileURLToPath(new URL('../../simulator/main.ts', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'simulator-'));
const children = new Set<ChildProcess>();

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function started(...flags: string[]): {
  child: ChildProcess;
  firstLine: Promise<string>;
  ended: Promise<Ended>;
} {
  const child = spawn(process.execPath, [MAIN, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  let stdout = '';
  let stderr = '';
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code) => resolve({ code, stdout, stderr })),
  );
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      stdout += chunk;
      if (stdout.includes('\n')) resolve(stdout);
    });
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    void ended.then(() => reject(new Error(`it ended: ${stderr}`)));
  });
  firstLine.catch(() => undefined);
  return { child, firstLine, ended };
}

function jobsFile(...lines: string[]): string {
  const file = join(directory, `${lines.length}-${lines.join('').length}.jsonl`);
  writeFileSync(file, lines.join('\n'));
  return file;
}

const job = (state: string): string =>
  JSON.stringify({
    jobReference: { projectId: 'shop', jobId: state.toLowerCase(), location: 'US' },
    statistics: { creationTime: '1785700000000', startTime: '1785700001000' },
    status: { state },
  });

test('it prints one JSON line with its address, plays the file, and ends cleanly', async () => {
  const { child, firstLine, ended } = started(
    '--port',
    '0',
    '--jobs',
    jobsFile(job('RUNNING'), '', job('DONE')),
  );
  const ready: unknown = JSON.parse(await firstLine);
  const address = String(at(ready, 'address'));
  expect(address).toBe(`http://127.0.0.1:${at(ready, 'port')}`);
  const response = await fetch(`${address}/bigquery/v2/projects/shop/jobs?allUsers=true&stateFilter=running`);
  const list: unknown = await response.json();
  expect(at(list, 'jobs', 0, 'jobReference', 'jobId')).toBe('running');
  expect(at(list, 'jobs', 'length')).toBe(1);
  expect(Math.abs(Date.parse(response.headers.get('date') ?? '') - Date.now())).toBeLessThan(600_000);
  child.kill('SIGTERM');
  const { code, stdout, stderr } = await ended;
  expect([code, stderr, stdout.trim().split('\n')]).toEqual([0, '', [JSON.stringify(ready)]]);
});

test('--speed makes its time run faster', async () => {
  const { firstLine } = started('--port', '0', '--speed', '100000');
  const address = String(at(JSON.parse(await firstLine), 'address'));
  const now = async (): Promise<number> =>
    Date.parse((await fetch(`${address}/projects/p/jobs`)).headers.get('date') ?? '');
  const firstMs = await now();
  await expect.poll(async () => (await now()) - firstMs, { timeout: 60_000 }).toBeGreaterThan(60_000);
});

test('--slots is what RUNNING jobs of the file go on using', async () => {
  const flags = ['--port', '0', '--speed', '100000', '--slots', '3', '--jobs', jobsFile(job('RUNNING'))];
  const address = String(at(JSON.parse(await started(...flags).firstLine), 'address'));
  const slotMs = async (): Promise<number> => {
    const response = await fetch(`${address}/bigquery/v2/projects/shop/jobs/running`);
    const body: unknown = await response.json();
    return Number(at(body, 'statistics', 'totalSlotMs') ?? 0);
  };
  await expect.poll(slotMs, { timeout: 60_000 }).toBeGreaterThan(100_000);
});

describe('what is wrong is said in a line, with exit code 2', () => {
  const broken = jobsFile(job('RUNNING'), 'no json', job('ASLEEP'));
  const twice = jobsFile(job('DONE'), job('DONE'));
  test.each([
    { name: 'no port', flags: [], lines: [/--port/] },
    { name: 'a port that is none', flags: ['--port', 'x'], lines: [/--port.*'x'.*0 to 65535/] },
    { name: 'a port too high', flags: ['--port', '65536'], lines: [/--port.*'65536'/] },
    { name: 'a speed of zero', flags: ['--port', '0', '--speed', '0'], lines: [/--speed.*'0'.*above 0/] },
    {
      name: 'fewer slots than none',
      flags: ['--port', '0', '--slots', '-1'],
      lines: [/--slots.*'-1'.*from 0 on/],
    },
    { name: 'an unknown flag', flags: ['--port', '0', '--fast'], lines: [/--fast/] },
    { name: 'a stray word', flags: ['--port', '0', 'stray'], lines: [/stray/] },
    {
      name: 'a file that is not there',
      flags: ['--port', '0', '--jobs', '/none'],
      lines: [/\/none: cannot be read/],
    },
    {
      name: 'a file with faults',
      flags: ['--port', '0', '--jobs', broken],
      lines: [/:2: not JSON/, /:3: status\.state is "ASLEEP"/],
    },
    {
      name: 'a job twice',
      flags: ['--port', '0', '--jobs', twice],
      lines: [/:2: there is a job shop:US\.done already/],
    },
  ])('$name', async ({ flags, lines }) => {
    const { code, stdout, stderr } = await started(...flags).ended;
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.trim().split('\n')).toEqual(lines.map((line) => expect.stringMatching(line)));
  });

  test('a port that is taken', async () => {
    const first = started('--port', '0');
    const port = String(at(JSON.parse(await first.firstLine), 'port'));
    const { code, stderr } = await started('--port', port).ended;
    expect([code, stderr]).toEqual([2, expect.stringContaining(`cannot listen on port ${port}`)]);
  });
});
