import { describe, expect, test } from 'vitest';
import type { EntryReading } from '../../shared/job/entry-reading.ts';
import { BrokenEntryError } from '../../shared/job/errors.ts';
import type { Job } from '../../shared/job/job.ts';
import { readAuditEntry } from '../../shared/job/read-audit-entry.ts';
import {
  cancelled,
  changed,
  deleted,
  endedQuery,
  entryOf,
  inserted,
  JOB,
  other,
  startedQuery,
} from './entries.ts';

const NAME = { projectId: 'shop-prod', location: 'EU', jobId: 'nightly_report_1' };
const INSERT_ID = '-k3x9v2e1abc';
const HEX = '0f'.repeat(20);
const table = (datasetId: string, tableId: string) => ({ projectId: 'shop-prod', datasetId, tableId });

function jobIn(entry: unknown): Job {
  const reading = readAuditEntry(entry);
  if (reading.kind !== 'job') throw new Error(`read as ${reading.kind}`);
  return reading.job;
}

function withQuery(over: object): unknown {
  const config = { type: 'QUERY', queryConfig: { query: 'SELECT 1', ...over } };
  return changed({ jobName: JOB, jobConfig: config, jobStatus: { jobState: 'DONE' } });
}

describe('a job event', () => {
  test('an insertion gives the job as it started', () => {
    const reading = readAuditEntry(entryOf({ metadata: inserted(startedQuery) }));
    expect(reading).toEqual({
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
        priority: 'INTERACTIVE',
        statementType: 'SELECT',
        destinationTable: null,
        error: null,
        query: expect.anything(),
      },
    });
  });

  test('a change gives the job as it ended, tables once and without decorators', () => {
    const job = jobIn(entryOf({ metadata: changed(endedQuery) }));
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
    expect(job.query?.expose()).toBe('SELECT sku, SUM(amount) FROM `shop-prod.sales.orders` GROUP BY sku');
  });

  test('what an entry never tells is absent', () => {
    const job = jobIn(entryOf({ metadata: changed(endedQuery) }));
    for (const key of ['estimatedBytes', 'dryRun', 'continuous', 'edition'])
      expect(job).not.toHaveProperty(key);
  });

  const states: { name: string; metadata: unknown; payload?: object; state: string }[] = [
    {
      name: 'an insertion without a status',
      metadata: inserted({ jobName: JOB, jobConfig: { type: 'QUERY' } }),
      state: 'PENDING',
    },
    {
      name: 'an insertion that is pending',
      metadata: inserted({ ...startedQuery, jobStatus: { jobState: 'PENDING' } }),
      state: 'PENDING',
    },
    {
      name: 'an insertion of a job that has started, without a word for it',
      metadata: inserted({ ...startedQuery, jobStatus: {} }),
      state: 'RUNNING',
    },
    {
      name: 'a change whose two words differ: `after` counts',
      metadata: changed({ ...startedQuery, jobStatus: { jobState: 'RUNNING' } }, 'DONE'),
      state: 'DONE',
    },
    { name: 'a change without `after`', metadata: changed(endedQuery, undefined), state: 'DONE' },
    {
      name: 'a change with a state that we do not know',
      metadata: changed({ ...endedQuery, jobStatus: { jobState: 'ARCHIVED' } }, 'ARCHIVED'),
      state: 'DONE',
    },
    {
      name: 'an insertion that failed and tells no state',
      metadata: inserted({ jobName: JOB, jobConfig: { type: 'QUERY' } }),
      payload: { status: { code: 3, message: 'Syntax error' } },
      state: 'DONE',
    },
  ];
  test.each(states)('$name is $state', ({ metadata, payload, state }) => {
    expect(jobIn(entryOf({ metadata, payload: { ...payload } })).state).toBe(state);
  });

  const types: { name: string; job: object; expected: Partial<Job> }[] = [
    {
      name: 'a load',
      job: {
        jobConfig: {
          type: 'IMPORT',
          loadConfig: { destinationTable: 'projects/shop-prod/datasets/sales/tables/orders$20260701' },
        },
        jobStats: { loadStats: { totalOutputBytes: '12' } },
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
      name: 'a load from a local file, without uris',
      job: { jobConfig: { type: 'IMPORT', loadConfig: { writeDisposition: 'WRITE_APPEND' } } },
      expected: { type: 'LOAD', statementType: null },
    },
    {
      name: 'an extract',
      job: {
        jobConfig: {
          type: 'EXPORT',
          extractConfig: { sourceTable: 'projects/shop-prod/datasets/sales/tables/orders' },
        },
        jobStats: { extractStats: { totalInputBytes: '2048' } },
      },
      expected: {
        type: 'EXTRACT',
        statementType: null,
        referencedTables: [table('sales', 'orders')],
        destinationTable: null,
        bytesProcessed: 2048,
      },
    },
    {
      name: 'a copy, without a statistics union',
      job: {
        jobConfig: {
          type: 'COPY',
          tableCopyConfig: {
            sourceTables: ['projects/shop-prod/datasets/sales/tables/orders@1788825600000'],
            destinationTable: 'projects/shop-prod/datasets/backup/tables/orders',
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
      name: 'a kind we have no word for',
      job: { jobConfig: { type: 'REINDEX', labels: {} } },
      expected: { type: 'UNKNOWN', labels: new Map() },
    },
    {
      name: 'a query without a type',
      job: { jobConfig: { queryConfig: { priority: 'QUERY_BATCH' } } },
      expected: { type: 'QUERY', priority: 'BATCH' },
    },
    {
      name: 'an extract without configuration',
      job: { jobStats: { extractStats: { totalInputBytes: '5' } } },
      expected: { type: 'EXTRACT' },
    },
  ];
  test.each(types)('reads $name', ({ job, expected }) => {
    expect(jobIn(entryOf({ metadata: changed({ jobName: JOB, ...job }) }))).toMatchObject(expected);
  });

  test('a cut list of sources is no list', () => {
    const tableCopyConfig = { sourceTables: ['projects/p/datasets/d/tables/t'], sourceTablesTruncated: true };
    const metadata = changed({ jobName: JOB, jobConfig: { type: 'COPY', tableCopyConfig } });
    expect(jobIn(entryOf({ metadata }))).not.toHaveProperty('referencedTables');
  });

  const absent: { name: string; metadata: unknown; key: keyof Job }[] = [
    { name: 'a query cut beyond 50K', metadata: withQuery({ queryTruncated: true }), key: 'query' },
    {
      name: '`destinationTable: {}`',
      metadata: withQuery({ destinationTable: {} }),
      key: 'destinationTable',
    },
    { name: 'an unknown priority', metadata: withQuery({ priority: 'QUERY_URGENT' }), key: 'priority' },
    {
      name: 'an unspecified statement type',
      metadata: withQuery({ statementType: 'STATEMENT_TYPE_UNSPECIFIED' }),
      key: 'statementType',
    },
    {
      name: 'an unspecified type',
      metadata: changed({ jobName: JOB, jobConfig: { type: 'TYPE_UNSPECIFIED' } }),
      key: 'type',
    },
    { name: 'a missing configuration', metadata: changed({ jobName: JOB }), key: 'labels' },
    {
      name: 'a start at the epoch',
      metadata: changed({ ...endedQuery, jobStats: { startTime: '1970-01-01T00:00:00Z' } }),
      key: 'startTimeMs',
    },
    { name: 'no byte counts', metadata: changed({ ...endedQuery, jobStats: {} }), key: 'bytesProcessed' },
    {
      name: 'no billed bytes beside processed ones',
      metadata: changed({ ...endedQuery, jobStats: { queryStats: { totalProcessedBytes: '7' } } }),
      key: 'bytesBilled',
    },
  ];
  test.each(absent)('$name leaves $key absent', ({ metadata, key }) => {
    expect(jobIn(entryOf({ metadata }))).not.toHaveProperty(key);
  });

  test('a cache hit is told by its entry', () => {
    const jobStats = { queryStats: { cacheHit: true } };
    expect(jobIn(entryOf({ metadata: changed({ ...endedQuery, jobStats }) })).cacheHit).toBe(true);
  });

  test('a job may end without ever having started', () => {
    const jobStats = { createTime: '2026-07-01T08:00:00Z', endTime: '2026-07-01T08:00:01Z' };
    const job = jobIn(entryOf({ metadata: changed({ ...endedQuery, jobStats }) }));
    expect(job.state).toBe('DONE');
    expect(job).not.toHaveProperty('startTimeMs');
  });

  test.each([
    [`projects/shop-prod/datasets/_${HEX}/tables/anon${HEX}`, null],
    [`projects/shop-prod/datasets/_${HEX}/tables/anon1f50c147_3e76_44d8_a863_44a8ab3deb61`, null],
    [`projects/shop-prod/datasets/_${HEX}/tables/anonev_W1Bm8fXh`, null],
    [`projects/shop-prod/datasets/_script${HEX}/tables/anon1`, null],
    [`projects/shop-prod/datasets/_${HEX}/tables/anonymized`, table(`_${HEX}`, 'anonymized')],
    ['projects/shop-prod/datasets/_cafe/tables/anonymized', table('_cafe', 'anonymized')],
    ['projects/shop-prod/datasets/_cafe/tables/anon_2026', table('_cafe', 'anon_2026')],
    ['projects/shop-prod/datasets/_scripts/tables/anon1', table('_scripts', 'anon1')],
    ['projects/shop-prod/datasets/_private/tables/anonabc', table('_private', 'anonabc')],
    ['projects/shop-prod/datasets/d/tables/anonymised', table('d', 'anonymised')],
  ])('the destination %s is %o', (destinationTable, expected) => {
    expect(jobIn(entryOf({ metadata: withQuery({ destinationTable }) })).destinationTable).toEqual(expected);
  });

  const errors: { name: string; jobStatus: object; status: object; message: string | null }[] = [
    {
      name: 'an error of the job',
      jobStatus: { errorResult: { code: 11, message: 'm1' } },
      status: {},
      message: 'm1',
    },
    {
      name: 'only the status of the entry',
      jobStatus: {},
      status: { code: 8, message: 'm2' },
      message: 'm2',
    },
    {
      name: '`errorResult: {}` and a status of the entry',
      jobStatus: { errorResult: {} },
      status: { code: 8, message: 'm3' },
      message: 'm3',
    },
    { name: '`errorResult: {}` on success', jobStatus: { errorResult: {} }, status: {}, message: null },
    {
      name: 'code 0',
      jobStatus: { errorResult: { code: 0, message: 'OK' } },
      status: { code: 0 },
      message: null,
    },
  ];
  test.each(errors)('reads the error from $name', ({ jobStatus, status, message }) => {
    const metadata = changed({ ...endedQuery, jobStatus: { jobState: 'DONE', ...jobStatus } });
    const { error } = jobIn(entryOf({ metadata, payload: { status } }));
    expect(error === null ? null : error?.message?.expose()).toBe(message);
    expect({ ...error }).not.toHaveProperty('reason');
  });

  const principals: { info: object; principal: string | undefined }[] = [
    {
      info: { principalEmail: 'a@example.com', principalSubject: 'user:b@example.com' },
      principal: 'a@example.com',
    },
    {
      info: { principalSubject: 'user:a@example.com', oauthInfo: { oauthClientId: '1' } },
      principal: 'a@example.com',
    },
    { info: { principalSubject: 'serviceAccount:etl@p.iam.example' }, principal: 'etl@p.iam.example' },
    { info: { principalSubject: 'principal://pool/subject/7' }, principal: 'principal://pool/subject/7' },
    { info: { principalEmail: '', principalSubject: {} }, principal: undefined },
  ];
  test.each(principals)('$info is $principal', ({ info, principal }) => {
    const entry = entryOf({ metadata: inserted(startedQuery), payload: { authenticationInfo: info } });
    expect(jobIn(entry).principal).toBe(principal);
  });

  test('labels may be called as members of objects are', () => {
    const labels = JSON.parse('{"__proto__": "a", "constructor": "b", "count": 3}');
    const metadata = inserted({ jobName: JOB, jobConfig: { type: 'QUERY', labels } });
    expect(jobIn(entryOf({ metadata })).labels).toEqual(
      new Map([
        ['__proto__', 'a'],
        ['constructor', 'b'],
      ]),
    );
  });

  test('the location is that of the resource, and absent where the resource has none', () => {
    expect(jobIn(entryOf({ metadata: inserted(startedQuery), location: 'us' })).name.location).toBe('US');
    const { resource: _, ...entry } = entryOf({ metadata: inserted(startedQuery) });
    expect(jobIn(entry).name).toEqual({ projectId: 'shop-prod', jobId: 'nightly_report_1' });
  });

  test('a domain-scoped project is read', () => {
    const metadata = inserted({ ...startedQuery, jobName: 'projects/example.com:shop/jobs/j' });
    expect(jobIn(entryOf({ metadata })).name.projectId).toBe('example.com:shop');
  });

  test('`@type` may be missing, or come last', () => {
    const { '@type': type, ...rest } = inserted(startedQuery);
    const { '@type': _, ...payload } = Object(entryOf({ metadata: rest })['protoPayload']);
    expect(readAuditEntry({ ...entryOf({}), protoPayload: payload }).kind).toBe('job');
    expect(readAuditEntry(entryOf({ metadata: { ...rest, '@type': type } })).kind).toBe('job');
  });

  test('a query of 10 MB is read', () => {
    const query = 'x'.repeat(10_000_000);
    expect(jobIn(entryOf({ metadata: withQuery({ query }) })).query?.expose().length).toBe(10_000_000);
  });
});

describe('an entry that does not tell the job itself', () => {
  const child = { ...endedQuery, jobName: 'projects/shop-prod/jobs/script_job_ab_1' };
  const own = { projectId: 'shop-prod', location: 'EU', jobId: 'script_job_ab_1' };
  const cases: { name: string; entry: unknown; expected: EntryReading }[] = [
    {
      name: 'a child points at its parent',
      entry: entryOf({ metadata: changed({ ...child, jobStats: { parentJobName: JOB } }) }),
      expected: { kind: 'look-at', name: NAME, because: 'child' },
    },
    {
      name: 'a child whose parent cannot be read points at itself',
      entry: entryOf({ metadata: changed({ ...child, jobStats: { parentJobName: 'a/b' } }) }),
      expected: { kind: 'look-at', name: own, because: 'child' },
    },
    {
      name: "a script child's id without a parent points at itself",
      entry: entryOf({ metadata: changed(child) }),
      expected: { kind: 'look-at', name: own, because: 'script-id' },
    },
    {
      name: '`parentJobName: {}` is no parent',
      entry: entryOf({ metadata: inserted({ ...child, jobStats: { parentJobName: {} } }) }),
      expected: { kind: 'look-at', name: own, because: 'script-id' },
    },
    {
      name: 'an entry whose metadata was cut points at the job it names',
      entry: entryOf({}),
      expected: { kind: 'look-at', name: NAME, because: 'cut-entry' },
    },
    {
      name: 'so does one of whose metadata only the type is left',
      entry: entryOf({ metadata: { '@type': changed({})['@type'] } }),
      expected: { kind: 'look-at', name: NAME, because: 'cut-entry' },
    },
    {
      name: 'so does a change that tells no state',
      entry: entryOf({ metadata: changed({ jobName: JOB }, '') }),
      expected: { kind: 'look-at', name: NAME, because: 'cut-entry' },
    },
    {
      name: 'an insert refused because the id exists says nothing of that job',
      entry: entryOf({ metadata: inserted(startedQuery), payload: { status: { code: 6, message: 'm' } } }),
      expected: { kind: 'look-at', name: NAME, because: 'id-taken' },
    },
    {
      name: 'a cancel request names who asked',
      entry: entryOf({ metadata: cancelled(JOB) }),
      expected: { kind: 'cancel-requested', name: NAME, principal: 'ana@example.com' },
    },
    {
      name: 'a deletion names the job',
      entry: entryOf({ metadata: deleted(JOB) }),
      expected: { kind: 'deleted', name: NAME },
    },
    {
      name: 'a key left as `{}` by a pipeline does not hide the event beside it',
      entry: entryOf({ metadata: { jobInsertion: {}, jobChange: null, ...cancelled(JOB) } }),
      expected: { kind: 'cancel-requested', name: NAME, principal: 'ana@example.com' },
    },
  ];
  test.each(cases)('$name', ({ entry, expected }) => {
    expect(readAuditEntry(entry)).toEqual({ ...expected, insertId: INSERT_ID });
  });
});

describe('an entry that is no job event', () => {
  const refused = { status: { code: 7, message: 'Access Denied' } };
  const cases: { name: string; entry: unknown; why: RegExp }[] = [
    ...['tableDataRead', 'tableDataChange', 'tableCreation', 'datasetChange', 'modelDeletion'].map((key) => ({
      name: `${key} under the method InsertJob`,
      entry: entryOf({ metadata: other(key) }),
      why: /a table, a dataset/,
    })),
    {
      name: 'another service',
      entry: entryOf({
        payload: { serviceName: 'storage.googleapis.com' },
        metadata: inserted(startedQuery),
      }),
      why: /another service/,
    },
    {
      name: 'no service at all',
      entry: { logName: 'l', protoPayload: { methodName: 'm' } },
      why: /another service/,
    },
    {
      name: 'metadata of another type',
      entry: entryOf({ metadata: { '@type': 'a/B', jobChange: {} } }),
      why: /else/,
    },
    {
      name: 'a text log',
      entry: { logName: 'projects/p/logs/app', textPayload: 'hello' },
      why: /no audit log/,
    },
    {
      name: 'no event and no job',
      entry: entryOf({ payload: { resourceName: 'projects/shop-prod/datasets/d/tables/t' } }),
      why: /names no job/,
    },
    {
      name: 'a refused insert with `jobName: {}`',
      entry: entryOf({ metadata: inserted({ ...startedQuery, jobName: {} }), payload: refused }),
      why: /refused/,
    },
    {
      name: 'a refused insert without a job',
      entry: entryOf({ metadata: { jobInsertion: {} }, payload: refused }),
      why: /refused/,
    },
  ];
  test.each(cases)('$name', ({ entry, why }) => {
    expect(readAuditEntry(entry)).toMatchObject({ kind: 'not-a-job-event', why: expect.stringMatching(why) });
  });
});

describe('a broken entry', () => {
  const noName = /missing or is not projects\/P\/jobs\/J/;
  const cases: { name: string; entry: unknown; fault: RegExp }[] = [
    ...[undefined, null, 'text', 5, true, []].map((entry) => ({
      name: JSON.stringify(entry) ?? 'undefined',
      entry,
      fault: /no JSON object/,
    })),
    { name: 'no log entry', entry: { tick: 'sweep' }, fault: /no log entry/ },
    { name: 'an empty object', entry: {}, fault: /no log entry/ },
    {
      name: 'an entry out of a BigQuery table',
      entry: { insertid: 'x', logName: 'projects/p/logs/l', protopayload_auditlog: { metadataJson: '{}' } },
      fault: /renamed by a pipeline/,
    },
    { name: 'an entry out of Log Analytics', entry: { proto_payload: {} }, fault: /renamed by a pipeline/ },
    { name: 'a change without a job', entry: entryOf({ metadata: { jobChange: {} } }), fault: noName },
    { name: 'a change that is no object', entry: entryOf({ metadata: { jobChange: 5 } }), fault: noName },
    {
      name: 'a change with `jobName: {}`',
      entry: entryOf({ metadata: changed({ ...endedQuery, jobName: {} }) }),
      fault: noName,
    },
    { name: 'a cancel without a name', entry: entryOf({ metadata: cancelled({}) }), fault: noName },
    {
      name: 'a deletion with half a name',
      entry: entryOf({ metadata: deleted('projects/p/jobs/') }),
      fault: noName,
    },
    {
      name: 'a job id with a path in it',
      entry: entryOf({ metadata: inserted({ ...startedQuery, jobName: 'projects/p/jobs/..%2Fx' }) }),
      fault: noName,
    },
  ];
  test.each(cases)('$name', ({ entry, fault }) => {
    expect(() => readAuditEntry(entry)).toThrow(BrokenEntryError);
    expect(() => readAuditEntry(entry)).toThrow(fault);
  });

  test('is named by its insertId and project', () => {
    expect(() => readAuditEntry(entryOf({ metadata: { jobChange: {} } }))).toThrow(
      expect.objectContaining({
        insertId: INSERT_ID,
        projectId: 'shop-prod',
        message: expect.stringMatching(/-k3x9v2e1abc of project shop-prod cannot be read/),
      }),
    );
  });

  test('repeats no insertId that Cloud Logging would not make', () => {
    const entry = { ...entryOf({ metadata: { jobChange: {} } }), insertId: 'a\nfake line' };
    expect(() => readAuditEntry(entry)).toThrow(/\(no insertId\)/);
  });
});
