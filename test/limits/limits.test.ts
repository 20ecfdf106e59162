import { describe, expect, it, test } from 'vitest';
import { LIST_PRICES } from '../../shared/cost/price-table.ts';
import type { Job } from '../../shared/job/job.ts';
import { ALL_LIMITS } from '../../shared/limits/all-limits.ts';
import { averageSlots } from '../../shared/limits/average-slots.ts';
import { cost } from '../../shared/limits/cost.ts';
import { estimatedBytes } from '../../shared/limits/estimated-bytes.ts';
import type { Limit, Terms } from '../../shared/limits/limit.ts';
import { pending } from '../../shared/limits/pending.ts';
import { processedBytes } from '../../shared/limits/processed-bytes.ts';
import { projectedCost } from '../../shared/limits/projected-cost.ts';
import { runtime } from '../../shared/limits/runtime.ts';
import { slotTime } from '../../shared/limits/slot-time.ts';

const NOW = Date.UTC(2026, 0, 1, 12);
const NAME = { projectId: 'p', location: 'US', jobId: 'j' };
const SPENT: Terms = { prices: LIST_PRICES, byEstimate: false };
const ESTIMATE: Terms = { prices: LIST_PRICES, byEstimate: true };

const HOUR = 3_600_000;
const TIB = 1024 ** 4;
const QUERY = { state: 'RUNNING', type: 'QUERY', statementType: 'SELECT' } as const;
const ON_SLOTS = { ...QUERY, reservation: 'p:US.etl', edition: 'ENTERPRISE' } as const;
const ON_DEMAND = { ...QUERY, reservation: null, edition: null } as const;

interface Case {
  readonly name: string;
  readonly limit: Limit;
  readonly job: Omit<Job, 'name'>;
  readonly terms?: Terms;
  readonly expected: object;
}

