import { describe, expect, test } from 'vitest';
import { MINUTE_MS, running, tenMinutes, truth } from '../running-job.ts';
import { jobAlerts, openWatchdog, START_MS, type Watchdog } from '../watchdog.ts';

const scope = { verb: 'cancel', policy: 'short' } as const;

const states = (watchdog: Watchdog, jobs: readonly string[]) =>
  jobs.map((jobId) => truth(watchdog, jobId).state);

const trips = ({ alerts }: Watchdog) =>
  alerts.filter(({ type }) => type === 'bigquery-watchdog.breaker.tripped.v1').length;

function names(count: number, prefix: string): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

describe('the share of a sweep', () => {
  /** So many guilty among so many jobs. */
  async function swept(guilty: number, jobs: number): Promise<{ watchdog: Watchdog; stopped: number }> {
    const watchdog = await openWatchdog({ policies: tenMinutes() });
    const guiltyJobs = names(guilty, 'guilty-');
    for (const jobId of guiltyJobs) running(watchdog, jobId, 30);
    for (const jobId of names(jobs - guilty, 'innocent-')) running(watchdog, jobId, 1);
    await watchdog.sweep();
    return { watchdog, stopped: states(watchdog, guiltyJobs).filter((state) => state === 'DONE').length };
  }

  test.each([
    { name: 'four of four are stopped: below five acts it is not minded', guilty: 4, jobs: 4, stopped: 4 },
    { name: 'five of 25 are stopped: 20 % is not more than 20 %', guilty: 5, jobs: 25, stopped: 5 },
    { name: 'five of 24 are not, not even the first', guilty: 5, jobs: 24, stopped: 0 },
  ])('$name', async ({ guilty, jobs, stopped }) => {
    const outcome = await swept(guilty, jobs);
    expect(outcome.stopped).toBe(stopped);
    expect(trips(outcome.watchdog)).toBe(stopped === 0 ? 1 : 0);
  });

  test('when it trips, each job that is left alone is told once', async () => {
    const { watchdog } = await swept(5, 5);
    await watchdog.sweep();
    const told = jobAlerts(watchdog.alerts).map(({ data }) => [data.step, data.because]);
    expect(told).toEqual(names(5, '').map(() => ['observed', 'breaker-open']));
    expect(trips(watchdog)).toBe(1);
  });

  test('when it trips, people are told in which project, and so does the ledger', async () => {
    const { watchdog } = await swept(5, 10);
    const why = 'one sweep found 5 of the 10 pending and running jobs of my-project guilty, more than 20 %';
    const [alert] = watchdog.alerts.filter(({ type }) => type === 'bigquery-watchdog.breaker.tripped.v1');
    expect(alert).toMatchObject({ data: { sentence: expect.stringContaining(`tripped: ${why}; `) } });
    const [breaker] = await watchdog.clock.run(watchdog.runtime.ports.ledger.breakers());
    expect(breaker?.trip?.why).toBe(why);
  });

  test('acts that fall due within the sweep are counted with those before', async () => {
    const watchdog = await openWatchdog({ policies: tenMinutes() });
    for (const jobId of names(4, 'guilty-')) running(watchdog, jobId, 30);
    for (const jobId of names(4, 'soon-')) running(watchdog, jobId, 9.5);
    await watchdog.sweep();
    expect(states(watchdog, names(4, 'guilty-'))).toEqual(names(4, '').map(() => 'DONE'));
    expect(states(watchdog, names(4, 'soon-'))).toEqual(names(4, '').map(() => 'RUNNING'));
    expect(trips(watchdog)).toBe(1);
  });
});

describe('the slots of a policy', () => {
  const policies = tenMinutes(', breaker: { acts: 2, per: 1h, share: 100% }');

  test('are used up by acts, and then it trips', async () => {
    const watchdog = await openWatchdog({ policies });
    for (const jobId of names(3, 'guilty-')) running(watchdog, jobId, 30);
    await watchdog.sweep();
    expect(watchdog.simulator.writes).toHaveLength(2);
    expect(trips(watchdog)).toBe(1);
  });

  test('that run out do not close a breaker; a person does, and the act is then done', async () => {
    const watchdog = await openWatchdog({ policies });
    for (const jobId of names(3, 'guilty-')) running(watchdog, jobId, 30);
    await watchdog.sweep();
    await watchdog.clock.advanceTo(START_MS + 3 * 60 * MINUTE_MS);
    await watchdog.sweep();
    expect(watchdog.simulator.writes).toHaveLength(2);
    await watchdog.runtime.ports.ledger.resetBreaker(scope);
    await watchdog.sweep();
    expect(watchdog.simulator.writes).toHaveLength(3);
  });

  test('are free again after their time, to the millisecond', async () => {
    const watchdog = await openWatchdog({ policies });
    const { ledger } = watchdog.runtime.ports;
    const take = (claimKey: string) => ledger.takeSlot(scope, claimKey, 1, 60 * MINUTE_MS);
    expect(await take('a')).toBe('taken');
    await watchdog.clock.advanceTo(START_MS + 60 * MINUTE_MS - 1);
    expect(await take('b')).toBe('none-left');
    await watchdog.clock.advanceTo(START_MS + 60 * MINUTE_MS);
    expect(await take('b')).toBe('taken');
  });

  test('are not used up by acts that turn out to be uncalled for', async () => {
    const watchdog = await openWatchdog({ policies });
    for (const jobId of names(5, 'spared-')) running(watchdog, jobId, 9.95);
    watchdog.clock.sleep(1_000).then(() => watchdog.setPolicies(policies.replace('10m', '20m')));
    await watchdog.sweep();
    expect(watchdog.clock.now()).toBeGreaterThanOrEqual(START_MS + 3_000);
    const [status] = await watchdog.runtime.ports.ledger.breakers();
    expect(status?.taken ?? 0).toBe(0);
    expect(trips(watchdog)).toBe(0);
  });
});
