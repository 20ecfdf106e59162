import { describe, expect, test } from 'vitest';
import { NotFoundError } from '../../../shared/bigquery/errors.ts';
import type { RetryPorts } from '../../../shared/enforce/retry-ports.ts';
import {
  attempt,
  BACKEND_ERROR,
  ETL,
  fail,
  HOUR_MS,
  inserted,
  MINUTE_MS,
  nameOf,
  openRetrying,
  SECOND_MS,
  SECRET,
  START_MS,
  scheduled,
} from './retrying.ts';

describe('an attempt that was seen to run, and that jobs.get does not know', () => {
  /** It runs for ten minutes, and these looks at it find nothing. */
  async function missing(isMissing: (look: number) => boolean) {
    let looks = 0;
    const through = (ports: RetryPorts): RetryPorts => ({
      ...ports,
      jobs: {
        ...ports.jobs,
        getWhole: async (name, options) => {
          if (name.jobId === attempt(1) && isMissing(++looks)) {
            throw new NotFoundError({ method: 'get', target: name.jobId });
          }
          return ports.jobs.getWhole(name, options);
        },
      },
    });
    const lives = () => ({ runMs: 10 * MINUTE_MS, error: BACKEND_ERROR });
    const retrying = await scheduled({ through, lives });
    await retrying.pass(HOUR_MS);
    return retrying;
  }

  test('once, is followed to its end, and its failure is answered', async () => {
    const retrying = await missing((look) => look === 1);
    expect(inserted(retrying)).toHaveLength(3);
    expect(retrying.told().filter((step) => step.includes('gone'))).toEqual([]);
    expect(await retrying.claim(1)).toMatchObject({ state: 'ended', outcome: 'failed' });
  });

  test('now and then while it runs, is followed to its end, too', async () => {
    const retrying = await missing((look) => look === 1 || look === 3);
    expect(retrying.told().filter((step) => step.includes('gone'))).toEqual([]);
    expect(await retrying.claim(1)).toMatchObject({ state: 'ended', outcome: 'failed' });
  });

  test('for a minute and a half, ends its chain', async () => {
    const retrying = await missing(() => true);
    expect(inserted(retrying)).toHaveLength(1);
    expect(retrying.told().at(-1)).toBe('gave-up gone');
  });
});

describe("a job of the attempt's id that was there before the root ended", () => {
  const early = { principal: ETL, query: `SELECT '${SECRET}'`, createdAtMs: START_MS - HOUR_MS };

  test('is not ours, whatever it did, and nothing is said to have recovered', async () => {
    const retrying = await openRetrying();
    retrying.simulator.start({ ...nameOf(attempt(1)), ...early, runMs: SECOND_MS });
    fail(retrying);
    await retrying.answer();
    await retrying.pass(HOUR_MS);
    expect(inserted(retrying)).toEqual([]);
    expect(retrying.told()).toEqual(['retry-scheduled', 'retry-refused id-taken']);
  });

  test('begins a chain of its own when it failed, though no claim says so', async () => {
    const retrying = await openRetrying();
    const error = { reason: 'backendError', message: 'x' };
    retrying.simulator.start({ ...nameOf(attempt(1)), ...early, runMs: SECOND_MS, error });
    fail(retrying);
    await retrying.answer(attempt(1));
    expect(await retrying.claim(2)).toBeUndefined();
    expect(await retrying.claim(1, attempt(1))).toBeDefined();
  });
});
