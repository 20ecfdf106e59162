import { expect, test } from 'vitest';
import { planDay } from '../../demo/day.ts';
import { secondLives } from '../../demo/second-lives.ts';
import { attemptId } from '../../shared/retry/attempt-id.ts';

const PLAN = planDay(7);
const lifeOf = secondLives(PLAN);

function attemptOf(kind: string, attempt: number) {
  const job = PLAN.find(({ jobId }) => jobId.startsWith(kind));
  if (job === undefined) throw new Error(`no job of the day is of the kind ${kind}`);
  return { job, life: lifeOf({ jobId: attemptId({ location: 'US', ...job }, attempt) ?? '' }) };
}

test.each<readonly [string, readonly boolean[]]>([
  ['load_inventory', [false, false]],
  ['merge_prices', [true, false]],
  ['export_catalog', [true, true]],
])('%s, run again, fails as often as it was to', (kind, fails) => {
  expect(fails.map((_, index) => attemptOf(kind, index + 1).life?.error !== undefined)).toEqual(fails);
});

test('what is run again takes as long as before', () => {
  const { job, life } = attemptOf('load_inventory', 1);
  expect(life?.runMs).toBe(job.runMs);
});

test('any other job that is inserted lives as the simulator has it', () => {
  expect(lifeOf({ jobId: 'somebody_elses' })).toBeUndefined();
});
