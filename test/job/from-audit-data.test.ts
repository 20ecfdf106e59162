import { describe, expect, test } from 'vitest';
import type { EntryReading } from '../../shared/job/entry-reading.ts';
import { BrokenEntryError } from '../../shared/job/errors.ts';
import type { Job } from '../../shared/job/job.ts';
import { readAuditEntry } from '../../shared/job/read-audit-entry.ts';
import { inserted, olderEntryOf, startedQuery } from './entries.ts';

const NAME = { projectId: 'shop-prod', location: 'EU', jobId: 'nightly_report_1' };
const INSERT_ID = '-k3x9v2e1abc';
const SQL = 'SELECT sku FROM `shop-prod.sales.orders`';
const table = (datasetId: string, tableId: string) => ({ projectId: 'shop-prod', datasetId, tableId });

const configured = {
  jobName: NAME,
  jobConfiguration: {
    query: {
      query: SQL,
      destinationTable: table(`_${'9f'.repeat(20)}`, 'anon77aa'),
      defaultDataset: {},
      queryPriority: 'QUERY_BATCH',
      statementType: 'SELECT',
    },
    labels: { team: 'sales' },
  },
};
const running = {
  ...configured,
  jobStatus: { state: 'RUNNING', error: {} },
  jobStatistics: { createTime: '2026-07-01T08:00:00Z', startTime: '2026-07-01T08:00:01.250Z' },
};
const ended = {
  ...configured,
  jobStatus: { state: 'DONE', error: {} },
  jobStatistics: {
    ...running.jobStatistics,
    endTime: '2026-07-01T08:02:00.999999Z',
    totalProcessedBytes: '104857600',
    totalBilledBytes: '105906176',
    billingTier: 1,
    totalSlotMs: '734000',
    reservation: 'unreserved',
    reservationUsage: [{ name: 'unreserved', slotMs: '734000' }],
    referencedTables: [
      table('sales', 'orders'),
      table('sales', 'orders$20260630'),
      table('sales', 'skus@1788825600000'),
    ],
    totalTablesProcessed: 2,
    queryOutputRowCount: '12',
  },
};
const completed = (job: object) => ({ jobCompletedEvent: { eventName: 'query_job_completed', job } });
const denied = { status: { code: 7, message: 'Access Denied' } };

function jobIn(
  data: Readonly<Record<string, unknown>>,
  payload: Readonly<Record<string, unknown>> = {},
): Job {
  const reading = readAuditEntry(olderEntryOf(data, { payload }));
  if (reading.kind !== 'job') throw new Error(`read as ${reading.kind}`);
  return reading.job;
}

