import { describe, expect, test } from 'vitest';
import { handlePush } from '../../functions/push.ts';
import { retryWork } from '../../functions/retry-work.ts';
import { MINUTE_MS } from '../running-job.ts';
import { pushBody, START_MS } from '../watchdog.ts';
import {
  attempt,
  BACKEND_ERROR,
  ETL,
  fails,
  openRetry,
  type RetryingWatchdog,
  toldOf,
} from './retrying-watchdog.ts';

const DONE = { status: 204, deadLetter: false };
const REFUSED = { status: 204, deadLetter: true };

/** The last entry of a job, once so many seconds have passed since the start. */
async function entryOf(watchdog: RetryingWatchdog, jobId: string, seconds = 60): Promise<unknown> {
  await watchdog.clock.advanceTo(Math.max(watchdog.clock.now(), START_MS + seconds * 1_000));
  return watchdog.entries.get(jobId)?.at(-1);
}

test('an entry of a failure has the job run again at its time, before any sweep', async () => {
  const watchdog = await openRetry();
  fails(watchdog, 'job', 10);
  const entry = await entryOf(watchdog, 'job', 11);
  expect(await watchdog.push(entry)).toEqual(DONE);
  expect(watchdog.inserted()).toEqual([`${attempt('job', 1)} by ${ETL}`]);
  expect(watchdog.clock.now()).toBeLessThan(START_MS + MINUTE_MS);
  expect(await watchdog.push(entry)).toEqual(DONE);
  expect(toldOf(watchdog, 'job')).toEqual(['retry-scheduled', 'retried']);
});

test('an entry of a failure in the older format, documented for successes only, does too', async () => {
  const watchdog = await openRetry({ format: 'older' });
  fails(watchdog, 'job', 10);
  watchdog.simulator.start({ projectId: 'my-project', jobId: 'fine', principal: ETL, createdAtMs: START_MS });
  const text = JSON.stringify(await entryOf(watchdog, 'fine', 11));
  const failed = '"error":{"code":13,"message":"x"}';
  const entry = text.replaceAll('"fine"', '"job"').replace('"error":{}', failed);
  expect(await watchdog.push(JSON.parse(entry))).toEqual(DONE);
  expect(toldOf(watchdog, 'job')).toEqual(['retry-scheduled', 'retried']);
});

describe.each(['newer', 'older'] as const)('an entry in the %s format', (format) => {
  test('of a job that succeeded costs nothing, not even a promise', async () => {
    const watchdog = await openRetry({ format });
    watchdog.simulator.start({
      projectId: 'my-project',
      jobId: 'fine',
      principal: ETL,
      createdAtMs: START_MS,
    });
    const body = pushBody(await entryOf(watchdog, 'fine', 3));
    expect(handlePush(body, watchdog.runtime, retryWork)).toEqual(DONE);
    expect(watchdog.calls).toEqual([]);
  });

  test('of an attempt tells its outcome at once', async () => {
    const watchdog = await openRetry({ format });
    fails(watchdog, 'job', 10);
    await watchdog.sweepAt(1);
    await watchdog.push(await entryOf(watchdog, attempt('job', 1), 130));
    expect(toldOf(watchdog, 'job')).toEqual(['retry-scheduled', 'retried', 'recovered']);
  });
});

test('the failure of an attempt is answered by the next one, as events come', async () => {
  const watchdog = await openRetry({ lives: () => ({ error: BACKEND_ERROR }) });
  fails(watchdog, 'job', 10);
  const ids = ['job', ...[1, 2, 3].map((number) => attempt('job', number))];
  for (const [index, jobId] of ids.entries()) {
    await watchdog.push(await entryOf(watchdog, jobId, 60 * (index + 1)));
  }
  expect(watchdog.inserted()).toHaveLength(3);
  expect(toldOf(watchdog, 'job').at(-1)).toBe('gave-up attempts-used');
});

describe('an entry only nominates', () => {
  test('one that says of a job that it failed, which it did not, has nothing done', async () => {
    const watchdog = await openRetry();
    fails(watchdog, 'liar', 10);
    const text = JSON.stringify(await entryOf(watchdog, 'liar', 11));
    const job = { projectId: 'my-project', jobId: 'fine', principal: ETL, createdAtMs: START_MS };
    watchdog.simulator.start(job);
    await watchdog.clock.advanceBy(MINUTE_MS);
    expect(await watchdog.push(JSON.parse(text.replaceAll('jobs/liar', 'jobs/fine')))).toEqual(DONE);
    expect([watchdog.inserted(), watchdog.alerts]).toEqual([[], []]);
  });

  test('one of a job that is not there is dropped, with a dead letter', async () => {
    const watchdog = await openRetry();
    fails(watchdog, 'job', 10);
    const text = JSON.stringify(await entryOf(watchdog, 'job', 11));
    expect(await watchdog.push(JSON.parse(text.replaceAll('jobs/job', 'jobs/forged')))).toEqual(REFUSED);
  });

  test('one that was cut leads to a look', async () => {
    const watchdog = await openRetry();
    fails(watchdog, 'job', 10);
    const entry = JSON.parse(JSON.stringify(await entryOf(watchdog, 'job', 11)));
    const { metadata: _, ...payload } = entry.protoPayload;
    await watchdog.push({ ...entry, protoPayload: payload });
    expect(toldOf(watchdog, 'job')).toEqual(['retry-scheduled', 'retried']);
  });
});

describe('an entry costs no call', () => {
  test('of a job that starts', async () => {
    const watchdog = await openRetry();
    fails(watchdog, 'job', 60);
    expect(await watchdog.push(await entryOf(watchdog, 'job', 55))).toEqual(DONE);
    expect(watchdog.calls).toEqual([]);
  });

  test('of a child of a script, whose script has an entry of its own', async () => {
    const watchdog = await openRetry();
    fails(watchdog, 'script', 10, { children: [{ runMs: 5_000, error: BACKEND_ERROR }] });
    await watchdog.clock.advanceTo(START_MS + MINUTE_MS);
    const children = [...watchdog.entries].filter(([jobId]) => jobId.startsWith('script_job_'));
    expect(children).toHaveLength(1);
    for (const entry of children.flatMap(([, entries]) => entries)) await watchdog.push(entry);
    expect(watchdog.calls).toEqual([]);
  });

  test('of a person whom no policy matches', async () => {
    const watchdog = await openRetry();
    fails(watchdog, 'job', 10, { principal: 'ada@example.com' });
    await watchdog.push(await entryOf(watchdog, 'job', 11));
    expect(watchdog.calls).toEqual([]);
  });

  test('where no policy retries, though it was cut', async () => {
    const watchdog = await openRetry({ policies: 'version: 1\npolicies: []\n' });
    fails(watchdog, 'job', 10);
    const entry = JSON.parse(JSON.stringify(await entryOf(watchdog, 'job', 11)));
    await watchdog.push(entry);
    const { metadata: _, ...payload } = entry.protoPayload;
    await watchdog.push({ ...entry, protoPayload: payload });
    expect(watchdog.calls).toEqual([]);
  });
});
