import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { bqWatchdog, bqWatchdogInside, temporaryFolder } from './bq-watchdog.ts';
import { act, HOUR_MS, ledgerFile } from './ledger-file.ts';

const folder = temporaryFolder();
const nowMs = Date.now();
const at = (hoursAgo: number) => nowMs - hoursAgo * HOUR_MS;
const iso = (hoursAgo: number) => new Date(at(hoursAgo)).toISOString();

let ledger = '';
beforeAll(async () => {
  ledger = await ledgerFile(folder, 'ledger.sqlite', async (open, clock) => {
    const policy = 'interactive-runtime';
    clock.nowMs = at(30);
    await act(
      open,
      { policy, jobId: 'long_ago' },
      { state: 'ended', outcome: 'cancelled', askedAtMs: [at(30)] },
    );
    clock.nowMs = at(4);
    const requests = [at(4), at(3.9)];
    await act(
      open,
      { policy, jobId: 'stopped' },
      { state: 'ended', outcome: 'cancelled', askedAtMs: requests },
    );
    clock.nowMs = at(3);
    await act(open, { policy, jobId: 'acquitted' }, { state: 'void', outcome: 'no-longer-guilty' });
    clock.nowMs = at(2);
    await act(open, { policy: 'queue', jobId: 'stuck' }, { state: 'asked', askedAtMs: [at(2)] });
    clock.nowMs = at(1);
    await act(open, { policy: 'queue', jobId: 'fresh' });
  });
});

function acts(...args: string[]) {
  return bqWatchdog(['acts', ...args], { environment: { WATCHDOG_LEDGER: ledger } });
}

test('the acts of the last day are listed, newest first, with what became of them', async () => {
  const { code, stdout, stderr } = await acts();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['TIME', 'JOB', 'POLICY', 'OUTCOME', 'REQUESTS'],
    [iso(1), 'shop:EU.fresh', 'queue', 'under way', '0'],
    [iso(2), 'shop:EU.stuck', 'queue', 'asked to cancel', '1'],
    [iso(3), 'shop:EU.acquitted', 'interactive-runtime', 'not done: no-longer-guilty', '0'],
    [iso(4), 'shop:EU.stopped', 'interactive-runtime', 'cancelled', '2'],
    [''],
  ]);
});

test('--since goes further back, and --ledger wins over the environment', async () => {
  const environment = { WATCHDOG_LEDGER: 'sqlite:/nowhere' };
  const { code, stdout } = await bqWatchdog(['acts', '--since=2d', '--ledger', ledger], { environment });
  expect(code).toBe(0);
  expect(stdout).toContain('shop:EU.long_ago');
});

test('--format json prints one JSON value with all that the ledger knows of each act', async () => {
  const { code, stdout, stderr } = await acts('--format', 'json', '--since', '5h');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const result = JSON.parse(stdout);
  expect(result).toMatchObject({ since: expect.any(String), more: false });
  expect(result.acts).toHaveLength(4);
  expect(result.acts.at(-1)).toEqual({
    at: iso(4),
    job: 'shop:EU.stopped',
    verb: 'cancel',
    policy: 'interactive-runtime',
    state: 'ended',
    outcome: 'cancelled',
    sentence: 'has run 42 min of at most 30 min allowed by interactive-runtime',
    requests: [iso(4), iso(3.9)],
    endedAt: iso(4),
  });
});

test('more acts than --limit are said to be there', async () => {
  const { stdout } = await acts('--limit', '2');
  expect(stdout).toContain('shop:EU.stuck');
  expect(stdout).not.toContain('shop:EU.acquitted');
  expect(stdout).toMatch(/\nThere are more: .*--since.*--limit\n$/);
  expect((await acts('--limit', '4')).stdout).not.toContain('There are more');
});

test('of a retry it is told when it is due, and as which job it runs', async () => {
  const job = { projectId: 'shop', location: 'EU', jobId: 'failed' };
  const dueAtMs = nowMs + HOUR_MS;
  const address = await ledgerFile(folder, 'retries.sqlite', async (open, clock) => {
    clock.nowMs = nowMs;
    const finding = {
      policy: 'transient',
      degree: 'crossed',
      action: 'retry',
      mode: 'enforce',
      sentence: 's',
    } as const;
    const about = { job, verb: 'retry', policy: 'transient', finding, holder: 'h' } as const;
    const times = { rootEndedAtMs: nowMs, failedAtMs: nowMs, deadlineAtMs: dueAtMs };
    for (const attempt of [1, 2]) {
      const retry = {
        attemptId: `failed_wdr${attempt}_0`,
        principal: 'etl',
        reason: 'backendError',
        ...times,
      };
      await open.schedule({ ...about, attempt, retry, dueAtMs }, []);
    }
    const won = await open.win({ ...about, attempt: 1, leaseMs: 60_000 });
    if (won.kind === 'won') await open.advance(won.held, { state: 'asked', askedAtMs: [nowMs] }, []);
    const retry = { attemptId: 'late_wdr1_0', principal: 'etl', reason: 'backendError', ...times };
    const late = { ...about, job: { ...job, jobId: 'late' }, attempt: 1 };
    await open.schedule({ ...late, retry: { ...retry, heldBy: 'breaker-open' }, dueAtMs: at(1) }, []);
  });
  const { stdout } = await bqWatchdogInside(['acts', '--ledger', address]);
  expect(stdout).toMatch(/shop:EU\.failed +transient +asked to run it as failed_wdr1_0 +1\n/);
  expect(stdout).toContain(`to be run again at ${new Date(dueAtMs).toISOString()}`);
  expect(stdout).toContain(`due since ${iso(1)} (breaker-open)`);
  const json = await bqWatchdogInside(['acts', '--ledger', address, '--format', 'json']);
  expect(JSON.parse(json.stdout).acts).toContainEqual(
    expect.objectContaining({ dueAt: iso(1), heldBy: 'breaker-open' }),
  );
  expect(JSON.parse(json.stdout).acts).toContainEqual(
    expect.objectContaining({ verb: 'retry', attempt: 2, repeatedAs: 'shop:EU.failed_wdr2_0' }),
  );
});

test('when nothing was done that is said, exit 0', async () => {
  const { code, stdout } = await acts('--since', '10m');
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'nothing was done within the last 10 min\n' });
});

describe('a ledger that cannot be read is a failure: exit 1, a message that says what to do', () => {
  test('a file that is not there is not made', async () => {
    const missing = join(folder, 'missing.sqlite');
    const ended = await bqWatchdog(['acts', '--ledger', `sqlite:${missing}`]);
    expect(ended).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(`ledger ${missing}: it does not exist; correct the path`),
    });
    expect(existsSync(missing)).toBe(false);
  });

  test('an empty file is not made one', async () => {
    const empty = join(folder, 'empty.sqlite');
    writeFileSync(empty, '');
    const ended = await bqWatchdogInside(['stop', '--ledger', `sqlite:${empty}`]);
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`${empty}: it is empty; correct`),
    });
    expect(readFileSync(empty, 'utf8')).toBe('');
  });

  test('a file that is no ledger', async () => {
    const other = join(folder, 'notes.txt');
    writeFileSync(other, 'no database, but a text that is long enough to be taken for one: '.repeat(40));
    const { code, stdout, stderr } = await bqWatchdog([
      'acts',
      '--format=json',
      '--ledger',
      `sqlite:${other}`,
    ]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { name: 'LedgerUnavailableError' } });
    expect(stderr).toMatch(/^error: ledger .*notes\.txt: .*correct the path/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