const CASES: readonly Case[] = [
  {
    name: 'runtime counts from the start, not from creation',
    limit: runtime,
    job: { state: 'RUNNING', creationTimeMs: NOW - 9_000, startTimeMs: NOW - 5_000 },
    expected: { kind: 'value', value: 5_000, reachesAtMs: expect.any(Function) },
  },
  {
    name: 'a start ahead of our clock is a runtime of zero',
    limit: runtime,
    job: { state: 'RUNNING', startTimeMs: NOW + 400 },
    expected: { kind: 'value', value: 0, reachesAtMs: expect.any(Function) },
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
    expected: { kind: 'value', value: 9_000, reachesAtMs: expect.any(Function) },
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
  {
    name: 'what a query has read so far',
    limit: processedBytes,
    job: { state: 'RUNNING', type: 'QUERY', bytesProcessed: 4096 },
    expected: { kind: 'value', value: 4096 },
  },
  {
    name: 'a running query that does not tell what it has read lacks it',
    limit: processedBytes,
    job: { state: 'RUNNING', type: 'QUERY', estimatedBytes: 4096 },
    expected: { kind: 'lacks', fields: ['bytesProcessed'] },
  },
  {
    name: 'a pending query has read nothing',
    limit: processedBytes,
    job: { state: 'PENDING', type: 'QUERY' },
    expected: { kind: 'idle' },
  },
  {
    name: 'average slots are slot time by runtime, up to the end of the second of the look',
    limit: averageSlots,
    job: { state: 'RUNNING', type: 'QUERY', startTimeMs: NOW - 599_000, slotMs: 300_600_000 },
    expected: { kind: 'value', value: 501 },
  },
  {
    name: 'a burst of a second is averaged over a minute',
    limit: averageSlots,
    job: { state: 'RUNNING', type: 'QUERY', startTimeMs: NOW - 1_000, slotMs: 600_000 },
    expected: { kind: 'value', value: 10 },
  },
  {
    name: 'average slots lack the slot time',
    limit: averageSlots,
    job: { state: 'RUNNING', startTimeMs: NOW - 1_000 },
    expected: { kind: 'lacks', fields: ['slotMs'] },
  },
  {
    name: 'a dry run reads nothing, and nothing is lacking',
    limit: processedBytes,
    job: { ...QUERY, dryRun: true },
    expected: { kind: 'idle' },
  },
  {
    name: 'cost on slots is slot time at its price',
    limit: cost,
    job: { ...ON_SLOTS, slotMs: 1000 * HOUR },
    expected: { kind: 'value', value: 60 },
  },
  {
    name: 'the estimate of a query on slots is not its cost',
    limit: cost,
    job: { ...ON_SLOTS, slotMs: 1000 * HOUR, estimatedBytes: 100 * TIB },
    terms: ESTIMATE,
    expected: { kind: 'value', value: 60 },
  },
  {
    name: 'of a running query on demand nothing is known to have been spent',
    limit: cost,
    job: { ...ON_DEMAND, estimatedBytes: 100 * TIB, bytesProcessed: 90 * TIB },
    expected: { kind: 'idle' },
  },
  {
    name: 'with basis: estimate its upper bound counts',
    limit: cost,
    job: { ...ON_DEMAND, estimatedBytes: 100 * TIB },
    terms: ESTIMATE,
    expected: { kind: 'value', value: 625, basis: 'estimate' },
  },
  {
    name: 'on demand and without an estimate, only that is lacking',
    limit: cost,
    job: { ...ON_DEMAND },
    terms: ESTIMATE,
    expected: { kind: 'lacks', fields: ['estimatedBytes'] },
  },
  {
    name: 'a start, as an entry tells it, lacks its model and its estimate',
    limit: cost,
    job: { state: 'PENDING', type: 'QUERY', statementType: 'SELECT' },
    terms: ESTIMATE,
    expected: { kind: 'lacks', fields: ['reservation', 'estimatedBytes'] },
  },
  {
    name: 'a start costs no look where only spending counts',
    limit: cost,
    job: { state: 'PENDING', type: 'QUERY', statementType: 'SELECT' },
    expected: { kind: 'idle' },
  },
  {
    name: 'a list item without its model can cost no more than the dearest edition',
    limit: cost,
    job: { state: 'RUNNING', type: 'QUERY', statementType: 'SELECT', slotMs: 10 * HOUR },
    expected: { kind: 'lacks', fields: ['reservation'], atMost: 1 },
  },
  {
    name: 'or than its estimate',
    limit: cost,
    job: { state: 'RUNNING', type: 'QUERY', statementType: 'SELECT', slotMs: 1, estimatedBytes: TIB },
    terms: ESTIMATE,
    expected: { kind: 'lacks', fields: ['reservation'], atMost: 6.25 },
  },
  {
    name: 'a load that waits can have cost nothing',
    limit: cost,
    job: { state: 'PENDING', type: 'LOAD', statementType: null },
    terms: ESTIMATE,
    expected: { kind: 'lacks', fields: ['reservation'], atMost: 0 },
  },
  {
    name: 'a script costs nothing itself',
    limit: cost,
    job: { ...ON_SLOTS, statementType: 'SCRIPT', slotMs: 1000 * HOUR },
    expected: { kind: 'idle' },
  },
  {
    name: 'what nobody can know crosses nothing',
    limit: cost,
    job: { ...ON_DEMAND, statementType: 'CREATE_MODEL', estimatedBytes: 100 * TIB },
    terms: ESTIMATE,
    expected: { kind: 'idle' },
  },
  {
    name: 'a projection goes on for an hour as on average so far',
    limit: projectedCost,
    job: { ...ON_SLOTS, startTimeMs: NOW + 1_000 - HOUR / 2, slotMs: 1000 * HOUR },
    expected: { kind: 'value', value: 180, basis: 'projection' },
  },
  {
    name: 'on demand the projection is the estimate',
    limit: projectedCost,
    job: { ...ON_DEMAND, startTimeMs: NOW, estimatedBytes: TIB },
    expected: { kind: 'value', value: 6.25, basis: 'estimate' },
  },
  {
    name: 'a list item without its model is projected at most at the dearest edition',
    limit: projectedCost,
    job: {
      state: 'RUNNING',
      type: 'QUERY',
      statementType: 'SELECT',
      startTimeMs: NOW + 1_000 - HOUR,
      slotMs: 10 * HOUR,
      estimatedBytes: 0,
    },
    expected: { kind: 'lacks', fields: ['reservation'], atMost: 2 },
  },
  {
    name: "a projection of a script is its children's",
    limit: projectedCost,
    job: { ...ON_SLOTS, statementType: 'SCRIPT', startTimeMs: NOW - HOUR, slotMs: HOUR },
    expected: { kind: 'idle' },
  },
];

describe('a limit measures what it names', () => {
  test.each(CASES)('$name', ({ limit, job, terms = SPENT, expected }) => {
    expect(limit.measure({ name: NAME, ...job }, NOW, terms)).toEqual(expected);
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
  expect(limit.measure(job, NOW, ESTIMATE)).toEqual({ kind: 'idle' });
});

describe('time alone moves runtime and pending', () => {
  test.each([
    { limit: runtime, job: { state: 'RUNNING', startTimeMs: NOW } as const },
    { limit: pending, job: { state: 'PENDING', creationTimeMs: NOW } as const },
  ])('$limit.key says when it stands at an amount, to the millisecond', ({ limit, job }) => {
    const standing = limit.measure({ name: NAME, ...job }, NOW, SPENT);
    const atMs = standing.kind === 'value' ? standing.reachesAtMs?.(1_800_000) : undefined;
    expect(atMs).toBe(NOW + 1_800_000);
    expect(limit.measure({ name: NAME, ...job }, atMs ?? 0, SPENT)).toMatchObject({
      kind: 'value',
      value: 1_800_000,
    });
  });

  test.each([
    { limit: slotTime, job: { state: 'RUNNING', slotMs: 1 } as const },
    { limit: estimatedBytes, job: { state: 'RUNNING', estimatedBytes: 1 } as const },
  ])('$limit.key cannot tell', ({ limit, job }) => {
    expect(limit.measure({ name: NAME, ...job }, NOW, ESTIMATE)).not.toHaveProperty('reachesAtMs');
  });
});

it('says what was measured and what is allowed', () => {
  expect(ALL_LIMITS.map(({ sentence }) => sentence('12', '10', undefined))).toEqual([
    'has run 12 of at most 10',
    'has been pending 12 of at most 10',
    'has used 12 of slot time of at most 10',
    'has used 12 on average of at most 10',
    'is estimated to read up to 12 of at most 10',
    'has read 12 of at most 10',
    'has cost 12 of at most 10',
    'will have cost 12 in an hour at its present rate, of at most 10',
  ]);
});

it('says "up to" of an estimate in money', () => {
  for (const limit of [cost, projectedCost]) {
    expect(limit.sentence('12', '10', 'estimate')).toBe('is estimated to cost up to 12 of at most 10');
  }
});

test.each(ALL_LIMITS)('$key is idle for the types of jobs that it does not name', (limit) => {
  for (const type of ['QUERY', 'LOAD', 'EXTRACT', 'COPY', 'UNKNOWN'] as const) {
    const kinds = (['PENDING', 'RUNNING'] as const).map(
      (state) => limit.measure({ name: NAME, state, type }, NOW, ESTIMATE).kind,
    );
    const has = limit.jobTypes?.includes(type) ?? true;
    expect(kinds.some((kind) => kind !== 'idle')).toBe(has);
  }
});

it('gives every limit a key of its own', () => {
  expect(new Set(ALL_LIMITS.map(({ key }) => key)).size).toBe(ALL_LIMITS.length);
});
