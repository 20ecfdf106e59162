import { expect, test } from 'vitest';
import { Books } from '../../demo/books.ts';
import { allJobs } from '../../demo/job-lists.ts';
import { savedBy } from '../../demo/saved.ts';
import { LIST_PRICES } from '../../shared/cost/price-table.ts';
import type { JobScript } from '../../simulator/job-script.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';

const HOUR_MS = 3_600_000;
const TIB = 2 ** 40;
const SELECT = { statementType: 'SELECT' };
const ON_SLOTS = { ...SELECT, reservation: 'shop-admin:US.pipelines', edition: 'ENTERPRISE' };

/** What is saved by jobs that were asked to stop after an hour, on a day of 24 hours. */
async function savedAfterAnHour(...scripts: readonly Partial<JobScript>[]) {
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
  const jobs = await new Books(simulator).read(await allJobs(simulator));
  const cancelled = jobs.flatMap((job) => {
    const truth = simulator.truth(job.name);
    return truth === undefined ? [] : [{ job, truth }];
  });
  return savedBy(cancelled, 24 * HOUR_MS, LIST_PRICES);
}

test('a stopped job saves what it would have run on, at the slots that it had', async () => {
  expect(await savedAfterAnHour({ ...ON_SLOTS, runMs: 3 * HOUR_MS, slots: 100 })).toEqual({
    jobs: 1,
    runMs: 2 * HOUR_MS,
    slotMs: 200 * HOUR_MS,
    // 0.06 USD for each slot-hour.
    upToUsd: 12,
    unknownCost: 0,
    endless: 0,
    unstarted: 0,
  });
});

test('a query on demand saves what its estimate says beyond what was billed', async () => {
  const read = { estimatedBytes: 8 * TIB, bytesProcessed: 4 * TIB };
  // A quarter of the four tebibytes was read, and 6.25 USD billed for it.
  expect(await savedAfterAnHour({ ...SELECT, ...read, runMs: 4 * HOUR_MS })).toMatchObject({
    upToUsd: 7 * 6.25,
    unknownCost: 0,
  });
});

test.each<[string, Partial<JobScript>]>([
  ['without an estimate', { ...SELECT, bytesProcessed: TIB }],
  ['in a location without prices', { ...SELECT, location: 'us-west8', estimatedBytes: TIB }],
])('what a query %s would have cost is unknown, and counted as no money', async (_, script) => {
  expect(await savedAfterAnHour({ ...script, runMs: 4 * HOUR_MS })).toMatchObject({
    jobs: 1,
    upToUsd: 0,
    unknownCost: 1,
  });
});

test('a job without an end is counted up to the end of the day', async () => {
  const endless = { ...ON_SLOTS, runMs: Number.POSITIVE_INFINITY, slots: 2 };
  expect(await savedAfterAnHour(endless)).toMatchObject({
    runMs: 23 * HOUR_MS,
    slotMs: 46 * HOUR_MS,
    endless: 1,
  });
});

test('a job that had not started is only counted', async () => {
  expect(await savedAfterAnHour({ ...SELECT, pendingMs: 2 * HOUR_MS, runMs: HOUR_MS })).toEqual({
    jobs: 0,
    runMs: 0,
    slotMs: 0,
    upToUsd: 0,
    unknownCost: 0,
    endless: 0,
    unstarted: 1,
  });
});
