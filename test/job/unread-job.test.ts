import { expect, test } from 'vitest';
import { printUnreadJob, readUnreadJob } from '../../shared/job/unread-job.ts';

const CREATED_AT_MS = Date.UTC(2026, 10, 24, 8);
const ODD = {
  jobReference: { projectId: 'p', location: 'US', jobId: 'odd.id' },
  user_email: 'etl@p.iam.gserviceaccount.com',
  statistics: { creationTime: String(CREATED_AT_MS) },
  state: 'DONE',
};

test('what is no job tells what it tells all the same', () => {
  const read = readUnreadJob(ODD);
  expect(read).toEqual({
    jobId: 'odd.id',
    location: 'US',
    principal: 'etl@p.iam.gserviceaccount.com',
    creationTimeMs: CREATED_AT_MS,
    hasEnded: true,
    hasFailed: false,
  });
  expect(printUnreadJob(read)).toBe('US.odd.id, created at 2026-11-24T08:00:00.000Z');
});

test.each<[string, unknown]>([
  ['no object', 'job'],
  ['nothing', null],
  ['an object of other things', { jobReference: 7, statistics: [], user_email: {} }],
  ['an id that may be any text', { jobReference: { jobId: 'SELECT secret' } }],
])('%s tells nothing', (_name, item) => {
  expect(readUnreadJob(item)).toEqual({ hasEnded: false, hasFailed: false });
  expect(printUnreadJob(readUnreadJob(item))).toBe('one without an id');
});

test.each([
  ['that has ended and has a reason', { state: 'DONE', errorResult: { reason: 'backendError' } }, true],
  ['that runs', { state: 'RUNNING', errorResult: { reason: 'backendError' } }, false],
  ['whose error is no error', { state: 'DONE', errorResult: 'boom' }, false],
])('of one %s it is known whether it failed', (_name, more, hasFailed) => {
  expect(readUnreadJob({ ...ODD, ...more }).hasFailed).toBe(hasFailed);
});
