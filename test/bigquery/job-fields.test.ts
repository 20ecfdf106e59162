import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CANCEL_FIELDS, GET_FIELDS, LIST_FIELDS } from '../../shared/bigquery/job-fields.ts';
import { readJob, readListItem } from '../../shared/job/from-rest.ts';
import { type FieldMask, parseFieldMask } from '../../simulator/field-mask.ts';
import { isRecord } from '../../simulator/json.ts';
import { selectionOf } from '../../simulator/partial-response.ts';
import {
  copyConfiguration,
  extractConfiguration,
  loadConfiguration,
  resource,
  runningQuery,
  withPart,
} from '../job/resources.ts';

const asked = (fields: string) => new URLSearchParams({ fields });
const ofGet = selectionOf('get', asked(GET_FIELDS));
const ofList = selectionOf('list', asked(LIST_FIELDS));
const ofCancel = selectionOf('cancel', asked(CANCEL_FIELDS));
const QUERY = { query: { query: 'SELECT 1' } };
const error = { reason: 'backendError', message: 'it broke', location: 'query' };

const RESOURCES = [
  { name: 'a query', raw: runningQuery },
  { name: 'a query of which only the text is told', raw: resource({ configuration: QUERY }) },
  {
    name: 'a query that tells its type and text alone, and has no statistics of one',
    raw: withPart(
      'statistics',
      { query: undefined },
      resource({ configuration: { jobType: 'QUERY', ...QUERY } }),
    ),
  },
  { name: 'a query without statistics of one', raw: withPart('statistics', { query: undefined }) },
  { name: 'a load', raw: resource({ configuration: loadConfiguration }) },
  { name: 'an extract', raw: resource({ configuration: extractConfiguration }) },
  { name: 'a copy', raw: resource({ configuration: copyConfiguration }) },
  { name: 'a child', raw: withPart('statistics', { parentJobId: 'script' }) },
  { name: 'a failure', raw: resource({ status: { state: 'DONE', errorResult: error, errors: [error] } }) },
  {
    name: 'a job that a list tells of',
    raw: resource({ status: undefined, state: 'DONE', errorResult: error }),
  },
  {
    name: 'a job of a principal subject',
    raw: resource({ user_email: undefined, principal_subject: 'user:a@b.c' }),
  },
];

/** An answer as a server may give it that leaves out objects of which nothing is left. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (!isRecord(value)) return value;
  const parts = Object.entries(value).map(([key, part]): [string, unknown] => [key, withoutEmpty(part)]);
  return Object.fromEntries(parts.filter(([, part]) => !isRecord(part) || Object.keys(part).length > 0));
}

const TABLE = { projectId: 'shop-prod', datasetId: 'sales', tableId: 'orders' };
const MODEL = { projectId: 'shop-prod', datasetId: 'sales', modelId: 'churn' };
const some = <T>(...values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
const tables = some([], [TABLE], [TABLE, { ...TABLE, tableId: 'orders$20260701' }], [TABLE, {}]);

/** Each with fields that a Job is read from and fields that it is not, of which any may be absent. */
const CONFIGURATIONS: Readonly<Record<string, Readonly<Record<string, fc.Arbitrary<unknown>>>>> = {
  QUERY: {
    query: fc.record({
      query: fc.constant('SELECT 1'),
      priority: some('BATCH'),
      continuous: some(true),
      destinationTable: some(TABLE, { ...TABLE, datasetId: `_${'0f'.repeat(20)}`, tableId: 'anon1' }),
      useLegacySql: some(false),
    }),
  },
  LOAD: { load: fc.record({ destinationTable: some(TABLE), sourceUris: some(['gs://shop/in.csv']) }) },
  EXTRACT: {
    extract: fc.record({
      sourceTable: some(TABLE),
      sourceModel: some(MODEL),
      destinationUris: some(['gs://shop/out']),
    }),
  },
  COPY: {
    copy: fc.record({
      sourceTable: some(TABLE),
      sourceTables: tables,
      destinationTable: some(TABLE),
      operationType: some('SNAPSHOT'),
    }),
  },
};

