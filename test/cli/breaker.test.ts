import { expect, test } from 'vitest';
import { bqWatchdog, bqWatchdogInside, temporaryFolder } from './bq-watchdog.ts';
import { ledgerFile } from './ledger-file.ts';

const folder = temporaryFolder();
const nowMs = Date.now();
const DAY_MS = 86_400_000;
const TRIPPED_AT = new Date(nowMs - DAY_MS).toISOString();

/** A ledger in which the breakers of these policies are open, and one of `calm` has a slot in use. */
function ledgerWithOpen(name: string, ...open: string[]): Promise<string> {
  return ledgerFile(folder, name, async (ledger, clock) => {
    clock.nowMs = nowMs - DAY_MS;
    await ledger.takeSlot({ verb: 'cancel', policy: 'calm' }, 'cancel:calm', 50, 2 * DAY_MS);
    for (const policy of open) {
      const scope = { verb: 'cancel', policy } as const;
      for (const act of ['1', '2']) await ledger.takeSlot(scope, `cancel:${policy}${act}`, 2, 2 * DAY_MS);
      const why = '2 acts within 1 h are used up';
      await ledger.tripBreaker(scope, { atMs: clock.nowMs, why }, { ceId: policy, event: {} });
    }
  });
}

function breaker(ledger: string, ...args: string[]) {
  return bqWatchdog(['breaker', ...args, '--ledger', ledger]);
}

test('status shows open breakers first and exits 1 while any is open', async () => {
  const ledger = await ledgerWithOpen('status.sqlite', 'wild');
  const { code, stdout, stderr } = await breaker(ledger, 'status');
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  const lines = stdout.split('\n');
  expect(lines.slice(0, 3).map((line) => line.split(/ {2,}/))).toEqual([
    ['POLICY', 'VERB', 'STATE', 'SLOTS', 'TRIPPED AT', 'WHY'],
    ['wild', 'cancel', 'OPEN', '2', TRIPPED_AT, '2 acts within 1 h are used up'],
    ['calm', 'cancel', 'closed', '1'],
  ]);
  expect(lines[3]).toMatch(/bq-watchdog breaker reset POLICY$/);
});

test('status exits 0 when none is open', async () => {
  const calm = await breaker(await ledgerWithOpen('calm.sqlite'), 'status');
  expect(calm.code).toBe(0);
  expect(calm.stdout).toMatch(/calm +cancel +closed +1\n$/);
  const empty = await breaker(await ledgerFile(folder, 'empty.sqlite', async () => undefined), 'status');
  expect(empty).toEqual({ code: 0, stdout: 'no breaker is open, and no slot is in use\n', stderr: '' });
});

test('status as JSON', async () => {
  const ledger = await ledgerWithOpen('status-json.sqlite', 'wild');
  const { code, stdout, stderr } = await breaker(ledger, 'status', '--format', 'json');
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(JSON.parse(stdout)).toEqual({
    breakers: [
      {
        verb: 'cancel',
        policy: 'wild',
        state: 'open',
        slotsInUse: 2,
        trippedAt: TRIPPED_AT,
        why: '2 acts within 1 h are used up',
      },
      { verb: 'cancel', policy: 'calm', state: 'closed', slotsInUse: 1 },
    ],
  });
});

test('reset POLICY closes that one, frees its slots, and leaves the others', async () => {
  const ledger = await ledgerWithOpen('reset-one.sqlite', 'wild', 'mad');
  expect(await breaker(ledger, 'reset', 'wild')).toEqual({
    code: 0,
    stdout:
      'closed the cancel breaker of wild, 2 slots are free again (it had tripped because 2 acts within 1 h are used up)\n',
    stderr: '',
  });
  const { stdout } = await breaker(ledger, 'status', '--format', 'json');
  const states = JSON.parse(stdout).breakers.map((one: { policy: string; state: string }) => [
    one.policy,
    one.state,
  ]);
  expect(states).toEqual([
    ['mad', 'open'],
    ['calm', 'closed'],
  ]);
});

test('reset closes all that are open', async () => {
  const ledger = await ledgerWithOpen('reset-all.sqlite', 'wild', 'mad');
  const { code, stdout } = await breaker(ledger, 'reset', '--format', 'json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout).reset).toEqual(
    expect.arrayContaining([
      { verb: 'cancel', policy: 'wild', slots: 2 },
      { verb: 'cancel', policy: 'mad', slots: 2 },
    ]),
  );
  expect((await breaker(ledger, 'status')).code).toBe(0);
  expect(await breaker(ledger, 'reset')).toEqual({ code: 0, stdout: 'no breaker is open\n', stderr: '' });
});

test('a policy is named while no breaker is open: exit 1, for nothing was reset', async () => {
  const ledger = await ledgerWithOpen('none-open.sqlite');
  const reset = (...args: string[]) =>
    bqWatchdogInside(['breaker', 'reset', 'rt', ...args, '--ledger', ledger]);
  const message = 'no breaker is open, so none of policy "rt" was reset';
  expect(await reset()).toEqual({ code: 1, stdout: '', stderr: `error: ${message}\n` });
  expect(JSON.parse((await reset('--format', 'json')).stdout)).toEqual({
    error: { name: 'NotOpenError', message },
  });
});

test('a policy whose breaker is not open is likely misspelled: exit 1, nothing is reset', async () => {
  const ledger = await ledgerWithOpen('misspelled.sqlite', 'wild');
  expect(await breaker(ledger, 'reset', 'wlid')).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'error: no breaker of policy "wlid" is open, so nothing was reset; open are those of wild (did you mean wild?)\n',
  });
  expect((await breaker(ledger, 'status')).code).toBe(1);
});
