import { describe, expect, test } from 'vitest';
import { MINUTE_MS, running, tenMinutes, truth } from '../running-job.ts';
import { openWatchdog, START_MS } from '../watchdog.ts';

/** So many jobs that nobody minds, in pages of 500. */
function crowd(watchdog: Awaited<ReturnType<typeof openWatchdog>>, jobs: number): void {
  for (let index = 0; index < jobs; index++) running(watchdog, `crowd-${index}`, 1);
}

describe('a sweep that has no time to list everything', () => {
  const slow = async (topics: string) => {
    const watchdog = await openWatchdog({
      policies: tenMinutes(),
      environment: { WATCHDOG_SWEEP_TOPICS: topics, CLOUD_RUN_TIMEOUT_SECONDS: '60' },
    });
    // Newest first: the guilty one stands on the first page.
    crowd(watchdog, 1_500);
    running(watchdog, 'guilty', 0.5, { slots: 1 });
    watchdog.setPolicies(tenMinutes().replace('10m', '29s'));
    watchdog.simulator.setFaults(({ method }) =>
      method === 'list' ? { kind: 'slow', ms: 15_000 } : undefined,
    );
    return watchdog;
  };

  test('sends another message to go on', async () => {
    const watchdog = await slow('cancel=projects/p/topics/t');
    expect(await watchdog.sweep()).toEqual({ status: 204, deadLetter: false });
    expect(watchdog.continuations).toEqual(['cancel my-project']);
  });

  test('comes again where there is no topic to send it on', async () => {
    const watchdog = await slow('');
    expect((await watchdog.sweep()).status).toBe(503);
    expect(watchdog.continuations).toEqual([]);
  });
});

describe('two sweeps of one project at once', () => {
  test('the second finds the lease held, and does nothing', async () => {
    const watchdog = await openWatchdog({ policies: tenMinutes() });
    running(watchdog, 'soon', 9.8);
    const first = watchdog.sweep();
    await watchdog.sweep();
    await first;
    expect(watchdog.lines.filter((line) => line.includes('lease-held'))).toHaveLength(1);
    expect(watchdog.simulator.writes).toHaveLength(1);
  });

  test('of another project is none of its business', async () => {
    const watchdog = await openWatchdog({ policies: tenMinutes() });
    running(watchdog, 'soon', 9.8);
    running(watchdog, 'elsewhere', 30, { projectId: 'other-project' });
    const first = watchdog.sweep();
    await watchdog.sweep('other-project');
    await first;
    expect(watchdog.simulator.writes).toHaveLength(2);
  });

  test('the lease of a sweep that died does not keep the next ticks from looking', async () => {
    const watchdog = await openWatchdog({ policies: tenMinutes() });
    running(watchdog, 'guilty', 30);
    await watchdog.runtime.ports.ledger.takeLease('sweep/cancel/my-project', 'dead', 90_000);
    await watchdog.clock.advanceTo(START_MS + 2 * MINUTE_MS);
    await watchdog.sweep();
    expect(truth(watchdog, 'guilty').state).toBe('DONE');
  });
});

test('locations that do not answer are logged, and the others are watched', async () => {
  const watchdog = await openWatchdog({ policies: tenMinutes() });
  running(watchdog, 'guilty', 30);
  running(watchdog, 'hidden', 30, { location: 'europe-west2' });
  watchdog.simulator.setLists({ unreachable: ['europe-west2'] });
  await watchdog.sweep();
  expect(truth(watchdog, 'guilty').state).toBe('DONE');
  expect(watchdog.lines.filter((line) => line.includes('"locations":["europe-west2"]'))).toHaveLength(1);
  watchdog.simulator.setLists({ unreachable: [] });
  await watchdog.sweep();
  expect(watchdog.simulator.writes).toHaveLength(2);
});
