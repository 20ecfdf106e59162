import { expect, test } from 'vitest';
import { SystemAlert } from '../../shared/alert/alert.schema.ts';
import { isRecord, type JsonRecord } from '../../simulator/json.ts';
import type { SimulatorRequest, SimulatorResponse } from '../../simulator/request.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { running, tenMinutes } from '../running-job.ts';
import { seeded } from '../simulator/playground.ts';
import { openWatchdog, START_MS, type Watchdog, type WatchdogOptions } from '../watchdog.ts';
import { attempt, fails, openRetry, toldOf } from './retrying-watchdog.ts';

/** The answer of a get, and each item of a list, as this makes of it. */
type Change = (job: JsonRecord, method: 'get' | 'list') => JsonRecord;

class OddSimulator extends Simulator {
  change: Change = (job) => job;

  override async handle(request: SimulatorRequest): Promise<SimulatorResponse> {
    const answer = await super.handle(request);
    const { body } = answer;
    if (request.method !== 'GET' || !isRecord(body)) return answer;
    const { jobs } = body;
    if (!Array.isArray(jobs)) return { ...answer, body: this.change(body, 'get') };
    const items: readonly unknown[] = jobs;
    return {
      ...answer,
      body: { ...body, jobs: items.map((job) => (isRecord(job) ? this.change(job, 'list') : job)) },
    };
  }
}

function odd(change: Change): Pick<WatchdogOptions, 'clock' | 'simulator'> {
  const clock = new VirtualClock(START_MS);
  const simulator = new OddSimulator({ clock, random: seeded(7) });
  simulator.change = change;
  return { clock, simulator };
}

function isJob({ jobReference }: JsonRecord, jobId: string): boolean {
  return isRecord(jobReference) && jobReference['jobId'] === jobId;
}

function toldOfProject({ alerts }: Watchdog): string[] {
  const own = alerts.filter(({ type }) => type === 'bigquery-watchdog.project.unwatchable.v1');
  return own.map((alert) => SystemAlert.parse(alert).data.sentence);
}

/** As items without a name are. */
const NAMELESS = { jobReference: undefined, id: undefined };

test('a failure whose list item cannot be read is told of', async () => {
  const watchdog = await openRetry(
    odd((job, method) => (method === 'list' && isJob(job, 'job') ? { ...job, ...NAMELESS } : job)),
  );
  fails(watchdog, 'job', 20);
  await watchdog.sweepAt(1, 2, 3);
  expect(toldOfProject(watchdog)).toEqual([
    expect.stringContaining(
      'has 1 job that cannot be read, and is not watched (one without an id, created at 2026-',
    ),
  ]);
  expect(JSON.stringify(watchdog.alerts)).not.toContain('HUSH_8d21');
});

test('so is a running job, to whoever cancels', async () => {
  const watchdog = await openWatchdog({
    policies: tenMinutes(),
    ...odd((job, method) => (method === 'list' ? { ...job, ...NAMELESS } : job)),
  });
  running(watchdog, 'guilty', 30);
  await watchdog.sweep();
  expect(toldOfProject(watchdog)).toHaveLength(1);
});

test.each<[string, JsonRecord]>([
  ['has no status', { status: undefined }],
  ['has an error that is a text', { status: { state: 'DONE', errorResult: 'boom' } }],
  ['has an error that is a list', { status: { state: 'DONE', errorResult: [{ reason: 'stopped' }] } }],
])('a retry whose job %s has neither recovered nor failed, until BigQuery tells', async (_, change) => {
  const id = attempt('job', 1);
  let isOdd = true;
  const watchdog = await openRetry(
    odd((job, method) => (isOdd && method === 'get' && isJob(job, id) ? { ...job, ...change } : job)),
  );
  fails(watchdog, 'job', 20);
  await watchdog.sweepAt(1, 2, 3, 4, 5);
  expect(toldOf(watchdog, 'job')).toEqual(['retry-scheduled', 'retried']);
  isOdd = false;
  await watchdog.sweepAt(6, 7, 8, 9);
  expect(toldOf(watchdog, 'job')).toEqual(['retry-scheduled', 'retried', 'recovered']);
});

test('a failure that a look cannot tell of is answered once it can', async () => {
  let isOdd = true;
  const watchdog = await openRetry(
    odd((job, method) =>
      isOdd && method === 'get' && isJob(job, 'job') ? { ...job, status: undefined } : job,
    ),
  );
  fails(watchdog, 'job', 20);
  await watchdog.sweepAt(1, 2);
  expect(toldOf(watchdog, 'job')).toEqual([]);
  isOdd = false;
  await watchdog.sweepAt(3, 4, 5, 6);
  expect(toldOf(watchdog, 'job')).toEqual(['retry-scheduled', 'retried', 'recovered']);
});
