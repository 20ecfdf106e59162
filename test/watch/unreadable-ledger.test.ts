import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { scopeKey } from '../../shared/ledger/breaker-keys.ts';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { newDirectory } from '../ledger/new-directory.ts';
import { MINUTE_MS, running, tenMinutes, truth } from '../running-job.ts';
import { openWatchdog, START_MS, type Watchdog } from '../watchdog.ts';

/** An unfinished claim as a later version of the watchdog may write it. */
async function leaveUnreadable({ store }: Watchdog, ...names: readonly string[]): Promise<void> {
  const place = { collection: 'claims', group: 'cancel my-project', dueAtMs: START_MS } as const;
  const body = { verb: 'cancel', state: 'verifying' };
  for (const name of names) {
    await store.write([{ kind: 'create', ...place, key: `cancel:1:${name}`, body }]);
  }
}

/** A claim of an act that nobody is at, with a word in it that a later version of the watchdog may know. */
async function claimAsLaterVersion(
  { runtime, store }: Watchdog,
  jobId: string,
  state: 'claimed' | 'void',
): Promise<void> {
  const { ledger } = runtime.ports;
  const job = { projectId: 'my-project', location: 'US', jobId };
  const finding = {
    policy: 'short',
    degree: 'crossed',
    action: 'cancel',
    mode: 'enforce',
    sentence: '',
  } as const;
  const request = { job, attempt: 1, policy: 'short', finding, holder: 'dead', leaseMs: 1_000 } as const;
  const won = await ledger.win({ ...request, verb: 'cancel' });
  if (won.kind !== 'won') throw new Error('the claim is taken');
  if (state === 'void') await ledger.advance(won.held, { state, outcome: 'no-longer-guilty' }, []);
  const stored = await store.get('claims', won.held.claim.key);
  if (stored === undefined) throw new Error('a claim is no document');
  const { version: ifVersion, ...document } = stored;
  const body = { ...stored.body, finding: { ...finding, cannot: 'load-job' } };
  await store.write([{ kind: 'replace', ifVersion, ...document, body }]);
}

/** What people were told of `my-project`. */
function unwatchable({ alerts }: Watchdog): string[] {
  return alerts.flatMap(({ type, data }) =>
    type === 'bigquery-watchdog.project.unwatchable.v1' ? [JSON.stringify(data)] : [],
  );
}

test('an unfinished act that cannot be read keeps no other from being finished, and is told once a day', async () => {
  const watchdog = await openWatchdog({ policies: tenMinutes() });
  running(watchdog, 'guilty', 30, { cancel: { ignoresFirst: 1 } });
  await leaveUnreadable(watchdog, 'one', 'two');
  const statuses: number[] = [];
  for (let minute = 1; minute <= 10; minute++) {
    statuses.push((await watchdog.sweep()).status);
    await watchdog.clock.advanceTo(START_MS + minute * MINUTE_MS);
  }
  expect(new Set(statuses)).toEqual(new Set([204]));
  expect(truth(watchdog, 'guilty').state).toBe('DONE');
  expect(watchdog.stepsOf('guilty')).toContain('cancelled');
  const told = unwatchable(watchdog);
  expect(told).toHaveLength(1);
  expect(told[0]).toContain('the ledger has claims that cannot be read, 2 as far as this sweep saw; ');
  expect(watchdog.lines.some((line) => line.includes('"count":2'))).toBe(true);
});

test.each(['claimed', 'void'] as const)(
  'a claim in state %s that cannot be read counts as an act, and keeps no other job from being judged',
  async (state) => {
    const watchdog = await openWatchdog({ policies: tenMinutes() });
    for (const jobId of ['odd', 'guilty-1', 'guilty-2']) running(watchdog, jobId, 30);
    for (let index = 0; index < 20; index++) running(watchdog, `young-${index}`, 1);
    await claimAsLaterVersion(watchdog, 'odd', state);
    await watchdog.clock.advanceTo(START_MS + MINUTE_MS);
    expect((await watchdog.sweep()).status).toBe(204);
    expect(truth(watchdog, 'odd').state).toBe('RUNNING');
    expect(truth(watchdog, 'guilty-1').state).toBe('DONE');
    expect(truth(watchdog, 'guilty-2').state).toBe('DONE');
    const told = unwatchable(watchdog);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('the ledger has claims that cannot be read, 1 as far as this sweep saw; ');
  },
);

