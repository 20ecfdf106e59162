import { describe, expect, test } from 'vitest';
import { type JobCost, jobCost } from '../../shared/cost/job-cost.ts';
import { LIST_PRICES, withOwnPrices } from '../../shared/cost/price-table.ts';
import type { Job } from '../../shared/job/job.ts';

const HOUR = 3_600_000;
const MB = 1_048_576;
const TIB = 1024 ** 4;

/** Where each rule stands. */
const ORDER = 'bigquery-facts, Cost: which model, in this order';
const FORMULA = 'doc: information-schema-jobs.md, Compare on-demand job usage to billing data';
const FAILS = 'doc: slots-autoscaling-intro.md: this charge applies even if the job fails';
const ROUNDING = 'bigquery-facts, Cost: rounded up to the MB, at least 10 MB per query';
const PRICES = 'bigquery-facts, Cost: list prices';
const ESTIMATE = 'discovery document: estimatedBytesProcessed; doc: best-practices-costs.md: upper bound';
const CANCELLED = 'bigquery-facts, Jobs API: costs may remain, up to the full query';
const AUDIT = 'bigquery-facts, Audit entries: no edition, no reason of an error';
const DRY_RUN = 'doc: running-queries.md: you are not charged for performing a dry run';

interface Priced {
  readonly name: string;
  readonly source: string;
  readonly job: Partial<Job>;
  readonly location?: string | undefined;
  readonly cost: JobCost | Partial<JobCost>;
}

const QUERY: Partial<Job> = { state: 'RUNNING', type: 'QUERY', statementType: 'SELECT' };
const ON_DEMAND: Partial<Job> = { ...QUERY, reservation: null, edition: null };
const DONE: Partial<Job> = { ...ON_DEMAND, state: 'DONE', error: null, cacheHit: false };
const ON_SLOTS: Partial<Job> = { ...QUERY, reservation: 'p:US.etl', edition: 'ENTERPRISE' };

const free = (reason: 'dry-run' | 'cache-hit' | 'shared-pool' | 'failed'): JobCost => ({
  model: 'free',
  reason,
  spentUsd: 0,
});
const onDemand = (money: { spentUsd?: number; upToUsd?: number }, usdPerTiB = 6.25): JobCost => ({
  model: 'on-demand',
  reason: 'no-reservation',
  usdPerTiB,
  ...money,
});
const notTold = (...lacks: (keyof Omit<Job, 'name' | 'state'>)[]): JobCost => ({
  model: 'unknown',
  reason: 'not-told',
  lacks,
});
const unknown = (reason: 'unknown-type' | 'create-model' | 'unknown-edition' | 'no-price'): JobCost => ({
  model: 'unknown',
  reason,
  lacks: [],
});

const FREE: readonly Priced[] = [
  {
    name: 'a cache hit',
    source: ORDER,
    job: { ...DONE, cacheHit: true, bytesBilled: 0 },
    cost: free('cache-hit'),
  },
  {
    name: 'a cache hit, whatever else is told of it',
    source: ORDER,
    job: { ...ON_SLOTS, state: 'DONE', cacheHit: true, slotMs: HOUR },
    cost: free('cache-hit'),
  },
  {
    name: 'a cache hit whose reservation is empty and of which little is told',
    source: ORDER,
    job: { state: 'DONE', type: 'QUERY', cacheHit: true },
    cost: free('cache-hit'),
  },
  {
    name: 'a dry run',
    source: DRY_RUN,
    job: { ...DONE, dryRun: true, estimatedBytes: 5 * TIB },
    cost: free('dry-run'),
  },
  {
    name: 'a load in the shared pool, by its name',
    source: ORDER,
    job: { state: 'RUNNING', type: 'LOAD', reservation: 'default-pipeline', slotMs: HOUR },
    cost: free('shared-pool'),
  },
  {
    name: 'a load in the shared pool, by its full name',
    source: ORDER,
    job: { state: 'RUNNING', type: 'LOAD', reservation: 'p:US.default-pipeline', slotMs: HOUR },
    cost: free('shared-pool'),
  },
  {
    name: 'a load without a reservation',
    source: ORDER,
    job: { state: 'DONE', type: 'LOAD', reservation: null, edition: null, slotMs: HOUR },
    cost: free('shared-pool'),
  },
  {
    name: 'an extract without a reservation',
    source: ORDER,
    job: { state: 'RUNNING', type: 'EXTRACT', reservation: null, edition: null },
    cost: free('shared-pool'),
  },
  {
    name: 'a copy without a reservation',
    source: ORDER,
    job: { state: 'RUNNING', type: 'COPY', reservation: null, edition: null },
    cost: free('shared-pool'),
  },
  {
    name: 'a query on demand that failed',
    source: FORMULA,
    job: { ...DONE, error: { reason: 'resourcesExceeded' }, bytesBilled: TIB },
    cost: free('failed'),
  },
  {
    name: 'a query refused by its maximumBytesBilled',
    source: FORMULA,
    job: { ...DONE, error: { reason: 'bytesBilledLimitExceeded' } },
    cost: free('failed'),
  },
];