/** Jobs of all types in all states, as they may be answered: BigQuery tells the type and the creation of each. */
const resources = fc.constantFrom(...Object.entries(CONFIGURATIONS)).chain(([jobType, part]) =>
  fc.record({
    jobReference: fc.constant({ projectId: 'shop-prod', location: 'EU', jobId: 'job' }),
    user_email: some('ana@example.com'),
    status: fc.record({ state: fc.constantFrom('PENDING', 'RUNNING', 'DONE'), errorResult: some(error) }),
    configuration: fc.record({
      jobType: fc.constant(jobType),
      ...part,
      labels: some({}, { team: 'sales' }),
      dryRun: some(true),
      jobTimeoutMs: some('60000'),
    }),
    statistics: fc.record({
      creationTime: fc.constant('1782892800000'),
      startTime: some('1782892801250'),
      parentJobId: some('script'),
      reservation_id: some('unreserved', 'p:US.r'),
      edition: some('ENTERPRISE'),
      numChildJobs: some('3'),
      load: some({}, { inputFiles: '1' }, { inputFileBytes: '7' }),
      extract: some({}, { destinationUriFileCounts: ['1'] }, { inputBytes: '7' }),
      copy: some({}, { copiedRows: '1' }),
      query: fc.option(
        fc.record({
          statementType: some('SELECT'),
          estimatedBytesProcessed: some('0', '9'),
          totalBytesProcessedAccuracy: some('UNKNOWN'),
          cacheHit: some(false),
          referencedTables: tables,
          queryPlan: some([{ name: 'S00' }]),
        }),
        { nil: undefined },
      ),
    }),
  }),
);

describe('what BigQuery is asked to answer with', () => {
  test('tells all but the text of any job, also where what is empty is not answered', () => {
    fc.assert(
      fc.property(resources, (drawn) => {
        const whole: unknown = JSON.parse(JSON.stringify(drawn));
        if (!isRecord(whole)) throw new Error('a drawn resource is no object');
        const { query: _, ...job } = readJob(whole);
        expect(readJob(ofGet(whole))).toEqual(job);
        expect(readJob(withoutEmpty(ofGet(whole)))).toEqual(job);
        const { query: __, ...item } = readListItem(whole);
        const [listed] = [ofList({ kind: 'bigquery#jobList', jobs: [whole] })['jobs']].flat();
        expect(readListItem(listed)).toEqual(item);
      }),
      { numRuns: 500 },
    );
  });

  test.each(RESOURCES)('tells of $name all but the text', ({ raw }) => {
    const { query: _, ...item } = readListItem(raw);
    const [listed] = [ofList({ kind: 'bigquery#jobList', jobs: [raw] })['jobs']].flat();
    expect(readListItem(listed)).toEqual(item);
    // A Job has neither; they are a list's.
    const whole = resource({ status: { state: 'DONE' }, ...raw, state: undefined, errorResult: undefined });
    const { query: __, ...job } = readJob(whole);
    expect(readJob(ofGet(whole))).toEqual(job);
    expect(readJob(ofCancel({ kind: 'bigquery#jobCancelResponse', job: whole })['job'])).toEqual(job);
  });

  test.each(RESOURCES.filter(({ raw }) => JSON.stringify(raw).includes('"jobType"')))(
    'and so where $name is answered without what is empty',
    ({ raw }) => {
      const whole = resource({ status: { state: 'DONE' }, ...raw, state: undefined, errorResult: undefined });
      const { query: _, ...job } = readJob(whole);
      expect(readJob(withoutEmpty(ofGet(whole)))).toEqual(job);
    },
  );

  test.each([
    { fields: GET_FIELDS, path: [] },
    { fields: CANCEL_FIELDS, path: ['job'] },
    { fields: LIST_FIELDS, path: ['jobs'] },
  ])('names no text, and all of nothing that could hold one: $path', ({ fields, path }) => {
    const query = [...path, 'configuration', 'query'].reduce(inside, parseFieldMask(fields));
    expect([...query.keys()].sort()).toEqual(['continuous', 'destinationTable', 'priority']);
    const statistics = [...path, 'statistics', 'query'].reduce(inside, parseFieldMask(fields));
    expect(statistics.has('referencedTables')).toBe(true);
    expect(statistics.has('queryPlan')).toBe(false);
  });

  test('of a list is also where it goes on, and where it did not reach', () => {
    expect([...parseFieldMask(LIST_FIELDS).keys()].sort()).toEqual([
      'jobs',
      'kind',
      'nextPageToken',
      'unreachable',
    ]);
  });
});

function inside(mask: FieldMask, name: string): FieldMask {
  const part = mask.get(name);
  if (part === undefined || part === 'all') throw new Error(`${name} is asked for whole, or not at all`);
  return part;
}
