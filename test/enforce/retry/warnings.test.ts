import { describe, expect, test } from 'vitest';
import { ETL, fail, inserted, MINUTE_MS, nameOf, openRetrying, SECRET, START_MS } from './retrying.ts';

/** As `status.errors` has it. */
const STOPPED = { reason: 'stopped', message: `${SECRET} was stopped in part` };

/** What succeeds a second after the failure, and does the same. */
const WELL = {
  principal: ETL,
  query: `SELECT '${SECRET}'`,
  createdAtMs: START_MS,
  moreErrors: [STOPPED],
};

describe('errors without an errorResult are warnings of a job that succeeded, also "stopped":', () => {
  test('it did not fail, and nothing is answered or told', async () => {
    const retrying = await openRetrying();
    retrying.simulator.start({ ...nameOf('root'), ...WELL });
    await retrying.pass(MINUTE_MS);
    expect(await retrying.answer()).toEqual({ kind: 'nothing' });
    expect(retrying.told()).toEqual([]);
  });

  test('a retry that has them has recovered', async () => {
    const retrying = await openRetrying({ lives: () => ({ moreErrors: [STOPPED] }) });
    fail(retrying);
    await retrying.answer();
    await retrying.pass(5 * MINUTE_MS);
    expect(inserted(retrying)).toHaveLength(1);
    expect(retrying.told()).toEqual(['retry-scheduled', 'retried', 'recovered']);
  });

  test("somebody else's job that has them has done the work", async () => {
    const retrying = await openRetrying();
    fail(retrying);
    await retrying.answer();
    retrying.simulator.start({ ...nameOf('other'), ...WELL });
    await retrying.pass(5 * MINUTE_MS);
    expect(inserted(retrying)).toEqual([]);
    expect(retrying.told()).toEqual(['retry-scheduled', 'recovered run-by-others']);
  });

  test('beside an errorResult "stopped" decides: what somebody stopped is not run again', async () => {
    const retrying = await openRetrying();
    fail(retrying, { moreErrors: [STOPPED] });
    expect(await retrying.answer()).toEqual({ kind: 'nothing' });
    expect(retrying.told()).toEqual([]);
  });
});
