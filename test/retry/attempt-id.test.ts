import { expect, test } from 'vitest';
import { attemptId, attemptNamed, readAttemptId } from '../../shared/retry/attempt-id.ts';

const root = { projectId: 'shop', location: 'US', jobId: 'nightly-Report_1' };

test('an attempt is named after the job that it repeats', () => {
  expect(attemptId(root, 2)).toMatch(/^nightly-Report_1_wdr2_[0-9a-f]{12}$/);
});

test('the same job and attempt always give the same id, however its location is written', () => {
  expect(attemptId(root, 1)).toBe(attemptId({ ...root }, 1));
  expect(attemptId({ ...root, location: 'us' }, 1)).toBe(attemptId(root, 1));
});

test('another project, location, job or attempt gives another id', () => {
  const ids = [
    attemptId(root, 1),
    attemptId(root, 2),
    attemptId({ ...root, projectId: 'example.com:shop' }, 1),
    attemptId({ ...root, location: 'EU' }, 1),
    attemptId({ projectId: 'shop', jobId: root.jobId }, 1),
    attemptId({ ...root, jobId: 'other' }, 1),
  ];
  expect(new Set(ids.map((id) => id?.split('_').at(-1))).size).toBe(ids.length);
});

// `_wdr1_` and twelve digits are 18 letters.
test.each([
  [1_005, 1_023],
  [1_006, 1_024],
  [1_007, undefined],
])('of an id of %i letters it has %s letters', (length, expected) => {
  expect(attemptId({ ...root, jobId: 'x'.repeat(length) }, 1)?.length).toBe(expected);
});

test.each([0, -1, 1.5, NaN, 1_000])('there is no attempt %d', (attempt) => {
  expect(() => attemptId(root, attempt)).toThrow(`the attempt is ${attempt}`);
});

test('an id tells what it says it repeats', () => {
  expect(readAttemptId(attemptId(root, 10) ?? '')).toEqual({ rootId: root.jobId, attempt: 10 });
  expect(readAttemptId('a_wdr1_0123456789ab_wdr2_0123456789ab')).toEqual({
    rootId: 'a_wdr1_0123456789ab',
    attempt: 2,
  });
});

test.each(['nightly', '_wdr1_0123456789ab', 'a_wdr0_0123456789ab', 'a_wdr1_0123', 'a_wdr1_0123456789abc'])(
  '%s says nothing of the kind',
  (id) => {
    expect(readAttemptId(id)).toBeUndefined();
  },
);

test('a name is that of an attempt only where its hash agrees, in its own project and location', () => {
  const ours = { ...root, jobId: attemptId(root, 2) ?? '' };
  expect(attemptNamed(ours)).toEqual({ root, attempt: 2 });
  for (const other of [
    { ...ours, projectId: 'other' },
    { ...ours, location: 'EU' },
    { ...ours, jobId: ours.jobId.replace('_wdr2_', '_wdr3_') },
    { ...ours, jobId: 'a_wdr1_0123456789ab' },
    root,
  ])
    expect(attemptNamed(other)).toBeUndefined();
});
