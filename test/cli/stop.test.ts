import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { bqWatchdog, bqWatchdogInside, temporaryFolder } from './bq-watchdog.ts';
import { ledgerFile } from './ledger-file.ts';

const folder = temporaryFolder();

async function commands(name: string) {
  const ledger = await ledgerFile(folder, `${name}.sqlite`, async () => undefined);
  return (user: string, ...args: string[]) =>
    bqWatchdogInside([...args, '--ledger', ledger], { environment: { USER: user } });
}

test('stop stands for who looks, until somebody resumes', async () => {
  const run = await commands('stop');
  expect(await run('ada', 'stop', '--reason', 'wrong policy')).toEqual({
    code: 0,
    stdout:
      'stopped: nothing is touched, everything is only observed, until somebody runs: bq-watchdog resume\n',
    stderr: '',
  });
  const status = await run('bob', 'breaker', 'status');
  expect(status.code).toBe(1);
  expect(status.stdout).toMatch(
    /^STOPPED since \d{4}-\S+Z by ada \(wrong policy\): everything is only observed, .*\nno breaker is open/,
  );
  const acts = await run('bob', 'acts');
  expect(acts.stdout).toMatch(/^STOPPED since .* by ada \(wrong policy\).*\nnothing was done/);
  expect(JSON.parse((await run('bob', 'acts', '--format', 'json')).stdout)).toMatchObject({
    stopped: { by: 'ada', reason: 'wrong policy' },
  });

  const again = await run('bob', 'stop');
  expect(again).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^was stopped already, since .* by ada/),
  });

  const resumed = await run('bob', 'resume');
  expect(resumed).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^resumed: policies are enforced again \(it was stopped since .* by ada/),
  });
  expect(await run('bob', 'breaker', 'status')).toMatchObject({
    code: 0,
    stdout: 'no breaker is open, and no slot is in use\n',
  });
  expect(await run('bob', 'resume')).toMatchObject({ code: 0, stdout: 'nothing was stopped\n' });
});

test('as processes and JSON', async () => {
  const ledger = await ledgerFile(folder, 'process.sqlite', async () => undefined);
  const run = (...args: string[]) =>
    bqWatchdog([...args, '--format', 'json'], { environment: { WATCHDOG_LEDGER: ledger, USER: 'ada' } });
  const stopped = await run('stop');
  expect({ ...stopped, stdout: JSON.parse(stopped.stdout) }).toEqual({
    code: 0,
    stdout: { stopped: { since: expect.any(String), by: userInfo().username }, already: false },
    stderr: '',
  });
  const resumed = await run('resume');
  expect(JSON.parse(resumed.stdout)).toMatchObject({ resumed: true, stopped: { by: userInfo().username } });
});