const SCRIPTS: readonly Priced[] = [
  {
    name: "a script on demand is its children's",
    source: FORMULA,
    job: { ...DONE, statementType: 'SCRIPT', bytesBilled: 40 * TIB },
    cost: { model: 'children', reason: 'script', spentUsd: 0 },
  },
  {
    name: "a script on slots is its children's too: it repeats their slot time",
    source: ORDER,
    job: { ...ON_SLOTS, statementType: 'SCRIPT', slotMs: 500 * HOUR },
    cost: { model: 'children', reason: 'script', spentUsd: 0 },
  },
  {
    name: 'a child is charged like any query',
    source: FORMULA,
    job: { ...DONE, parent: { projectId: 'p', location: 'US', jobId: 'script' }, bytesBilled: 2 * TIB },
    cost: onDemand({ spentUsd: 12.5 }),
  },
];

const SLOTS: readonly Priced[] = [
  {
    name: 'a running query on a reservation has cost its slot time so far',
    source: ORDER,
    job: { ...ON_SLOTS, slotMs: 1000 * HOUR },
    cost: {
      model: 'slots',
      reason: 'reservation',
      edition: 'ENTERPRISE',
      usdPerSlotHour: 0.06,
      spentUsd: 60,
    },
  },
  {
    name: 'an edition alone says it too',
    source: ORDER,
    job: { ...QUERY, reservation: null, edition: 'STANDARD', slotMs: 10 * HOUR },
    cost: { model: 'slots', reason: 'edition', usdPerSlotHour: 0.04, spentUsd: 0.4 },
  },
  {
    name: 'Enterprise Plus',
    source: PRICES,
    job: { ...ON_SLOTS, edition: 'ENTERPRISE_PLUS', slotMs: 3 * HOUR },
    cost: { model: 'slots', spentUsd: 0.3 },
  },
  {
    name: 'bytes are not charged beside slots',
    source: 'discovery document: totalBytesBilled is informational then',
    job: { ...ON_SLOTS, state: 'DONE', error: null, slotMs: HOUR, bytesBilled: 90 * TIB },
    cost: { model: 'slots', spentUsd: 0.06 },
  },
  {
    name: 'an estimate of bytes says nothing of slots',
    source: ORDER,
    job: { ...ON_SLOTS, slotMs: 0, estimatedBytes: 90 * TIB },
    cost: { model: 'slots', spentUsd: 0 },
  },
  {
    name: 'a pending job has used no slots',
    source: 'bigquery-facts, Jobs API: startTime from RUNNING on',
    job: { ...ON_SLOTS, state: 'PENDING' },
    cost: { model: 'slots', spentUsd: 0 },
  },
  {
    name: 'a query that failed on slots has used them all the same',
    source: FAILS,
    job: { ...ON_SLOTS, state: 'DONE', error: { reason: 'resourcesExceeded' }, slotMs: 100 * HOUR },
    cost: { model: 'slots', spentUsd: 6 },
  },
  {
    name: 'a query cancelled on slots has cost what it used',
    source: FAILS,
    job: { ...ON_SLOTS, state: 'DONE', error: { reason: 'stopped' }, slotMs: 50 * HOUR },
    cost: { model: 'slots', spentUsd: 3 },
  },
  {
    name: 'a load that is assigned to a reservation',
    source: ORDER,
    job: { state: 'RUNNING', type: 'LOAD', reservation: 'p:US.loads', edition: 'ENTERPRISE', slotMs: HOUR },
    cost: { model: 'slots', spentUsd: 0.06 },
  },
  {
    name: 'a load of which only the edition is told',
    source: ORDER,
    job: { state: 'RUNNING', type: 'LOAD', reservation: null, edition: 'ENTERPRISE', slotMs: HOUR },
    cost: { model: 'slots', reason: 'edition', spentUsd: 0.06 },
  },
  {
    name: 'a model that is trained on slots',
    source: ORDER,
    job: { ...ON_SLOTS, statementType: 'CREATE_MODEL', slotMs: 100 * HOUR },
    cost: { model: 'slots', spentUsd: 6 },
  },
  {
    name: 'a reservation whose edition only jobs.get tells',
    source: AUDIT,
    job: { ...QUERY, reservation: 'p:US.etl', slotMs: HOUR },
    cost: notTold('edition'),
  },
  {
    name: 'a reservation without an edition',
    source: ORDER,
    job: { ...QUERY, reservation: 'p:US.flat', edition: null, slotMs: HOUR },
    cost: unknown('unknown-edition'),
  },
  {
    name: 'an edition that we have no word for',
    source: 'discovery document: RESERVATION_EDITION_UNSPECIFIED',
    job: { ...ON_SLOTS, edition: 'RESERVATION_EDITION_UNSPECIFIED', slotMs: HOUR },
    cost: unknown('unknown-edition'),
  },
  {
    name: 'a running job whose slot time is not told',
    source: ORDER,
    job: ON_SLOTS,
    cost: notTold('slotMs'),
  },
];

