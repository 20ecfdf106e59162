import { expect, test } from 'vitest';
import * as z from 'zod';
import { MINUTE_MS } from '../running-job.ts';
import { START_MS } from '../watchdog.ts';
import { openPurge, POLICIES, type PurgingWatchdog } from './purging-watchdog.ts';

const DONE = { status: 204, deadLetter: false };
const SECOND_MS = 1_000;
const SOON = POLICIES.replace('after: 15m', 'after: 5s');
const Named = z.object({ protoPayload: z.object({ resourceName: z.string() }) });

/** Notes audit entries; the function gives those of a job, once so much time has passed. */
function noted(watchdog: PurgingWatchdog): (jobId: string, ms: number) => Promise<Record<string, unknown>[]> {
  const entries: { readonly jobId: string | undefined; readonly entry: Record<string, unknown> }[] = [];
  watchdog.simulator.onEntry((entry) => {
    const jobId = Named.parse(entry).protoPayload.resourceName.split('/').at(-1);
    entries.push({ jobId, entry: { ...entry } });
  });
  return async (jobId, ms) => {
    await watchdog.clock.advanceTo(START_MS + ms);
    return entries.filter((one) => one.jobId === jobId).map(({ entry }) => entry);
  };
}

test('the entry of an end has the job purged at its time, before any sweep, and again nothing', async () => {
  const watchdog = await openPurge({ policies: SOON });
  const entriesOf = noted(watchdog);
  watchdog.sensitive('job', START_MS);
  const entry = (await entriesOf('job', 11 * SECOND_MS)).at(-1);
  expect(await watchdog.push(entry)).toEqual(DONE);
  expect(watchdog.deleted()).toEqual(['job']);
  expect(watchdog.clock.now()).toBeLessThan(START_MS + 20 * SECOND_MS);
  watchdog.calls.length = 0;
  expect(await watchdog.push(entry)).toEqual(DONE);
  expect(watchdog.calls).toEqual([]);
  expect(watchdog.stepsOf('job')).toEqual(['purging', 'purged']);
});

test('the entry of an end that is due later is stored, and a sweep has it', async () => {
  const watchdog = await openPurge();
  const entriesOf = noted(watchdog);
  watchdog.sensitive('job', START_MS);
  await watchdog.push((await entriesOf('job', 11 * SECOND_MS)).at(-1));
  expect(watchdog.deleted()).toEqual([]);
  watchdog.calls.length = 0;
  await watchdog.sweepAt(15);
  expect(watchdog.deleted()).toEqual(['job']);
});

test('the entry of a start is nothing, whatever it tells', async () => {
  const watchdog = await openPurge();
  const entriesOf = noted(watchdog);
  watchdog.sensitive('job', START_MS, { runMs: 9 * MINUTE_MS });
  const [start] = await entriesOf('job', SECOND_MS);
  expect(start).toBeDefined();
  expect(await watchdog.push(start)).toEqual(DONE);
  expect(watchdog.calls).toEqual([]);
});

test('an entry whose details were cut leads to a look at the job', async () => {
  const watchdog = await openPurge({ policies: SOON });
  const entriesOf = noted(watchdog);
  watchdog.sensitive('job', START_MS);
  const entry = JSON.parse(JSON.stringify((await entriesOf('job', 11 * SECOND_MS)).at(-1)));
  const { metadata: _, ...payload } = entry.protoPayload;
  const cut = { ...entry, protoPayload: payload };
  await watchdog.push(cut);
  expect(watchdog.deleted()).toEqual(['job']);
  watchdog.calls.length = 0;
  expect(await watchdog.push(cut)).toEqual(DONE);
  expect(watchdog.calls).toEqual([]);
});

test('a forged entry of an end of a job that runs has nothing purged', async () => {
  const watchdog = await openPurge({ policies: SOON });
  const entriesOf = noted(watchdog);
  watchdog.sensitive('job', START_MS);
  watchdog.sensitive('runs', START_MS, { runMs: 60 * MINUTE_MS });
  const text = JSON.stringify((await entriesOf('job', 11 * SECOND_MS)).at(-1));
  expect(await watchdog.push(JSON.parse(text.replaceAll('jobs/job"', 'jobs/runs"')))).toEqual(DONE);
  expect(watchdog.deleted()).toEqual([]);
});

test('where no policy purges, no entry costs a call', async () => {
  const watchdog = await openPurge({ policies: 'version: 1\npolicies: []\n' });
  const entriesOf = noted(watchdog);
  watchdog.sensitive('job', START_MS);
  for (const entry of await entriesOf('job', 11 * SECOND_MS)) await watchdog.push(entry);
  expect(watchdog.calls).toEqual([]);
});