describe('a job event of the older format', () => {
  test('the response to an insertion gives the job as it started, its location from its name', () => {
    const data = { jobInsertRequest: { resource: configured }, jobInsertResponse: { resource: running } };
    expect(readAuditEntry(olderEntryOf(data))).toEqual({
      kind: 'job',
      insertId: INSERT_ID,
      job: {
        name: NAME,
        state: 'RUNNING',
        type: 'QUERY',
        principal: 'ana@example.com',
        parent: null,
        creationTimeMs: Date.UTC(2026, 6, 1, 8, 0, 0),
        startTimeMs: Date.UTC(2026, 6, 1, 8, 0, 1, 250),
        labels: new Map([['team', 'sales']]),
        dryRun: false,
        priority: 'BATCH',
        statementType: 'SELECT',
        destinationTable: null,
        error: null,
        query: expect.anything(),
      },
    });
  });

  test('a completed event gives the job as it ended, tables once and without decorators', () => {
    const job = jobIn(completed(ended));
    expect(job).toMatchObject({
      state: 'DONE',
      endTimeMs: Date.UTC(2026, 6, 1, 8, 2, 0, 999),
      bytesProcessed: 104857600,
      bytesBilled: 105906176,
      slotMs: 734000,
      reservation: null,
      referencedTables: [table('sales', 'orders'), table('sales', 'skus')],
      error: null,
    });
    expect(job.query?.expose()).toBe(SQL);
    for (const key of ['estimatedBytes', 'continuous', 'edition']) expect(job).not.toHaveProperty(key);
  });

  const states: { name: string; data: Readonly<Record<string, unknown>>; state: string }[] = [
    { name: 'a completed event without a status', data: completed({ jobName: NAME }), state: 'DONE' },
    {
      name: 'a completed event whose job says that it runs: the event counts',
      data: completed({ ...ended, jobStatus: { state: 'RUNNING' } }),
      state: 'DONE',
    },
    {
      name: 'a request with an id, unanswered',
      data: { jobInsertRequest: { resource: configured } },
      state: 'PENDING',
    },
    {
      name: 'an answered insertion',
      data: { jobInsertResponse: { resource: configured } },
      state: 'PENDING',
    },
    {
      name: 'a query',
      data: { jobQueryRequest: { query: SQL }, jobQueryResponse: { job: running } },
      state: 'RUNNING',
    },
    { name: 'results asked for', data: { jobGetQueryResultsResponse: { job: running } }, state: 'RUNNING' },
    { name: 'results that are there', data: { jobGetQueryResultsResponse: { job: ended } }, state: 'DONE' },
    { name: 'the deprecated done response', data: { jobQueryDoneResponse: { job: ended } }, state: 'DONE' },
    {
      name: 'a completed event beside what asked for it',
      data: { jobInsertResponse: { resource: running }, ...completed(ended) },
      state: 'DONE',
    },
    {
      name: 'an event beside a key that a pipeline left as `{}`',
      data: { jobCompletedEvent: {}, jobInsertResponse: { resource: running } },
      state: 'RUNNING',
    },
  ];
  test.each(states)('$name is $state', ({ data, state }) => {
    expect(jobIn(data)).toMatchObject({ name: NAME, state });
  });

  test.each(['jobGetQueryResultsResponse', 'jobQueryDoneResponse'])(
    'who asks for results (%s) is not who runs the job, nor is their failure its own',
    (key) => {
      const job = jobIn({ [key]: { job: ended } }, denied);
      expect(job).not.toHaveProperty('principal');
      expect(job.error).toBeNull();
    },
  );

  const types: { name: string; job: object; expected: Partial<Job> }[] = [
    {
      name: 'a load, whose processed bytes may be those written',
      job: {
        jobConfiguration: { load: { destinationTable: table('sales', 'orders$20260701') } },
        jobStatistics: { totalProcessedBytes: '5', totalLoadOutputBytes: '12' },
      },
      expected: {
        type: 'LOAD',
        statementType: null,
        continuous: false,
        referencedTables: [],
        destinationTable: table('sales', 'orders'),
      },
    },
    {
      name: 'an extract',
      job: {
        jobConfiguration: { extract: { sourceTable: table('sales', 'orders') } },
        jobStatistics: { totalProcessedBytes: '2048' },
      },
      expected: {
        type: 'EXTRACT',
        referencedTables: [table('sales', 'orders')],
        destinationTable: null,
        bytesProcessed: 2048,
      },
    },
    {
      name: 'a copy',
      job: {
        jobConfiguration: {
          tableCopy: {
            sourceTables: [table('sales', 'orders@1788825600000')],
            destinationTable: table('backup', 'orders'),
          },
        },
      },
      expected: {
        type: 'COPY',
        referencedTables: [table('sales', 'orders')],
        destinationTable: table('backup', 'orders'),
      },
    },
    {
      name: 'a dry run that has a name',
      job: { jobConfiguration: { query: { query: SQL }, dryRun: true } },
      expected: { type: 'QUERY', dryRun: true, labels: new Map() },
    },
  ];
  test.each(types)('reads $name', ({ job, expected }) => {
    expect(jobIn(completed({ jobName: NAME, ...job }))).toMatchObject(expected);
  });

  const query = (over: object) =>
    completed({ jobName: NAME, jobConfiguration: { query: { query: SQL, ...over } } });
  const used = (jobStatistics: object) => completed({ ...ended, jobStatistics });
  const absent: { name: string; data: Readonly<Record<string, unknown>>; key: keyof Job }[] = [
    { name: '`destinationTable: {}`', data: query({ destinationTable: {} }), key: 'destinationTable' },
    {
      name: 'a table as the newer format writes it',
      data: query({ destinationTable: 'projects/p' }),
      key: 'destinationTable',
    },
    { name: 'an unknown priority', data: query({ queryPriority: 'QUERY_URGENT' }), key: 'priority' },
    {
      name: 'a query of 50,000 letters, which may be cut',
      data: query({ query: 'x'.repeat(50_000) }),
      key: 'query',
    },
    { name: 'no configuration', data: completed({ jobName: NAME }), key: 'type' },
    { name: 'no configuration', data: completed({ jobName: NAME }), key: 'labels' },
    { name: 'no configuration', data: completed({ jobName: NAME }), key: 'dryRun' },
    { name: 'no byte counts', data: used({}), key: 'bytesProcessed' },
    {
      name: 'no billed bytes beside processed ones',
      data: used({ totalProcessedBytes: '7' }),
      key: 'bytesBilled',
    },
    { name: 'no tables', data: used({}), key: 'referencedTables' },
    {
      name: 'fewer tables than the count says',
      data: used({ referencedTables: [table('sales', 'orders')], totalTablesProcessed: 2 }),
      key: 'referencedTables',
    },
    {
      name: 'bytes of a load',
      data: completed({
        jobName: NAME,
        jobConfiguration: { load: { destinationTable: table('a', 'b') } },
        jobStatistics: { totalProcessedBytes: '7' },
      }),
      key: 'bytesProcessed',
    },
  ];
  test.each(absent)('$name leaves $key absent', ({ data, key }) => {
    expect(jobIn(data)).not.toHaveProperty(key);
  });

  test('a query just below 50,000 letters is whole', () => {
    expect(jobIn(query({ query: 'x'.repeat(49_999) })).query?.expose()).toHaveLength(49_999);
  });

  const errors: { name: string; jobStatus: object; status: object; message: string | null }[] = [
    {
      name: 'a failed job in a completed event',
      jobStatus: { error: { code: 11, message: 'm1' } },
      status: {},
      message: 'm1',
    },
    {
      name: 'only the status of the entry',
      jobStatus: { error: {} },
      status: { code: 8, message: 'm2' },
      message: 'm2',
    },
    {
      name: 'additional errors of a job that succeeded',
      jobStatus: { error: {}, additionalErrors: [{ code: 3, message: 'a warning' }] },
      status: {},
      message: null,
    },
  ];
  test.each(errors)('reads the error from $name', ({ jobStatus, status, message }) => {
    const { error } = jobIn(completed({ ...ended, jobStatus: { state: 'DONE', ...jobStatus } }), { status });
    expect(error === null ? null : error?.message?.expose()).toBe(message);
    expect({ ...error }).not.toHaveProperty('reason');
  });

  test('a name without a location takes that of the resource, or none', () => {
    const { location: _, ...short } = NAME;
    const data = completed({ ...ended, jobName: short });
    expect(jobIn(data).name).toEqual(short);
    const elsewhere = { type: 'bigquery_resource', labels: { project_id: 'shop-prod', location: 'US' } };
    const own = readAuditEntry({ ...olderEntryOf(completed(ended)), resource: elsewhere });
    expect(own).toMatchObject({ kind: 'job', job: { name: NAME } });
    const labels = { project_id: 'shop-prod', location: 'eu' };
    const reading = readAuditEntry({
      ...olderEntryOf(data),
      resource: { type: 'bigquery_resource', labels },
    });
    expect(reading).toMatchObject({ kind: 'job', job: { name: NAME } });
  });

  test('`@type` and serviceName may be missing, but not both', () => {
    const named = { serviceData: completed(ended) };
    expect(readAuditEntry(olderEntryOf({}, { payload: named })).kind).toBe('job');
    const typed = olderEntryOf(completed(ended), { payload: { serviceName: undefined } });
    expect(readAuditEntry(typed).kind).toBe('job');
    const neither = olderEntryOf({}, { payload: { ...named, serviceName: undefined } });
    expect(readAuditEntry(neither)).toMatchObject({ why: 'the entry is of another service' });
  });

  test('where both formats stand in one entry, the newer counts', () => {
    const payload = { metadata: inserted(startedQuery) };
    const entry = { ...olderEntryOf(completed(ended), { payload }) };
    expect(readAuditEntry(entry)).toMatchObject({ kind: 'job', job: { state: 'RUNNING' } });
  });
});