const BYTES: readonly Priced[] = [
  {
    name: 'an ended query has cost the bytes billed',
    source: FORMULA,
    job: { ...DONE, bytesBilled: 8 * TIB },
    cost: onDemand({ spentUsd: 50 }),
  },
  {
    name: 'an ended query that read nothing',
    source: 'bigquery-facts, REST resources: zero is told',
    job: { ...DONE, statementType: 'CREATE_TABLE', bytesBilled: 0 },
    cost: onDemand({ spentUsd: 0 }),
  },
  {
    name: 'an entry says unreserved',
    source: 'bigquery-facts, Audit entries: "unreserved" or a name',
    job: { ...QUERY, state: 'DONE', reservation: null, error: null, bytesBilled: TIB },
    cost: onDemand({ spentUsd: 6.25 }),
  },
  {
    name: 'a cancelled query is billed what it is billed',
    source: FORMULA,
    job: { ...DONE, error: { reason: 'stopped' }, bytesBilled: 4 * TIB },
    cost: onDemand({ spentUsd: 25 }),
  },
  {
    name: 'an ended query whose bytes are hidden',
    source: FORMULA,
    job: { ...DONE },
    cost: { model: 'unknown', reason: 'bytes-hidden', lacks: ['bytesBilled'] },
  },
  {
    name: 'an entry of a failure tells no reason: it may have been stopped',
    source: AUDIT,
    job: { ...DONE, error: {}, bytesBilled: TIB },
    cost: notTold('error'),
  },
  {
    name: 'an ended query of which the error is not told',
    source: FORMULA,
    job: { ...ON_DEMAND, state: 'DONE', bytesBilled: TIB },
    cost: notTold('error'),
  },
  {
    name: 'of a running query nothing is known to have been spent, though it has read much',
    source: CANCELLED,
    job: { ...ON_DEMAND, bytesProcessed: 30 * TIB },
    cost: onDemand({}),
  },
  {
    name: 'of a running query the estimate is the most',
    source: ESTIMATE,
    job: { ...ON_DEMAND, estimatedBytes: 8 * TIB, bytesProcessed: 30 },
    cost: onDemand({ upToUsd: 50 }),
  },
  {
    name: 'a pending query has spent nothing and may spend its estimate',
    source: ESTIMATE,
    job: { ...ON_DEMAND, state: 'PENDING', estimatedBytes: TIB },
    cost: onDemand({ spentUsd: 0, upToUsd: 6.25 }),
  },
  {
    name: 'an estimate of nothing costs nothing',
    source: ROUNDING,
    job: { ...ON_DEMAND, estimatedBytes: 0 },
    cost: onDemand({ upToUsd: 0 }),
  },
  {
    name: 'a byte is billed as ten megabytes',
    source: ROUNDING,
    job: { ...DONE, bytesBilled: 1 },
    cost: onDemand({ spentUsd: 0.000059605 }),
  },
  {
    name: 'ten megabytes are the least',
    source: ROUNDING,
    job: { ...ON_DEMAND, estimatedBytes: 10 * MB },
    cost: onDemand({ upToUsd: 0.000059605 }),
  },
  {
    name: 'a byte above is a megabyte more',
    source: ROUNDING,
    job: { ...ON_DEMAND, estimatedBytes: 10 * MB + 1 },
    cost: onDemand({ upToUsd: 0.000065565 }),
  },
  {
    name: 'what Google shows: 161164718 bytes processed are 161480704 billed',
    source: 'doc: information-schema-jobs.md, Queries using optional job creation mode',
    job: { ...ON_DEMAND, estimatedBytes: 161_164_718 },
    cost: onDemand({ upToUsd: Math.round((161_480_704 / TIB) * 6.25 * 1e9) / 1e9 }),
  },
  {
    name: 'a model on demand costs up to fifty times as much',
    source: FORMULA,
    job: { ...DONE, statementType: 'CREATE_MODEL', bytesBilled: TIB },
    cost: unknown('create-model'),
  },
];

