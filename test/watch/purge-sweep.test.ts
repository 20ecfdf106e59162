import { describe, expect, test } from 'vitest';
import { MINUTE_MS } from '../running-job.ts';
import { START_MS } from '../watchdog.ts';
import { DAY_MS, HUSH, openPurge } from './purging-watchdog.ts';

const DONE = { status: 204, deadLetter: false };
const SECOND_MS = 1_000;

describe('a sensitive job of which no event came', () => {
  test('is found by a sweep and purged when its time has come, in the sweep in which that falls', async () => {
    const watchdog = await openPurge();
    watchdog.sensitive('job', START_MS);
    watchdog.plain('other', START_MS);
    await watchdog.sweepAt(1, 2);
    expect(watchdog.deleted()).toEqual([]);
    await watchdog.sweepAt(15);
    expect(watchdog.deleted()).toEqual(['job']);
    const deletedAtMs = watchdog.calls.find(({ method }) => method === 'delete')?.atMs ?? 0;
    expect(deletedAtMs).toBeGreaterThanOrEqual(START_MS + 10 * SECOND_MS + 15 * MINUTE_MS);
    expect(deletedAtMs).toBeLessThan(START_MS + 13 * SECOND_MS + 15 * MINUTE_MS);
    expect(watchdog.stepsOf('job')).toEqual(['purging', 'purged']);
    expect(watchdog.stepsOf('other')).toEqual([]);
    expect(JSON.stringify([watchdog.alerts, watchdog.lines])).not.toContain(HUSH);
    const { certificates } = await watchdog.runtime.ports.ledger.certificates(0, 9);
    expect(certificates.map(({ job, by }) => [job.jobId, by])).toEqual([
      ['job', watchdog.runtime.ports.holder],
    ]);
  });

  test('is found although it ended days after it began', async () => {
    const watchdog = await openPurge();
    await watchdog.sweepAt(0);
    watchdog.sensitive('long', START_MS + SECOND_MS, { runMs: 5 * DAY_MS });
    const end = 5 * 24 * 60;
    await watchdog.sweepAt(1, 60, end, end + 1, end + 2, end + 15, end + 16);
    expect(watchdog.deleted()).toEqual(['long']);
  });

  test('waits longer when it failed', async () => {
    const watchdog = await openPurge();
    watchdog.sensitive('job', START_MS, { error: { reason: 'invalidQuery', message: HUSH } });
    await watchdog.sweepAt(1, 16, 59);
    expect(watchdog.deleted()).toEqual([]);
    await watchdog.sweepAt(60);
    expect(watchdog.deleted()).toEqual(['job']);
  });

  test('in observe is told once, and never purged', async () => {
    const watchdog = await openPurge();
    watchdog.sensitive('job', START_MS, { principal: 'dbt@my-project.iam.gserviceaccount.com' });
    await watchdog.sweepAt(1, 2, 16, 17);
    expect(watchdog.stepsOf('job')).toEqual(['observed']);
    expect(watchdog.deleted()).toEqual([]);
  });
});

