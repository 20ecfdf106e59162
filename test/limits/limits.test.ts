import { describe, expect, it, test } from 'vitest';
import type { Job } from '../../shared/job/job.ts';
import { ALL_LIMITS } from '../../shared/limits/all-limits.ts';
import { estimatedBytes } from '../../shared/limits/estimated-bytes.ts';
import type { Limit } from '../../shared/limits/limit.ts';
import { pending } from '../../shared/limits/pending.ts';
import { runtime } from '../../shared/limits/runtime.ts';
import { slotTime } from '../../shared/limits/slot-time.ts';

const NOW = Date.UTC(2026, 0, 1, 12);
const NAME = { projectId: 'p', location: 'US', jobId: 'j' };

interface Case {
  readonly name: string;
  readonly limit: Limit;
  readonly job: Omit<Job, 'name'>;
  readonly expected: object;
}

const CASES: readonly Case[] = [
  {
    name: 'runtime counts from the start, not from creation',
    limit: runtime,
    job: { state: 'RUNNING', creationTimeMs: NOW - 9_000, startTimeMs: NOW - 5_000 },
    expected: { kind: 'value', value: 5_000 },
  },
  {
    name: 'a start ahead of our clock is a runtime of zero',
    limit: runtime,
    job: { state: 'RUNNING', startTimeMs: NOW + 400 },
    expected: { kind: 'value', value: 0 },
  },
  {
    name: 'a running job whose start is not told lacks it',
    limit: runtime,
    job: { state: 'RUNNING', creationTimeMs: NOW - 9_000 },
    expected: { kind: 'lacks', fields: ['startTimeMs'] },
  },
  {
    name: 'a pending job has no runtime',
    limit: runtime,
    job: { state: 'PENDING' },
    expected: { kind: 'idle' },
  },
  {
    name: 'pending counts from creation',
    limit: pending,
    job: { state: 'PENDING', creationTimeMs: NOW - 9_000 },
    expected: { kind: 'value', value: 9_000 },
  },
  {
    name: 'a pending job whose creation is not told lacks it',
    limit: pending,
    job: { state: 'PENDING' },
    expected: { kind: 'lacks', fields: ['creationTimeMs'] },
  },
  {
    name: 'a running job waits no more',
    limit: pending,
    job: { state: 'RUNNING', creationTimeMs: NOW - 9_000, startTimeMs: NOW },
    expected: { kind: 'idle' },
  },
  {
    name: 'slot time is what the job has used so far',
    limit: slotTime,
    job: { state: 'RUNNING', type: 'QUERY', slotMs: 36_000_000 },
    expected: { kind: 'value', value: 36_000_000 },
  },
  {
    name: 'a running job whose slot time is not told lacks it',
    limit: slotTime,
    job: { state: 'RUNNING', type: 'LOAD' },
    expected: { kind: 'lacks', fields: ['slotMs'] },
  },
  {
    name: 'a pending job has used no slots',
    limit: slotTime,
    job: { state: 'PENDING' },
    expected: { kind: 'idle' },
  },
  {
    name: 'a copy job has no slot time, and none is waited for',
    limit: slotTime,
    job: { state: 'RUNNING', type: 'COPY' },
    expected: { kind: 'idle' },
  },
  {
    name: 'a pending query has its estimate already',
    limit: estimatedBytes,
    job: { state: 'PENDING', type: 'QUERY', estimatedBytes: 1024 },
    expected: { kind: 'value', value: 1024 },
  },
  {
    name: 'a query whose estimate is not told lacks it',
    limit: estimatedBytes,
    job: { state: 'RUNNING', type: 'QUERY' },
    expected: { kind: 'lacks', fields: ['estimatedBytes'] },
  },
  {
    name: 'a job that may be a query lacks its estimate',
    limit: estimatedBytes,
    job: { state: 'RUNNING' },
    expected: { kind: 'lacks', fields: ['estimatedBytes'] },
  },
  {
    name: 'a load is not estimated',
    limit: estimatedBytes,
    job: { state: 'RUNNING', type: 'LOAD' },
    expected: { kind: 'idle' },
  },
];

describe('a limit measures what it names', () => {
  test.each(CASES)('$name', ({ limit, job, expected }) => {
    expect(limit.measure({ name: NAME, ...job }, NOW)).toMatchObject(expected);
  });
});

test.each(ALL_LIMITS)('$key is idle once a job is DONE', (limit) => {
  const job: Job = {
    name: NAME,
    state: 'DONE',
    type: 'QUERY',
    creationTimeMs: 1,
    startTimeMs: 2,
    slotMs: 3,
    estimatedBytes: 4,
  };
  expect(limit.measure(job, NOW)).toEqual({ kind: 'idle' });
});

describe('time alone moves runtime and pending', () => {
  test.each([
    { limit: runtime, job: { state: 'RUNNING', startTimeMs: NOW } as const },
    { limit: pending, job: { state: 'PENDING', creationTimeMs: NOW } as const },
  ])('$limit.key says when it stands at an amount, to the millisecond', ({ limit, job }) => {
    const standing = limit.measure({ name: NAME, ...job }, NOW);
    const atMs = standing.kind === 'value' ? standing.reachesAtMs?.(1_800_000) : undefined;
    expect(atMs).toBe(NOW + 1_800_000);
    expect(limit.measure({ name: NAME, ...job }, atMs ?? 0)).toMatchObject({
      kind: 'value',
      value: 1_800_000,
    });
  });

  test.each([
    { limit: slotTime, job: { state: 'RUNNING', slotMs: 1 } as const },
    { limit: estimatedBytes, job: { state: 'RUNNING', estimatedBytes: 1 } as const },
  ])('$limit.key cannot tell', ({ limit, job }) => {
    expect(limit.measure({ name: NAME, ...job }, NOW)).not.toHaveProperty('reachesAtMs');
  });
});

it('says what was measured and what is allowed', () => {
  expect(ALL_LIMITS.map(({ sentence }) => sentence('12', '10'))).toEqual([
    'has run 12 of at most 10',
    'has been pending 12 of at most 10',
    'has used 12 of slot time of at most 10',
    'is estimated to read up to 12 of at most 10',
  ]);
});

test.each(ALL_LIMITS)('$key is idle for the types of jobs that it does not name', (limit) => {
  for (const type of ['QUERY', 'LOAD', 'EXTRACT', 'COPY', 'UNKNOWN'] as const) {
    const kinds = (['PENDING', 'RUNNING'] as const).map(
      (state) => limit.measure({ name: NAME, state, type }, NOW).kind,
    );
    const has = limit.jobTypes?.includes(type) ?? true;
    expect(kinds.some((kind) => kind !== 'idle')).toBe(has);
  }
});

it('gives every limit a key of its own', () => {
  expect(new Set(ALL_LIMITS.map(({ key }) => key)).size).toBe(ALL_LIMITS.length);
});
