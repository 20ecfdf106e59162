import { describe, expect, test } from 'vitest';
import { MINUTE_MS } from '../running-job.ts';
import { START_MS } from '../watchdog.ts';
import { DAY_MS, openPurge } from './purging-watchdog.ts';

async function purged(jobId: string) {
  const watchdog = await openPurge();
  watchdog.sensitive(jobId, START_MS - 16 * MINUTE_MS);
  await watchdog.sweepAt(0, 1);
  expect(watchdog.deleted()).toEqual([jobId]);
  return watchdog;
}

describe('the id of a job that was purged, used again', () => {
  test.each([2, 50])(
    '%i min later: the sweep purges that job, too, with a certificate of its own',
    async (later) => {
      const watchdog = await purged('again');
      await watchdog.clock.advanceTo(START_MS + (later + 1) * MINUTE_MS);
      watchdog.sensitive('again', START_MS + later * MINUTE_MS);
      await watchdog.sweepAt(later + 2, later + 3, later + 16, later + 17);
      expect(watchdog.deleted()).toEqual(['again', 'again']);
      const { certificates } = await watchdog.runtime.ports.ledger.certificates(0, 9);
      expect(certificates).toHaveLength(2);
    },
  );

  test('and missed by all sweeps: the clean-up of history purges it', async () => {
    const watchdog = await purged('again');
    watchdog.sensitive('again', START_MS + 2 * MINUTE_MS);
    await watchdog.clock.advanceTo(START_MS + 9 * DAY_MS);
    await watchdog.walk();
    expect(watchdog.deleted()).toEqual(['again', 'again']);
  });

  test('of one that was not sensitive: what a person deleted does not hide the next', async () => {
    const watchdog = await openPurge();
    watchdog.plain('again', START_MS - 5 * MINUTE_MS);
    await watchdog.sweepAt(0);
    const path = '/bigquery/v2/projects/my-project/jobs/again/delete?location=US';
    await watchdog.clock.run(watchdog.simulator.handle({ method: 'DELETE', path, headers: {} }));
    watchdog.sensitive('again', START_MS + MINUTE_MS);
    await watchdog.sweepAt(2, 3, 17, 18);
    expect(watchdog.deleted().at(-1)).toBe('again');
  });
});
