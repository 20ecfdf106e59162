import { expect, test } from 'vitest';
import { SystemAlert } from '../../shared/alert/alert.schema.ts';
import { OwnerFileUnavailable } from '../../shared/owner-files/errors.ts';
import { takeSweepLease } from '../../shared/watch/sweep-lease.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { MINUTE_MS, running, tenMinutes, truth } from '../running-job.ts';
import { simulatedJobsApi } from '../simulated-jobs-api.ts';
import { seeded } from '../simulator/playground.ts';
import { openWatchdog, START_MS, type Watchdog } from '../watchdog.ts';

type Faults = Parameters<Simulator['setFaults']>[0];

const DAY_MINUTES = 24 * 60;

/** A sweep each minute, the last of them at `to`. */
async function tickFrom(watchdog: Watchdog, from: number, to: number): Promise<void> {
  for (let minute = from; minute <= to; minute++) {
    await watchdog.clock.advanceTo(START_MS + minute * MINUTE_MS);
    await watchdog.sweep();
  }
}

/** What people were told of the watchdog itself, each held to the published schema. */
function told({ alerts }: Watchdog): SystemAlert[] {
  return alerts
    .filter(({ type }) => !String(type).startsWith('bigquery-watchdog.job.'))
    .map((alert) => SystemAlert.parse(alert));
}

const LIST_IS_AWAY: Faults = ({ method }) => (method === 'list' ? { kind: 'unavailable' } : undefined);

test('a project whose list stays away is told of after ten minutes, and then once a day', async () => {
  const watchdog = await openWatchdog({ policies: tenMinutes() });
  running(watchdog, 'guilty', 30);
  watchdog.simulator.setFaults(LIST_IS_AWAY);
  await tickFrom(watchdog, 0, 9);
  expect(told(watchdog)).toEqual([]);
  await tickFrom(watchdog, 10, 60);
  const [alert, ...more] = told(watchdog);
  expect(more).toEqual([]);
  expect(alert?.type).toBe('bigquery-watchdog.project.unwatchable.v1');
  expect(alert?.project).toBe('my-project');
  expect(alert?.data.sentence).toMatch(
    /no sweep has been whole since 2026-09-01T12:00:00.000Z; the last one: jobs.list of jobs of my-project: /,
  );
  await tickFrom(watchdog, DAY_MINUTES, DAY_MINUTES + 20);
  expect(told(watchdog)).toHaveLength(2);
});

test('a whole sweep ends the count', async () => {
  const watchdog = await openWatchdog({ policies: tenMinutes() });
  watchdog.simulator.setFaults(LIST_IS_AWAY);
  await tickFrom(watchdog, 0, 8);
  watchdog.simulator.setFaults(undefined);
  await tickFrom(watchdog, 9, 9);
  watchdog.simulator.setFaults(LIST_IS_AWAY);
  await tickFrom(watchdog, 10, 19);
  expect(told(watchdog)).toEqual([]);
  await tickFrom(watchdog, 20, 20);
  expect(told(watchdog)).toHaveLength(1);
});

test('the count goes on in another instance', async () => {
  const first = await openWatchdog({ policies: tenMinutes() });
  first.simulator.setFaults(LIST_IS_AWAY);
  await tickFrom(first, 0, 5);
  const { clock, simulator, store } = first;
  const second = await openWatchdog({ policies: tenMinutes(), clock, simulator, store });
  await tickFrom(second, 6, 10);
  expect(told(second)).toHaveLength(1);
});

test('sweeps that die without a word are told of by the one after ten minutes', async () => {
  const watchdog = await openWatchdog({ policies: tenMinutes() });
  const { clock, runtime } = watchdog;
  const { ports } = runtime;
  for (const minute of [0, 5, 9]) {
    await clock.advanceTo(START_MS + minute * MINUTE_MS);
    expect(await takeSweepLease('my-project', `dies-${minute}`, runtime.span('sweep'), ports)).toBeDefined();
  }
  await tickFrom(watchdog, 12, 12);
  expect(told(watchdog).map(({ data }) => data.sentence)).toEqual([
    expect.stringContaining(
      'no sweep has been whole since 2026-09-01T12:00:00.000Z; the last one: it came to no end',
    ),
  ]);
});

test('one that died is not told of while others are whole', async () => {
  const watchdog = await openWatchdog({ policies: tenMinutes() });
  const { clock, runtime } = watchdog;
  await tickFrom(watchdog, 0, 8);
  await clock.advanceTo(START_MS + 9 * MINUTE_MS);
  await takeSweepLease('my-project', 'dies', runtime.span('sweep'), runtime.ports);
  await tickFrom(watchdog, 12, 20);
  expect(told(watchdog)).toEqual([]);
});

