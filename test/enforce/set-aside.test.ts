import { describe, expect, test } from 'vitest';
import { cancelWork } from '../../functions/cancel-work.ts';
import { handlePush } from '../../functions/push.ts';
import { MINUTE_MS, running, tenMinutes, truth } from '../running-job.ts';
import { openWatchdog, pushBody, START_MS, type Watchdog } from '../watchdog.ts';

const JOBS = ['a', 'b', 'c'];
const SET_ASIDE_MS = 5 * MINUTE_MS;

function runGuilty(watchdog: Watchdog): void {
  for (const job of JOBS) running(watchdog, job, 30);
  for (let index = 0; index < 17; index++) running(watchdog, `young-${index}`, 1, { runMs: MINUTE_MS });
}

async function sweepAt(watchdog: Watchdog, atMs: number): Promise<void> {
  await watchdog.clock.advanceTo(Math.max(atMs, watchdog.clock.now()));
  await watchdog.sweep();
}

const entries = async ({ store }: Watchdog): Promise<number> =>
  (await store.find({ collection: 'claim-times', limit: 999 })).length;

function withoutPermission(watchdog: Watchdog): { cancels: () => number; giveBack: () => void } {
  let cancels = 0;
  watchdog.simulator.setFaults(({ method }) => {
    if (method === 'cancel') cancels += 1;
    return undefined;
  });
  watchdog.simulator.setWithheld([{ projectId: 'my-project', permissions: ['bigquery.jobs.update'] }]);
  return { cancels: () => cancels, giveBack: () => watchdog.simulator.setWithheld([]) };
}

describe('an act that may not be done', () => {
  test('in a dry run leaves as much in the ledger after an hour as after a minute', async () => {
    const environment = { WATCHDOG_DRY_RUN: 'true' };
    const watchdog = await openWatchdog({ policies: tenMinutes(), environment });
    runGuilty(watchdog);
    for (let minute = 0; minute < 60; minute++) await sweepAt(watchdog, START_MS + minute * MINUTE_MS);
    expect(await entries(watchdog)).toBe(JOBS.length);
    expect(watchdog.simulator.writes).toEqual([]);
    expect(JOBS.map((job) => watchdog.stepsOf(job))).toEqual(JOBS.map(() => ['observed']));
  });

  test('for want of a permission is tried every five minutes, and succeeds once it is there', async () => {
    const watchdog = await openWatchdog({ policies: tenMinutes() });
    runGuilty(watchdog);
    const { cancels, giveBack } = withoutPermission(watchdog);
    for (let minute = 0; minute < 30; minute++) await sweepAt(watchdog, START_MS + minute * MINUTE_MS);
    expect(cancels()).toBeLessThanOrEqual(6 * JOBS.length);
    expect(await entries(watchdog)).toBe(JOBS.length);
    giveBack();
    for (let minute = 30; minute < 36; minute++) await sweepAt(watchdog, START_MS + minute * MINUTE_MS);
    expect(JOBS.map((job) => truth(watchdog, job).state)).toEqual(['DONE', 'DONE', 'DONE']);
  });

  test.each([
    { when: 'a millisecond before five minutes are over', waitMs: SET_ASIDE_MS - 1, cancels: 1 },
    { when: 'five minutes later', waitMs: SET_ASIDE_MS, cancels: 2 },
  ])('$when is tried $cancels times in all', async ({ waitMs, cancels }) => {
    const watchdog = await openWatchdog({ policies: tenMinutes() });
    running(watchdog, 'a', 30);
    const tried = withoutPermission(watchdog);
    await watchdog.sweep();
    const known = await watchdog.runtime.ports.ledger.claim(jobName('a'), 'cancel', 1);
    expect(known?.claim).toMatchObject({ state: 'void', outcome: 'forbidden' });
    await sweepAt(watchdog, (known?.claim.endedAtMs ?? Number.NaN) + waitMs);
    expect(tried.cancels()).toBe(cancels);
  });

  test('is done at once by another instance, which is not dry', async () => {
    const environment = { WATCHDOG_DRY_RUN: 'true' };
    const dry = await openWatchdog({ policies: tenMinutes(), environment });
    running(dry, 'a', 30);
    await dry.sweep();
    const { clock, simulator, store } = dry;
    const { runtime } = await openWatchdog({ policies: tenMinutes(), clock, simulator, store });
    const deployed = { ...runtime, ports: { ...runtime.ports, holder: 'deployed-since' } };
    await clock.run(handlePush(pushBody({ sweep: { projectId: 'my-project' } }), deployed, cancelWork));
    expect(truth(dry, 'a').state).toBe('DONE');
  });
});

function jobName(jobId: string) {
  return { projectId: 'my-project', location: 'US', jobId };
}
