import { describe, expect, test } from 'vitest';
import {
  attempt,
  BACKEND_ERROR,
  ETL,
  fail,
  failing,
  HOUR_MS,
  inserted,
  MINUTE_MS,
  openRetrying,
  type Retrying,
  type RetryingOptions,
  START_MS,
  truthOf,
} from './retrying.ts';

/** Somebody ran the same as the same account under the id of the second attempt, and it failed, too. */
async function imitated(order: readonly string[], options: RetryingOptions): Promise<Retrying> {
  const retrying = await openRetrying(options);
  fail(retrying, { createdAtMs: START_MS - MINUTE_MS });
  fail(retrying, { jobId: attempt(2) });
  for (const jobId of order) await retrying.answer(jobId);
  return retrying;
}

describe.each([
  { first: 'the root', order: ['root', attempt(2)] },
  { first: 'the imitation', order: [attempt(2), 'root'] },
])('a chain that begins in two places, of which $first is seen first,', ({ order }) => {
  test('makes one job when that succeeds', async () => {
    const retrying = await imitated(order, {});
    await retrying.pass(3 * HOUR_MS);
    expect(inserted(retrying)).toHaveLength(1);
    expect(
      retrying
        .told()
        .filter((step) => step.startsWith('recovered'))
        .toSorted(),
    ).toEqual(['recovered', 'recovered run-by-others']);
  });

  test('makes each attempt once, never two at a time, and none beyond what the policy allows', async () => {
    const lives = () => ({ runMs: HOUR_MS / 4, error: BACKEND_ERROR });
    const retrying = await imitated(order, { lives });
    await retrying.pass(5 * HOUR_MS);
    const made = inserted(retrying);
    expect(made.toSorted()).toEqual([attempt(1), attempt(3)].map((id) => `${id} by ${ETL}`));
    const [one, other] = made.map((text) => truthOf(retrying, text.split(' ')[0] ?? ''));
    expect(other?.creationTimeMs).toBeGreaterThanOrEqual(one?.endTimeMs ?? Number.POSITIVE_INFINITY);
  });

  test('comes to an end in both', async () => {
    const retrying = await imitated(order, { lives: failing() });
    await retrying.pass(5 * HOUR_MS);
    expect((await retrying.claim(1))?.state).toBe('ended');
    expect((await retrying.claim(3))?.state).toBe('ended');
  });
});