test('a claim that cannot be read is weighed by the breaker before the first act', async () => {
  const watchdog = await openWatchdog({ policies: tenMinutes() });
  for (const jobId of ['odd', 'guilty-1', 'guilty-2', 'guilty-3', 'guilty-4']) running(watchdog, jobId, 30);
  for (let index = 0; index < 17; index++) running(watchdog, `young-${index}`, 1);
  await claimAsLaterVersion(watchdog, 'odd', 'void');
  await watchdog.sweep();
  // Five of 22 are more than a fifth; four are not.
  expect(watchdog.simulator.writes).toHaveLength(0);
  expect(watchdog.alerts.map(({ type }) => type)).toContain('bigquery-watchdog.breaker.tripped.v1');
});

test('a breaker that cannot be read keeps back its own policy and no other, and is told', async () => {
  const watchdog = await openWatchdog({
    policies: `
version: 1
mode: enforce
policies:
  - { name: a, match: { principals: ['ada@example.com'] }, limit: { runtime: 10m }, action: cancel }
  - { name: b, match: { principals: ['ada@example.com'] }, limit: { runtime: 11m }, action: cancel }
  - { name: c, match: { principals: ['eve@example.com'] }, limit: { runtime: 10m }, action: cancel }
`,
  });
  running(watchdog, 'of-a', 30);
  running(watchdog, 'of-c', 30, { principal: 'eve@example.com' });
  const key = scopeKey({ verb: 'cancel', policy: 'a' });
  await watchdog.store.write([{ kind: 'create', collection: 'breakers', key, body: { odd: 1 } }]);
  expect((await watchdog.sweep()).status).toBe(204);
  expect(truth(watchdog, 'of-a').state).toBe('RUNNING');
  expect(truth(watchdog, 'of-c').state).toBe('DONE');
  expect(unwatchable(watchdog)[0]).toContain('the ledger has breakers that cannot be read, 1 ');
});

test('a stop that cannot be read keeps everything back, and is told', async () => {
  const watchdog = await openWatchdog({ policies: tenMinutes() });
  running(watchdog, 'guilty', 30);
  const { ledger } = watchdog.runtime.ports;
  await ledger.stop({ atMs: START_MS, by: 'ada' });
  const [stop] = await watchdog.store.find({ collection: 'stops', limit: 1 });
  if (stop === undefined) throw new Error('a stop is no document');
  const { version: ifVersion, ...document } = stop;
  await watchdog.store.write([{ kind: 'replace', ifVersion, ...document, body: { since: 'May' } }]);
  expect((await watchdog.sweep()).status).toBe(503);
  expect(watchdog.simulator.writes).toHaveLength(0);
  expect(unwatchable(watchdog)[0]).toContain('the ledger has stops that cannot be read, 1 ');
});

test('an alert that cannot be read keeps no other from being published, and is told', async () => {
  const published: unknown[] = [];
  let isDown = true;
  const publish = async (event: object): Promise<void> => {
    if (isDown) throw new Error('no answer');
    published.push('type' in event && event.type);
  };
  const parts = { publisher: () => ({ publish }) };
  const watchdog = await openWatchdog({ policies: tenMinutes(), parts });
  running(watchdog, 'guilty', 30);
  const place = { collection: 'outbox', group: 'unpublished', dueAtMs: START_MS - 1 } as const;
  const body = { ceId: 'odd', event: [], published: false };
  await watchdog.store.write([{ kind: 'create', ...place, key: 'alert:odd', body }]);
  await watchdog.sweep();
  isDown = false;
  await watchdog.clock.advanceTo(START_MS + MINUTE_MS);
  expect((await watchdog.sweep()).status).toBe(204);
  expect(published.slice(0, 2)).toEqual([
    'bigquery-watchdog.job.cancelling.v1',
    'bigquery-watchdog.job.cancelled.v1',
  ]);
  expect(published).toContain('bigquery-watchdog.project.unwatchable.v1');
});

test('an unfinished act whose document is no JSON keeps no other from being finished', async () => {
  const path = join(newDirectory(), 'ledger.db');
  const clock = new VirtualClock(START_MS);
  const store = new SqliteStore({ path, clock });
  const watchdog = await openWatchdog({ policies: tenMinutes(), clock, store });
  running(watchdog, 'guilty', 30, { cancel: { ignoresFirst: 1 } });
  await leaveUnreadable(watchdog, 'one');
  const meddler = new DatabaseSync(path);
  meddler.exec(`UPDATE documents SET body = 'x' WHERE collection = 'claims'`);
  meddler.close();
  for (let minute = 1; minute <= 5; minute++) {
    expect((await watchdog.sweep()).status).toBe(204);
    await clock.advanceTo(START_MS + minute * MINUTE_MS);
  }
  expect(watchdog.stepsOf('guilty')).toContain('cancelled');
  expect(unwatchable(watchdog)).toHaveLength(1);
});
