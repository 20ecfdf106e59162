import { expect, test } from 'vitest';
import { bucketOf, MOST_IN_A_BUCKET, RUNNING_BUCKETS } from '../../shared/ledger/running-bucket.ts';
import { AwaitedJobs } from '../../shared/watch/awaited-jobs.ts';

/** Names that all belong in one bucket, each of a thousand characters. */
function crowd(bucket: number, count: number): string[] {
  const names: string[] = [];
  for (let index = 0; names.length < count; index++) {
    const name = `US.${String(index).padStart(997, 'x')}`;
    if (bucketOf(name) === bucket) names.push(name);
  }
  return names;
}

test('what has no room in a document is left out, the newest first, and how old it is stands', () => {
  const awaited = new AwaitedJobs();
  const names = crowd(5, 800);
  for (const [index, name] of names.entries()) awaited.add(name, index === 0 ? undefined : 10_000 - index);
  const { jobs, leftOutSinceMs } = awaited.fitting(5);
  expect(jobs.join('","').length).toBeLessThan(MOST_IN_A_BUCKET);
  expect(jobs).toHaveLength(797);
  expect(jobs[0]).toBe(names[0]);
  expect(leftOutSinceMs).toBe(9_997);
  expect(awaited.fitting(6)).toEqual({ jobs: [], leftOutSinceMs: Number.POSITIVE_INFINITY });
});

test('only buckets whose names changed are unlike what was stored', () => {
  const awaited = new AwaitedJobs();
  const empty = Array.from({ length: RUNNING_BUCKETS }, () => '');
  expect(awaited.unlike(empty)).toEqual([]);
  awaited.add('US.job_1', 7);
  expect(awaited.unlike(empty)).toEqual([bucketOf('US.job_1')]);
  awaited.add('US.job_1');
  awaited.remove('US.job_2');
  awaited.remove('US.job_1');
  expect(awaited.unlike(empty)).toEqual([]);
});