describe('a job that is no policy’s', () => {
  test('costs one look, however often lists show it', async () => {
    const watchdog = await openPurge();
    watchdog.plain('job', START_MS);
    await watchdog.sweepAt(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    expect(watchdog.calls.filter(({ method }) => method !== 'list')).toMatchObject([
      { method: 'get', jobId: 'job' },
    ]);
  });

  test('is looked at again by policies that have changed', async () => {
    const watchdog = await openPurge();
    watchdog.sensitive('job', START_MS, { query: "SELECT 'ACCT-1'" });
    await watchdog.sweepAt(1);
    watchdog.setPolicies(
      'version: 1\nmode: enforce\npolicies:\n  - { name: accounts, sensitive: { patterns: { account: "ACCT-[0-9]" } }, purge: { after: 5m } }\n',
    );
    await watchdog.sweepAt(2, 5);
    expect(watchdog.deleted()).toEqual(['job']);
  });

  test('costs no look where its account is not matched', async () => {
    const watchdog = await openPurge();
    watchdog.sensitive('job', START_MS, { principal: 'ada@example.com' });
    await watchdog.sweepAt(1, 2);
    expect(watchdog.calls.filter(({ method }) => method !== 'list')).toEqual([]);
  });
});

test('a hold keeps it, and it is purged once the hold is gone', async () => {
  const hold =
    'version: 1\nholds:\n  - { id: case-1, reason: Litigation, until: indefinite, match: { jobs: ["my-project:US.job"] } }\n';
  const watchdog = await openPurge({ holds: hold });
  watchdog.sensitive('job', START_MS);
  await watchdog.sweepAt(1, 15, 16, 30, 60, 120);
  expect(watchdog.deleted()).toEqual([]);
  watchdog.setHolds('version: 1\nholds: []\n');
  await watchdog.sweepAt(180, 181);
  expect(watchdog.deleted()).toEqual(['job']);
});

test('while the holds file cannot be read nothing is purged, and people are told; then it is', async () => {
  const watchdog = await openPurge({ holds: 'version: 1\nholds: []\n' });
  watchdog.sensitive('job', START_MS);
  await watchdog.sweepAt(1);
  watchdog.setHolds(undefined);
  await watchdog.sweepAt(15, 16, 17);
  expect(watchdog.deleted()).toEqual([]);
  expect(watchdog.alerts.map(({ type }) => type)).toContain('bigquery-watchdog.holds.refused.v1');
  watchdog.setHolds('version: 1\nholds: []\n');
  await watchdog.sweepAt(18, 19);
  expect(watchdog.deleted()).toEqual(['job']);
});

test('a script of which a child runs on is judged when that has ended, and until then no sweep fails for it', async () => {
  const watchdog = await openPurge();
  const children = [
    { runMs: 20 * MINUTE_MS, error: { reason: 'invalidQuery', message: 'no CUST-12345678' } },
  ];
  watchdog.plain('script', START_MS, { children });
  for (const minute of [1, 5, 10, 15, 19]) {
    await watchdog.clock.advanceTo(START_MS + minute * MINUTE_MS);
    expect(await watchdog.sweep()).toEqual(DONE);
  }
  expect([watchdog.deleted(), watchdog.alerts]).toEqual([[], []]);
  await watchdog.sweepAt(21, 22, 90);
  expect(watchdog.deleted()).toEqual(['script']);
});

test('two sweeps at once, and one message that comes twice, purge nothing twice', async () => {
  const watchdog = await openPurge();
  watchdog.sensitive('job', START_MS - 20 * MINUTE_MS);
  const outcomes = await Promise.all([watchdog.sweep(), watchdog.sweep()]);
  expect(outcomes).toEqual([DONE, DONE]);
  expect(watchdog.calls.filter(({ method }) => method === 'delete')).toHaveLength(1);
});

test('what a sweep did not see to its end the next one does', async () => {
  const watchdog = await openPurge();
  watchdog.sensitive('job', START_MS - 20 * MINUTE_MS);
  watchdog.simulator.setFaults(({ method }) =>
    method === 'delete' ? { kind: 'lost', answer: 'reset' } : undefined,
  );
  await watchdog.sweepAt(0);
  watchdog.simulator.setFaults(undefined);
  await watchdog.sweepAt(5, 10);
  expect(watchdog.stepsOf('job').at(-1)).toBe('purged');
  expect(watchdog.deleted()).toEqual(['job']);
});

test('a job that can never be looked at when it is due is told once', async () => {
  const watchdog = await openPurge();
  watchdog.sensitive('job', START_MS - 30_000);
  await watchdog.sweepAt(0, 1);
  watchdog.simulator.setFaults(({ method }) => (method === 'get' ? { kind: 'malformed' } : undefined));
  await watchdog.sweepAt(15);
  expect(watchdog.stepsOf('job')).toEqual([]);
  await watchdog.sweepAt(16, 17, 18, 19, 20, 40, 60, 90);
  expect(watchdog.stepsOf('job')).toEqual(['could-not-purge']);
  expect(watchdog.deleted()).toEqual([]);
});