describe('an entry of the older format that does not tell the job itself', () => {
  const child = { ...NAME, jobId: 'script_job_ab_1' };
  const cancel = { methodName: 'jobservice.cancel' };
  const cases: { name: string; entry: unknown; expected: EntryReading }[] = [
    {
      name: "a script child's id points at itself: the format names no parent",
      entry: olderEntryOf(completed({ ...ended, jobName: child })),
      expected: { kind: 'look-at', name: child, because: 'script-id' },
    },
    {
      name: 'an insert refused because the id exists says nothing of that job',
      entry: olderEntryOf(
        { jobInsertRequest: { resource: configured } },
        { payload: { status: { code: 6, message: 'Already Exists' } } },
      ),
      expected: { kind: 'look-at', name: NAME, because: 'id-taken' },
    },
    {
      name: 'results of a job that tells no state point at the job',
      entry: olderEntryOf({ jobGetQueryResultsResponse: { job: configured } }),
      expected: { kind: 'look-at', name: NAME, because: 'cut-entry' },
    },
    {
      name: 'an entry whose data was cut points at the job it names, in a place it does not name',
      entry: olderEntryOf(undefined),
      expected: {
        kind: 'look-at',
        name: { projectId: 'shop-prod', jobId: NAME.jobId },
        because: 'cut-entry',
      },
    },
    {
      name: 'a cancel is known by its method, with or without data',
      entry: olderEntryOf({}, { payload: cancel }),
      expected: {
        kind: 'cancel-requested',
        name: { projectId: 'shop-prod', jobId: NAME.jobId },
        principal: 'ana@example.com',
      },
    },
  ];
  test.each(cases)('$name', ({ entry, expected }) => {
    expect(readAuditEntry(entry)).toEqual({ ...expected, insertId: INSERT_ID });
  });
});