const PLACES: readonly Priced[] = [
  ...(
    [
      ['EU', 6.25],
      ['europe-west1', 7.5],
      ['europe-west2', 7.8125],
      ['europe-west4', 7.5],
      ['asia-northeast1', 7.5],
      ['southamerica-east1', 11.25],
      ['us', 6.25],
    ] as const
  ).map(
    ([location, usdPerTiB]): Priced => ({
      name: `a tebibyte in ${location}`,
      source: PRICES,
      location,
      job: { ...DONE, bytesBilled: TIB },
      cost: onDemand({ spentUsd: usdPerTiB }, usdPerTiB),
    }),
  ),
  {
    name: 'a hundred slot-hours in europe-west2',
    source: PRICES,
    location: 'europe-west2',
    job: { ...ON_SLOTS, slotMs: 100 * HOUR },
    cost: { model: 'slots', usdPerSlotHour: 0.078, spentUsd: 7.8 },
  },
  {
    name: 'bytes in a location without prices',
    source: PRICES,
    location: 'me-central2',
    job: { ...DONE, bytesBilled: TIB },
    cost: unknown('no-price'),
  },
  {
    name: 'slots in a location without prices',
    source: PRICES,
    location: 'me-central2',
    job: { ...ON_SLOTS, slotMs: HOUR },
    cost: unknown('no-price'),
  },
  {
    name: 'a job of 2017 without a location',
    source: 'bigquery-facts, REST resources in the wild',
    location: undefined,
    job: { ...DONE, bytesBilled: TIB },
    cost: unknown('no-price'),
  },
];

const NOT_TOLD: readonly Priced[] = [
  { name: 'an entry without a type', source: AUDIT, job: { state: 'RUNNING' }, cost: notTold('type') },
  {
    name: 'a kind of job that we do not know',
    source: 'bigquery-facts, REST resources in the wild: UNKNOWN',
    job: { state: 'RUNNING', type: 'UNKNOWN', reservation: null, edition: null },
    cost: unknown('unknown-type'),
  },
  {
    name: 'a query that may be a script',
    source: ORDER,
    job: { state: 'RUNNING', type: 'QUERY', reservation: null, edition: null },
    cost: notTold('statementType'),
  },
  {
    name: 'an item of a list that names no reservation',
    source: 'bigquery-facts, Jobs API: what list shows of running jobs is not documented',
    job: { ...QUERY, slotMs: HOUR, estimatedBytes: TIB },
    cost: notTold('reservation'),
  },
  {
    name: 'a load of which no source told where it runs',
    source: ORDER,
    job: { state: 'PENDING', type: 'LOAD' },
    cost: notTold('reservation'),
  },
];

function jobOf({ job, ...priced }: Priced): Job {
  const location = 'location' in priced ? priced.location : 'US';
  return {
    name: { projectId: 'p', jobId: 'j', ...(location !== undefined && { location }) },
    state: 'RUNNING',
    ...job,
  };
}

describe.each([
  ['nothing', FREE],
  ['as a script', SCRIPTS],
  ['slots', SLOTS],
  ['bytes', BYTES],
  ['by location', PLACES],
  ['nobody knows what', NOT_TOLD],
] as const)('a job is charged %s', (_, cases) => {
  test.each(cases)('$name [$source]', (priced) => {
    expect(jobCost(jobOf(priced), LIST_PRICES)).toMatchObject(priced.cost);
    if (priced.cost.model !== 'on-demand') return;
    expect(jobCost(jobOf(priced), LIST_PRICES)).toEqual(priced.cost);
  });
});

test('at least forty jobs are priced', () => {
  const all = [...FREE, ...SCRIPTS, ...SLOTS, ...BYTES, ...PLACES, ...NOT_TOLD];
  expect(all.length).toBeGreaterThanOrEqual(40);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
});

describe("the owner's prices", () => {
  const own = withOwnPrices([
    ['US', { usdPerTiB: 5 }],
    ['me-central2', { usdPerSlotHour: { STANDARD: 0.07 } }],
  ]);
  const done = (location: string): Job =>
    jobOf({ name: '', source: '', location, job: { ...DONE, bytesBilled: TIB }, cost: {} });

  test('go before the list, and what they leave out stays', () => {
    expect(jobCost(done('US'), own)).toMatchObject({ spentUsd: 5 });
    expect(jobCost({ ...done('US'), edition: 'ENTERPRISE', slotMs: HOUR }, own)).toMatchObject({
      spentUsd: 0.06,
    });
    expect(jobCost(done('EU'), own)).toMatchObject({ spentUsd: 6.25 });
  });

  test('of a new location price only what they name', () => {
    expect(jobCost({ ...done('me-central2'), edition: 'STANDARD', slotMs: HOUR }, own)).toMatchObject({
      spentUsd: 0.07,
    });
    expect(jobCost({ ...done('me-central2'), edition: 'ENTERPRISE', slotMs: HOUR }, own)).toEqual(
      unknown('no-price'),
    );
    expect(jobCost(done('me-central2'), own)).toEqual(unknown('no-price'));
  });
});
