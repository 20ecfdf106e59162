import { describe, expect, test } from 'vitest';
import type { JobScript } from '../../simulator/job-script.ts';
import { at, playground, reasonOf, START_MS } from './playground.ts';

const JOB = '/bigquery/v2/projects/shop/jobs/job';
const NAME = { projectId: 'shop', jobId: 'job' };

/** A job that was asked to stop ten seconds after its creation. */
async function cancelled(script: Partial<JobScript>): Promise<ReturnType<typeof playground>> {
  const scene = playground();
  scene.simulator.start({ ...NAME, runMs: Infinity, ...script });
  await scene.clock.advanceTo(START_MS + 10_000);
  await scene.call('POST', `${JOB}/cancel?location=US`);
  return scene;
}

test('a cancel answers at once with the job as it is, and the job ends within two seconds', async () => {
  const { clock, simulator, call } = playground();
  simulator.start({ ...NAME, runMs: Infinity });
  await clock.advanceTo(START_MS + 10_000);
  const { status, body } = await call('POST', `${JOB}/cancel`);
  expect(clock.now()).toBe(START_MS + 10_000);
  expect(status).toBe(200);
  expect(at(body, 'kind')).toBe('bigquery#jobCancelResponse');
  expect(at(body, 'job', 'status')).toEqual({ state: 'RUNNING' });
  await clock.advanceBy(2_000);
  const done = await call('GET', JOB);
  const error = { reason: 'stopped', message: 'Job execution was cancelled: User requested cancellation' };
  expect(at(done.body, 'status')).toEqual({ state: 'DONE', errorResult: error, errors: [error] });
  expect(simulator.writes).toMatchObject([{ method: 'cancel', effective: true, stateBefore: 'RUNNING' }]);
});

test('it ends when its script says so, and not before', async () => {
  const { clock, simulator } = await cancelled({ cancel: { afterMs: 30_000 } });
  await clock.advanceTo(START_MS + 39_999);
  expect(simulator.truth(NAME)?.state).toBe('RUNNING');
  await clock.advanceTo(START_MS + 40_000);
  expect(simulator.truth(NAME)).toMatchObject({
    state: 'DONE',
    errorReason: 'stopped',
    endTimeMs: START_MS + 40_000,
  });
});

test('a pending job is stopped without ever starting', async () => {
  const { clock, simulator } = await cancelled({ pendingMs: Infinity });
  await clock.advanceBy(2_000);
  const truth = simulator.truth(NAME);
  expect(truth).toMatchObject({ state: 'DONE', errorReason: 'stopped' });
  expect(truth).not.toHaveProperty('startTimeMs');
});

describe('a cancel that does not do what was asked', () => {
  test('a stuck job runs on, and remembers each request', async () => {
    const { clock, simulator, call } = await cancelled({ cancel: 'stuck' });
    await clock.advanceBy(60_000);
    await call('POST', `${JOB}/cancel`);
    await clock.advanceBy(60_000);
    expect(simulator.truth(NAME)).toMatchObject({ state: 'RUNNING', cancelStuck: true });
    expect(simulator.truth(NAME)?.cancelRequestedAtMs).toEqual([START_MS + 10_000, START_MS + 70_000]);
    expect(simulator.writes.map((write) => write.effective)).toEqual([false, false]);
  });

  test('a copy job runs on to its end', async () => {
    const { clock, simulator } = await cancelled({ type: 'COPY', runMs: 60_000 });
    await clock.advanceTo(START_MS + 59_999);
    expect(simulator.truth(NAME)?.state).toBe('RUNNING');
    await clock.advanceTo(START_MS + 60_000);
    expect(simulator.truth(NAME)).not.toHaveProperty('errorReason');
  });

  test('a job that wins the race ends by itself, without an error', async () => {
    const { clock, simulator } = await cancelled({ cancel: 'loses-race' });
    await clock.advanceBy(2_000);
    expect(simulator.truth(NAME)?.state).toBe('DONE');
    expect(simulator.truth(NAME)).not.toHaveProperty('errorReason');
  });

  test('a job that was about to end anyway ends by itself', async () => {
    const { clock, simulator } = await cancelled({ runMs: 10_100, cancel: { afterMs: 1_000 } });
    await clock.advanceBy(2_000);
    expect(simulator.truth(NAME)).toMatchObject({ state: 'DONE', endTimeMs: START_MS + 10_100 });
    expect(simulator.truth(NAME)).not.toHaveProperty('errorReason');
  });

  test('a job that ignores the first request stops at the second', async () => {
    const { clock, simulator, call } = await cancelled({ cancel: { ignoresFirst: 1 } });
    await clock.advanceBy(60_000);
    expect(simulator.truth(NAME)?.state).toBe('RUNNING');
    await call('POST', `${JOB}/cancel`);
    await clock.advanceBy(2_000);
    expect(simulator.truth(NAME)?.errorReason).toBe('stopped');
  });

  test('a job that is done takes no notice', async () => {
    const { clock, simulator, call } = await cancelled({ runMs: 5_000 });
    await clock.advanceBy(5_000);
    expect((await call('POST', `${JOB}/cancel`)).status).toBe(200);
    expect(simulator.truth(NAME)).toMatchObject({
      state: 'DONE',
      endTimeMs: START_MS + 5_000,
      cancelRequestedAtMs: [],
    });
    expect(simulator.writes.every((write) => !write.effective && write.stateBefore === 'DONE')).toBe(true);
  });
});

test('the children of a script stop with it, and those to come never come', async () => {
  const { clock, simulator } = await cancelled({
    children: [{ runMs: 5_000 }, { runMs: Infinity }, { createdAtMs: START_MS + 20_000 }],
    cancel: { afterMs: 500 },
  });
  await clock.advanceTo(START_MS + 30_000);
  const children = simulator.allTruths().filter((truth) => truth.parentJobId === 'job');
  expect(children.map(({ state, errorReason, endTimeMs }) => ({ state, errorReason, endTimeMs }))).toEqual([
    { state: 'DONE', errorReason: undefined, endTimeMs: START_MS + 5_000 },
    { state: 'DONE', errorReason: 'stopped', endTimeMs: START_MS + 10_500 },
  ]);
});

test('a job that is not there is not found', async () => {
  const { call, simulator } = playground();
  const response = await call('POST', `${JOB}/cancel?location=EU`);
  expect([response.status, reasonOf(response)]).toEqual([404, 'notFound']);
  expect(simulator.writes).toMatchObject([{ method: 'cancel', effective: false, refused: 'notFound' }]);
});
