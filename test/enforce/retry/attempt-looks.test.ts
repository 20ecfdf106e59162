import { describe, expect, test } from 'vitest';
import { NotFoundError } from '../../../shared/bigquery/errors.ts';
import type { RetryPorts } from '../../../shared/enforce/retry-ports.ts';
import {
  attempt,
  BACKEND_ERROR,
  ETL,
  fail,
  failing,
  HOUR_MS,
  inserted,
  MINUTE_MS,
  nameOf,
  openRetrying,
  type Retrying,
  type RetryingOptions,
  SECOND_MS,
  SECRET,
  START_MS,
  scheduled,
} from './retrying.ts';

/** Retries whose `jobs.get` does not know a job at these looks at it, of those that are made once its retry is scheduled. */
async function missing(
  jobId: string,
  isMissing: (look: number) => boolean,
  options: RetryingOptions = {},
): Promise<Retrying> {
  let looks = 0;
  let isOn = false;
  const through = (ports: RetryPorts): RetryPorts => ({
    ...ports,
    jobs: {
      ...ports.jobs,
      getWhole: async (name, given) => {
        if (isOn && name.jobId === jobId && isMissing(++looks)) {
          throw new NotFoundError({ method: 'get', target: name.jobId });
        }
        return ports.jobs.getWhole(name, given);
      },
    },
  });
  const retrying = await scheduled({ ...options, through });
  isOn = true;
  return retrying;
}

function toldGone(retrying: Retrying): readonly string[] {
  return retrying.told().filter((step) => step.includes('gone'));
}

/** An attempt runs for ten minutes, and fails. */
const lives = () => ({ runMs: 10 * MINUTE_MS, error: BACKEND_ERROR });

describe('an attempt that was seen to run, and that jobs.get does not know', () => {
  test('once, is followed to its end, and its failure is answered', async () => {
    const retrying = await missing(attempt(1), (look) => look === 1, { lives });
    await retrying.pass(HOUR_MS);
    expect(inserted(retrying)).toHaveLength(3);
    expect(toldGone(retrying)).toEqual([]);
    expect(await retrying.claim(1)).toMatchObject({ state: 'ended', outcome: 'failed' });
  });

  test('now and then while it runs, is followed to its end, too', async () => {
    const retrying = await missing(attempt(1), (look) => look === 1 || look === 3, { lives });
    await retrying.pass(HOUR_MS);
    expect(toldGone(retrying)).toEqual([]);
    expect(await retrying.claim(1)).toMatchObject({ state: 'ended', outcome: 'failed' });
  });

  test('for a minute and a half, ends its chain', async () => {
    const retrying = await missing(attempt(1), () => true, { lives });
    await retrying.pass(HOUR_MS);
    expect(inserted(retrying)).toHaveLength(1);
    expect(retrying.told().at(-1)).toBe('gave-up gone');
  });
});

describe('a job that failed, that is to be run again, and that jobs.get does not know', () => {
  test('once when that is due, is run again', async () => {
    const retrying = await missing('root', (look) => look === 1);
    await retrying.pass(HOUR_MS);
    expect(retrying.told()).toEqual(['retry-scheduled', 'retried', 'recovered']);
  });

  test('now and then while its retry waits, is run again', async () => {
    const retrying = await missing('root', (look) => look === 1 || look === 3);
    const { simulator } = retrying;
    const alike = {
      principal: ETL,
      query: `SELECT '${SECRET}'`,
      createdAtMs: START_MS,
      error: BACKEND_ERROR,
    };
    simulator.start({ ...nameOf('alike'), ...alike, runMs: 20 * MINUTE_MS });
    await retrying.pass(HOUR_MS);
    expect(retrying.told()).toEqual(['retry-scheduled', 'retried', 'recovered']);
  });

  test('once when its attempt has failed, too, is run again', async () => {
    const retrying = await missing('root', (look) => look === 2, { lives: failing() });
    await retrying.pass(HOUR_MS);
    expect(inserted(retrying)).toHaveLength(3);
    expect(toldGone(retrying)).toEqual([]);
  });

  test('while its retry is due, and its attempt neither, is run again', async () => {
    const retrying = await missing(attempt(1), (look) => look === 2, { lives: failing() });
    await retrying.pass(HOUR_MS);
    expect(inserted(retrying)).toHaveLength(3);
    expect(toldGone(retrying)).toEqual([]);
  });

  test.each([
    { when: 'when that is due', jobId: 'root', from: 1, made: 0 },
    { when: 'once its attempt has failed', jobId: 'root', from: 2, made: 1 },
    { when: 'nor what its attempt has come to', jobId: attempt(1), from: 2, made: 1 },
  ])('for a minute and a half, $when, is given up once', async ({ jobId, from, made }) => {
    const retrying = await missing(jobId, (look) => look >= from, { lives: failing() });
    await retrying.pass(HOUR_MS);
    expect(inserted(retrying)).toHaveLength(made);
    expect(toldGone(retrying)).toEqual(['gave-up gone']);
  });
});

test.each([
  { what: 'priority', script: { priority: 'BATCH' } as const },
  { what: 'limit of bytes', script: { configuration: { maximumBytesBilled: '1' } } },
  { what: 'timeout', script: { jobTimeoutMs: 3_600_000 } },
])(
  "a job of the attempt's id that was made meanwhile, with another $what, is not ours",
  async ({ script }) => {
    const retrying = await scheduled();
    const same = { principal: ETL, query: `SELECT '${SECRET}'`, createdAtMs: START_MS, runMs: SECOND_MS };
    const error = { reason: 'bytesBilledLimitExceeded', message: 'x' };
    retrying.simulator.start({ ...nameOf(attempt(1)), ...same, ...script, error });
    await retrying.pass(HOUR_MS);
    expect(inserted(retrying)).toEqual([]);
    expect(retrying.told()).toEqual(['retry-scheduled', 'retry-refused id-taken']);
  },
);

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
