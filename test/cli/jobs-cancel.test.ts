import { userInfo } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { JobAlert } from '../../shared/alert/alert.schema.ts';
import { LONGEST_LEASE_MS } from '../../shared/ledger/believed-lease.ts';
import type { Claim } from '../../shared/ledger/ledger.ts';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import { openLedger } from '../../shared/ledger/stored-ledger.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { bqWatchdog, bqWatchdogInside, temporaryFolder } from './bq-watchdog.ts';
import { jobsServer, MARKER } from './jobs-server.ts';
import { act, ledgerFile } from './ledger-file.ts';

const server = jobsServer();
const folder = temporaryFolder();

function emptyLedger(name: string): Promise<string> {
  return ledgerFile(folder, `${name}.sqlite`, async () => undefined);
}

function cancel(ledger: string, args: string[], environment: Record<string, string> = {}) {
  return bqWatchdogInside(['jobs', 'cancel', ...args, '--ledger', ledger], {
    environment: { ...server.environment(), ...environment },
  });
}

/** What the ledger holds after: its claims, and the alerts that wait for a sweep to publish them. */
async function recorded(address: string): Promise<{ claims: readonly Claim[]; alerts: JobAlert[] }> {
  const clock = { now: () => Date.now() };
  const ledger = openLedger(new SqliteStore({ path: address.slice('sqlite:'.length), clock }), clock);
  const claims = await ledger.recentClaims(0, 100);
  const { alerts: rows } = await ledger.unpublishedAlerts(100);
  await ledger.close();
  return { claims, alerts: rows.map(({ event }) => JobAlert.parse(event)) };
}

test('waits until the job has ended, and the act is recorded as the watchdog records its own', async () => {
  server.running('endless', 60);
  const ledger = await emptyLedger('endless');
  const { code, stdout, stderr } = await bqWatchdog(
    ['jobs', 'cancel', 'endless', '--project', 'shop-finance', '--ledger', ledger],
    { environment: server.environment() },
  );
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: 'shop-finance:US.endless was cancelled, though it may still be billed\n',
    stderr: '',
  });
  expect(server.truth('endless')).toMatchObject({ state: 'DONE' });
  const { claims, alerts } = await recorded(ledger);
  const { username } = userInfo();
  expect(claims).toMatchObject([
    { policy: 'by-hand', state: 'ended', outcome: 'cancelled', job: { jobId: 'endless', location: 'US' } },
  ]);
  expect(alerts.map(({ data }) => [data.step, data.policy, data.sentence]).sort()).toEqual([
    [
      'cancelled',
      'by-hand',
      `was to be cancelled by hand, by ${username}: it was cancelled, though it may still be billed`,
    ],
    ['cancelling', 'by-hand', `was to be cancelled by hand, by ${username}: BigQuery was asked to cancel it`],
  ]);
  expect(JSON.stringify({ claims, alerts })).not.toContain(MARKER);
  const acts = await bqWatchdogInside(['acts', '--ledger', ledger]);
  expect(acts.stdout).toMatch(/shop-finance:US\.endless +by-hand +cancelled +1/);
});

test('--nosync asks and returns; the next sweep finds an act to finish', async () => {
  server.running('asked', 60, { cancel: 'stuck' });
  const ledger = await emptyLedger('asked');
  const { code, stdout } = await cancel(ledger, ['shop-finance:US.asked', '--nosync', '--format', 'json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ job: 'shop-finance:US.asked', outcome: 'asked' });
  const { claims } = await recorded(ledger);
  expect(claims).toMatchObject([{ state: 'asked', policy: 'by-hand' }]);
  const [claim] = claims;
  expect(claim?.leaseUntilMs).toBeLessThanOrEqual(Date.now());
  expect(claim?.askedAtMs).toHaveLength(1);
  // Whoever asks again goes on with the same act.
  await cancel(ledger, ['shop-finance:US.asked', '--nosync']);
  expect((await recorded(ledger)).claims[0]?.askedAtMs).toHaveLength(2);
});

test('a job that runs on when the wait is over exits 1', async () => {
  server.running('stuck', 60, { cancel: 'stuck' });
  const ledger = await emptyLedger('stuck');
  const { code, stdout } = await cancel(ledger, ['shop-finance:US.stuck', '--wait', '1s']);
  expect({ code, stdout }).toEqual({
    code: 1,
    stdout: expect.stringMatching(
      /^shop-finance:US\.stuck runs on 1 s after BigQuery was asked to cancel it\. /,
    ),
  });
});

test.for([
  { jobId: 'done', more: { runMs: 1_000 }, code: 0, says: /had ended already; nothing was done/ },
  {
    jobId: 'first',
    more: { runMs: 3_601_500, cancel: 'loses-race' as const },
    code: 0,
    says: /ended by itself before it could be cancelled/,
  },
])('a job that ends by itself is not counted as cancelled: $jobId', async ({ jobId, more, code, says }) => {
  server.running(jobId, 60, more);
  const ledger = await emptyLedger(jobId);
  const ended = await cancel(ledger, [`shop-finance:US.${jobId}`]);
  expect(ended.stdout).toMatch(says);
  expect(ended.code).toBe(code);
});

test('a dry run writes nothing', async () => {
  server.running('dry', 60);
  const before = server.writes();
  const ledger = await emptyLedger('dry');
  const { code, stdout } = await cancel(ledger, ['shop-finance:US.dry'], { WATCHDOG_DRY_RUN: 'true' });
  expect({ code, stdout }).toEqual({
    code: 1,
    stdout: 'shop-finance:US.dry was not cancelled, for WATCHDOG_DRY_RUN is true\n',
  });
  expect(server.writes()).toBe(before);
  expect((await recorded(ledger)).claims).toMatchObject([{ state: 'void', outcome: 'dry-run' }]);
});

test('a job that an instance of the watchdog is at is left to it', async () => {
  server.running('held', 60, { projectId: 'shop', location: 'EU' });
  const ledger = await ledgerFile(folder, 'held.sqlite', async (open, time) => {
    time.nowMs = Date.now();
    await act(open, { jobId: 'held', policy: 'interactive-runtime' });
  });
  const { code, stdout } = await cancel(ledger, ['shop:EU.held', '--nosync']);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout:
      'shop:EU.held is being cancelled by the watchdog already, for interactive-runtime; see bq-watchdog acts\n',
  });
});