test('one page that never comes is told of, though the first one does', async () => {
  const watchdog = await openWatchdog({ policies: tenMinutes() });
  running(watchdog, 'guilty', 30);
  for (let index = 0; index < 600; index++) {
    running(watchdog, `old-${index}`, 60);
  }
  let pages = 0;
  watchdog.simulator.setFaults(({ method }) =>
    method === 'list' && pages++ > 0 ? { kind: 'internalError' } : undefined,
  );
  await tickFrom(watchdog, 0, 11);
  expect(truth(watchdog, 'guilty').state).toBe('RUNNING');
  expect(told(watchdog).map(({ type }) => type)).toEqual(['bigquery-watchdog.project.unwatchable.v1']);
});

test('one job that can never be looked at is told of', async () => {
  const watchdog = await openWatchdog({ policies: tenMinutes() });
  running(watchdog, 'odd', 30);
  watchdog.simulator.setFaults(({ method }) => (method === 'get' ? { kind: 'internalError' } : undefined));
  await tickFrom(watchdog, 0, 11);
  expect(told(watchdog).map(({ data }) => data.sentence)).toEqual([
    expect.stringContaining('the last one: jobs.get of my-project:US.odd: '),
  ]);
});

/** A file of Cloud Storage whose policy wants a field that the list lacks, so that its acts follow a look. */
async function withFile(read: () => { text: string; generation: string }): Promise<Watchdog> {
  const clock = new VirtualClock(START_MS);
  const simulator = new Simulator({ clock, random: seeded(1) });
  const api = simulatedJobsApi((request) => simulator.handle(request));
  const list: typeof api.list = async (...call) => {
    const answer = await api.list(...call);
    return {
      ...answer,
      body: JSON.parse(JSON.stringify(answer.body).replaceAll('statementType', 'lacking')),
    };
  };
  const watchdog = await openWatchdog({
    policies: '',
    clock,
    simulator,
    parts: {
      jobsApi: () => ({ ...api, list }),
      policyFile: () => ({ read: async () => read(), describe: () => 'gs://bucket/policies.yaml' }),
    },
  });
  running(watchdog, 'guilty', 30);
  return watchdog;
}

const LOOKED_AT = tenMinutes().replace('jobTypes: [QUERY, COPY]', 'statementTypes: [SELECT]');

test('a policy file that is written again with the same text keeps no act back', async () => {
  let generation = 0;
  const watchdog = await withFile(() => ({ text: LOOKED_AT, generation: String(generation++) }));
  await tickFrom(watchdog, 0, 0);
  expect(truth(watchdog, 'guilty').state).toBe('DONE');
});

test('one that changes in every sweep keeps them back, and people are told after ten minutes', async () => {
  let version = 0;
  const watchdog = await withFile(() => {
    version += 1;
    return { text: `${LOOKED_AT}# ${version}\n`, generation: String(version) };
  });
  await tickFrom(watchdog, 0, 9);
  expect(told(watchdog)).toEqual([]);
  await tickFrom(watchdog, 10, 20);
  expect(truth(watchdog, 'guilty').state).toBe('RUNNING');
  expect(told(watchdog).map(({ data }) => data.sentence)).toEqual([
    expect.stringContaining('acts were put off, for the policy file changed while it listed the jobs'),
  ]);
});

test('a policy file that stays away is told of once, whatever the projects', async () => {
  const address = 'gs://bucket/policies.yaml';
  let isAway = false;
  const read = async () => {
    if (isAway) throw new OwnerFileUnavailable(address, 'Cloud Storage answered 503');
    return { text: tenMinutes(), generation: '1' };
  };
  const parts = { policyFile: () => ({ read, describe: () => address }) };
  const watchdog = await openWatchdog({ policies: '', parts });
  isAway = true;
  for (let minute = 0; minute <= 30; minute++) {
    await watchdog.clock.advanceTo(START_MS + minute * MINUTE_MS);
    await watchdog.sweep('my-project');
    await watchdog.sweep('other-project');
    if (minute === 9) expect(told(watchdog)).toEqual([]);
  }
  const [alert, ...more] = told(watchdog);
  expect(more).toEqual([]);
  expect(alert?.type).toBe('bigquery-watchdog.policy.unavailable.v1');
  expect(alert?.data.sentence).toContain(`${address} could not be fetched: Cloud Storage answered 503`);
});
