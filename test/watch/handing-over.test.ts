import { expect, test } from 'vitest';
import { HandingOver } from '../../shared/watch/handing-over.ts';

const JOB = {
  name: { projectId: 'p', location: 'US', jobId: 'j' },
  state: 'DONE',
  creationTimeMs: 1,
} as const;

test('a job that is to come again is waited for, and is no fault', async () => {
  const over = new HandingOver(async () => 'again');
  await over.take(JOB);
  await over.take(JOB);
  expect([over.awaited.has('US.j'), over.count, over.faults]).toEqual([true, 0, []]);
});

test('a job that was judged is not waited for', async () => {
  const over = new HandingOver(async () => 'judged');
  await over.take(JOB);
  await over.take(JOB);
  expect([over.awaited.has('US.j'), over.count, over.isSettled('US.j')]).toEqual([false, 1, true]);
});

test('a job whose judging failed is waited for, and told', async () => {
  const fault = new Error('x');
  const over = new HandingOver(() => Promise.reject(fault));
  await over.take(JOB);
  expect([over.awaited.has('US.j'), over.count, over.faults]).toEqual([true, 0, [fault]]);
});
