import { expect, test } from 'vitest';
import { JudgedBefore } from '../../shared/watch/judged-before.ts';

const A = { generation: 'a' };
const JOB = { projectId: 'p', location: 'US', jobId: 'j' };

function opened() {
  let nowMs = 1_000_000;
  const judged = new JudgedBefore({ now: () => nowMs });
  const setNow = (ms: number): void => {
    nowMs = ms;
  };
  return { judged, setNow };
}

test('a job is known for twenty minutes, and another one, or by other policies, is not', () => {
  const { judged, setNow } = opened();
  judged.add(JOB, A);
  expect(judged.has(JOB, A)).toBe(true);
  expect(judged.has({ ...JOB, location: 'us' }, A)).toBe(true);
  expect(judged.has({ ...JOB, location: 'EU' }, A)).toBe(false);
  expect(judged.has(JOB, { generation: 'b' })).toBe(false);
  setNow(1_000_000 + 20 * 60_000 - 1);
  expect(judged.has(JOB, A)).toBe(true);
  setNow(1_000_000 + 20 * 60_000);
  expect(judged.has(JOB, A)).toBe(false);
});

test('a clock that went back forgets', () => {
  const { judged, setNow } = opened();
  judged.add(JOB, A);
  setNow(999_999);
  expect(judged.has(JOB, A)).toBe(false);
});

test('what other policies judged is forgotten', () => {
  const { judged } = opened();
  judged.add(JOB, A);
  judged.add({ ...JOB, jobId: 'k' }, { generation: 'b' });
  expect(judged.has(JOB, { generation: 'b' })).toBe(false);
  expect(judged.has(JOB, A)).toBe(false);
});

test('of very many the oldest are forgotten', () => {
  const { judged } = opened();
  for (let index = 0; index <= 50_000; index++) judged.add({ ...JOB, jobId: `j${index}` }, A);
  expect(judged.has({ ...JOB, jobId: 'j0' }, A)).toBe(false);
  expect(judged.has({ ...JOB, jobId: 'j1' }, A)).toBe(true);
});