describe('an entry of the older format that is no job event', () => {
  const nameless = { jobName: {}, jobConfiguration: configured.jobConfiguration };
  const dry = { jobName: {}, jobConfiguration: { ...configured.jobConfiguration, dryRun: true } };
  const cases: { name: string; data: Readonly<Record<string, unknown>>; payload?: object; why: RegExp }[] = [
    {
      name: 'a request without a job name yet',
      data: { jobInsertRequest: { resource: nameless } },
      why: /or none yet/,
    },
    { name: 'a query without an answer yet', data: { jobQueryRequest: { query: SQL } }, why: /or none yet/ },
    {
      name: 'a query that ran without a job',
      data: { jobQueryRequest: { query: SQL }, jobQueryResponse: { totalResults: '3' } },
      why: /names no job/,
    },
    { name: 'a dry run', data: { jobInsertResponse: { resource: dry } }, why: /dry run/ },
    {
      name: 'a refused request',
      data: { jobInsertRequest: { resource: configured } },
      payload: denied,
      why: /refused/,
    },
    { name: 'a refused query', data: { jobQueryRequest: { query: SQL } }, payload: denied, why: /refused/ },
    {
      name: 'a refused insert with `jobName: {}`',
      data: { jobInsertResponse: { resource: nameless } },
      payload: denied,
      why: /refused/,
    },
    { name: 'rows of a table', data: { tableDataListRequest: { maxResults: 5 } }, why: /a table, a dataset/ },
    { name: 'tables read', data: { tableDataReadEvents: [{ tableName: table('a', 'b') }] }, why: /a table/ },
    { name: 'data of another type', data: { '@type': 'a/B', ...completed(ended) }, why: /something else/ },
  ];
  test.each(cases)('$name', ({ data, payload, why }) => {
    expect(readAuditEntry(olderEntryOf(data, { payload: { ...payload } }))).toMatchObject({
      kind: 'not-a-job-event',
      why: expect.stringMatching(why),
    });
  });
});

describe('a broken entry of the older format', () => {
  const cases: { name: string; data: Readonly<Record<string, unknown>> }[] = [
    { name: 'a completed event without a job', data: { jobCompletedEvent: {} } },
    { name: 'a completed event with `jobName: {}`', data: completed({ ...ended, jobName: {} }) },
    {
      name: 'a name without a project',
      data: completed({ ...ended, jobName: { jobId: 'j', location: 'US' } }),
    },
    {
      name: 'an answered insertion without a name',
      data: { jobInsertResponse: { resource: { jobStatus: { state: 'DONE' } } } },
    },
    {
      name: 'a job id with a path in it',
      data: completed({ ...ended, jobName: { ...NAME, jobId: '../x' } }),
    },
    {
      name: 'a name as the newer format writes it',
      data: completed({ ...ended, jobName: 'projects/p/jobs/j' }),
    },
  ];
  test.each(cases)('$name', ({ data }) => {
    expect(() => readAuditEntry(olderEntryOf(data))).toThrow(BrokenEntryError);
    expect(() => readAuditEntry(olderEntryOf(data))).toThrow(/job name is missing/);
  });
});