test("a script's child is not cancelled: its script is named", async () => {
  server.running('script', 1, {
    children: [{ runMs: Number.POSITIVE_INFINITY, createdAtMs: server.nowMs() - 30_000 }],
  });
  const list = `${server.address()}/bigquery/v2/projects/shop-finance/jobs?parentJobId=script&allUsers=true`;
  const child: string = JSON.parse(await (await fetch(list)).text()).jobs[0].jobReference.jobId;
  const { code, stdout } = await cancel(await emptyLedger('child'), [`shop-finance:US.${child}`]);
  expect({ code, stdout }).toEqual({
    code: 1,
    stdout: `shop-finance:US.${child} is a child of the script shop-finance:US.script; nothing was done. Cancel the script: bq-watchdog jobs cancel shop-finance:US.script\n`,
  });
  expect(server.truth('script')).toMatchObject({ state: 'RUNNING', cancelRequestedAtMs: [] });
});

test.each([600_000, -600_000])('a clock that is %d ms ahead takes no claim from anybody', async (aheadMs) => {
  const jobId = `skewed${aheadMs}`;
  server.running(jobId, 60, { projectId: 'shop', location: 'EU' });
  const ledger = await ledgerFile(folder, `${jobId}.sqlite`, async (open, time) => {
    time.nowMs = Date.now();
    await act(open, { jobId, policy: 'interactive-runtime' });
  });
  const before = server.writes();
  const clock: Clock = { now: () => Date.now() + aheadMs, sleep: (ms) => setTimeout(ms) };
  const args = ['jobs', 'cancel', `shop:EU.${jobId}`, '--nosync', '--ledger', ledger];
  const ended = await bqWatchdogInside(args, { environment: server.environment(), clock });
  expect(ended).toEqual({
    code: 1,
    stdout: expect.stringMatching(
      /was not cancelled, for the clock of this machine and BigQuery's differ by (59\d|600) s /,
    ),
    stderr: '',
  });
  expect(server.writes()).toBe(before);
  expect((await recorded(ledger)).claims).toMatchObject([{ policy: 'interactive-runtime', askedAtMs: [] }]);
});

test('--wait is no longer than a lease is believed', async () => {
  server.running('long', 60);
  const ledger = await emptyLedger('long');
  const longer = await cancel(ledger, ['shop-finance:US.long', '--wait', '58m']);
  expect(longer).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('longer than 57 min'),
  });
  expect((await recorded(ledger)).claims).toEqual([]);
  const longest = await cancel(ledger, ['shop-finance:US.long', '--wait', '57m']);
  expect(longest).toMatchObject({ code: 0 });
  const [claim] = (await recorded(ledger)).claims;
  expect(claim?.leaseMs).toBe(LONGEST_LEASE_MS);
});

describe('a request that BigQuery does not take', () => {
  /** Waits pass at once: BigQuery's time is the machine's, and these are too short to count as a clock that is wrong. */
  function impatient(): Clock {
    let skippedMs = 0;
    return {
      now: () => Date.now() + skippedMs,
      sleep: async (ms, signal) => {
        if (signal === undefined) skippedMs += ms;
        else await setTimeout(ms, undefined, { signal });
      },
    };
  }

  async function refused(jobId: string, fault: Parameters<typeof server.refuseCancels>[0], times?: number) {
    server.running(jobId, 60);
    const ledger = await emptyLedger(jobId);
    server.refuseCancels(fault, times);
    const args = ['jobs', 'cancel', `shop-finance:US.${jobId}`, '--nosync', '--ledger', ledger];
    const ended = await bqWatchdogInside(args, { environment: server.environment(), clock: impatient() });
    server.refuseCancels(fault, 0);
    return { ended, claims: (await recorded(ledger)).claims };
  }

  test('is repeated, and that is said', async () => {
    const { ended, claims } = await refused('throttled', { kind: 'rateLimitExceeded' }, 2);
    expect(ended).toEqual({
      code: 0,
      stdout: 'shop-finance:US.throttled is to be cancelled: BigQuery was asked; see bq-watchdog acts\n',
      stderr: expect.stringMatching(
        /^(jobs\.cancel of .*: too many requests; .*; it is asked again in 5 s\n){2}$/,
      ),
    });
    expect(claims).toMatchObject([{ state: 'asked', askedAtMs: [expect.any(Number)] }]);
  });

  test('for a minute is given up: nothing was done, and nobody goes on with it', async () => {
    const { ended, claims } = await refused('for-ever', { kind: 'rateLimitExceeded' });
    expect(ended).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /^\S+ was not cancelled, for BigQuery took no request: .*too many requests/,
      ),
    });
    expect(claims).toMatchObject([{ state: 'void', outcome: 'not-asked', askedAtMs: [] }]);
    expect(server.truth('for-ever')).toMatchObject({ state: 'RUNNING', cancelRequestedAtMs: [] });
  });
});
