import { expect, test } from 'vitest';
import { cancelWork } from '../../functions/cancel-work.ts';
import { handlePush } from '../../functions/push.ts';
import { tenMinutes } from '../running-job.ts';
import { openWatchdog, pushBody, START_MS } from '../watchdog.ts';
import { startEntry } from './entries.ts';

const DONE = { status: 204, deadLetter: false };
/** Policies that were read no longer ago than this nominate. */
const RECENT_MS = 5_000;

test('an event that asks nothing is answered without a promise, while the policies that were read are recent', async () => {
  const watchdog = await openWatchdog({ policies: tenMinutes() });
  const body = pushBody(startEntry({ createdAtMs: START_MS }));
  await watchdog.clock.advanceTo(START_MS + RECENT_MS);
  expect(handlePush(body, watchdog.runtime, cancelWork)).toEqual(DONE);
  await watchdog.clock.advanceBy(1);
  const answer = handlePush(body, watchdog.runtime, cancelWork);
  expect(answer).toBeInstanceOf(Promise);
  expect(await watchdog.clock.run(answer)).toEqual(DONE);
  expect(handlePush(body, watchdog.runtime, cancelWork)).toEqual(DONE);
});
