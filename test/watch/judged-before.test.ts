import { describe, expect, test } from 'vitest';
import { JudgedBefore } from '../../shared/watch/judged-before.ts';

const A = { generation: 'a' };
const NAME = { projectId: 'p', location: 'US', jobId: 'j' };
const JOB = { name: NAME, creationTimeMs: 900_000 };
const named = (change: Partial<typeof NAME>) => ({ ...JOB, name: { ...NAME, ...change } });

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
  expect(judged.has(named({ location: 'us' }), A)).toBe(true);
  expect(judged.has(named({ location: 'EU' }), A)).toBe(false);
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
  judged.add(named({ jobId: 'k' }), { generation: 'b' });
  expect(judged.has(JOB, { generation: 'b' })).toBe(false);
  expect(judged.has(JOB, A)).toBe(false);
});

test('of very many the oldest are forgotten', () => {
  const { judged } = opened();
  for (let index = 0; index <= 50_000; index++) judged.add(named({ jobId: `j${index}` }), A);
  expect(judged.has(named({ jobId: 'j0' }), A)).toBe(false);
  expect(judged.has(named({ jobId: 'j1' }), A)).toBe(true);
});

describe('a job that has the id of one that was deleted', () => {
  test('is another one, for it was created at another time', () => {
    const { judged } = opened();
    judged.add(JOB, A);
    expect(judged.has({ ...JOB, creationTimeMs: 900_001 }, A)).toBe(false);
    expect(judged.has({ name: NAME }, A)).toBe(true);
  });

  test('is another one when created after the look at one whose creation nobody told', () => {
    const { judged, setNow } = opened();
    judged.add({ name: NAME }, A);
    setNow(1_000_002);
    expect(judged.has({ ...JOB, creationTimeMs: 1_000_000 }, A)).toBe(true);
    expect(judged.has({ ...JOB, creationTimeMs: 1_000_001 }, A)).toBe(false);
  });
});
