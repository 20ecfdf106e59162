import { expect, test } from 'vitest';
import { savedBy } from '../../demo/saved.ts';
import type { JobScript } from '../../simulator/job-script.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';

const HOUR_MS = 3_600_000;

/** The truths of jobs that were asked to stop after an hour, ten hours later. */
async function stoppedAfterAnHour(...scripts: readonly Partial<JobScript>[]) {
  const clock = new VirtualClock(0);
  const simulator = new Simulator({ clock, random: () => 0 });
  const cancel = { afterMs: 0 };
  const names = scripts.map((script) => simulator.start({ projectId: 'shop-prod', cancel, ...script }));
  await clock.advanceTo(HOUR_MS);
  for (const { projectId, jobId, location } of names) {
    const path = `/bigquery/v2/projects/${projectId}/jobs/${jobId}/cancel?location=${location}`;
    await simulator.handle({ method: 'POST', path, headers: {} });
  }
  await clock.advanceTo(10 * HOUR_MS);
  return names.flatMap((name) => simulator.truth(name) ?? []);
}

test('a stopped job saves what it would have run on, at the slots that it had', async () => {
  const truths = await stoppedAfterAnHour({ runMs: 3 * HOUR_MS, slots: 100 });
  expect(savedBy(truths, 24 * HOUR_MS)).toEqual({
    jobs: 1,
    runMs: 2 * HOUR_MS,
    slotMs: 200 * HOUR_MS,
    endless: 0,
    unstarted: 0,
  });
});

test('a job without an end is counted up to the end of the day', async () => {
  const truths = await stoppedAfterAnHour({ runMs: Number.POSITIVE_INFINITY, slots: 2 });
  expect(savedBy(truths, 24 * HOUR_MS)).toMatchObject({
    runMs: 23 * HOUR_MS,
    slotMs: 46 * HOUR_MS,
    endless: 1,
  });
});

test('a job that had not started is only counted', async () => {
  const truths = await stoppedAfterAnHour({ pendingMs: 2 * HOUR_MS, runMs: HOUR_MS });
  expect(savedBy(truths, 24 * HOUR_MS)).toEqual({ jobs: 0, runMs: 0, slotMs: 0, endless: 0, unstarted: 1 });
});
