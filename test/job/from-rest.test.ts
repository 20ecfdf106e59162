import { describe, expect, test } from 'vitest';
import { BrokenJobError } from '../../shared/job/errors.ts';
import { readJob, readListItem } from '../../shared/job/from-rest.ts';
import type { Job } from '../../shared/job/job.ts';
import {
  copyConfiguration,
  extractConfiguration,
  loadConfiguration,
  resource,
  runningQuery,
  withPart,
} from './resources.ts';

const HEX = '0f'.repeat(20);
const table = (datasetId: string, tableId: string) => ({ projectId: 'shop-prod', datasetId, tableId });
const withStatistics = (over: object) => withPart('statistics', { ...over });
const withQueryStatistics = (over: object) => withStatistics({ query: { statementType: 'SELECT', ...over } });

const UNSPECIFIED = 'RESERVATION_EDITION_UNSPECIFIED';

describe('readJob', () => {
  test('reads a running query whole', () => {
    expect(readJob(runningQuery)).toEqual({
      name: { projectId: 'shop-prod', location: 'EU', jobId: 'nightly_report_1' },
      state: 'RUNNING',
      type: 'QUERY',
      principal: 'ana@example.com',
      parent: null,
      creationTimeMs: 1782892800000,
      startTimeMs: 1782892801250,
      labels: new Map([['team', 'sales']]),
      priority: 'BATCH',
      statementType: 'SELECT',
      dryRun: false,
      continuous: false,
      reservation: 'admin-project:EU.etl',
      edition: 'ENTERPRISE',
      referencedTables: [table('sales', 'orders')],
      destinationTable: null,
      slotMs: 5400,
      bytesProcessed: 1048576,
      estimatedBytes: 20971520,
      error: null,
      query: expect.anything(),
    });
  });

  const numbers: { raw: unknown; ms: number | undefined }[] = [
    { raw: '1603908930000', ms: 1603908930000 },
    { raw: 1603908930000, ms: 1603908930000 },
    { raw: 1603908930000.75, ms: 1603908930000 },
    { raw: '1603908930000.0', ms: 1603908930000 },
    { raw: '1.60390893E12', ms: 1603908930000 },
    { raw: '2020-10-28T18:15:30Z', ms: 1603908930000 },
    { raw: '2020-10-28T20:15:30.000999999+02:00', ms: 1603908930000 },
    { raw: '0', ms: undefined },
    { raw: 0, ms: undefined },
    { raw: -5, ms: undefined },
    { raw: '', ms: undefined },
    { raw: {}, ms: undefined },
    { raw: null, ms: undefined },
    { raw: 'yesterday', ms: undefined },
    { raw: '2020-99-99T99:99:99Z', ms: undefined },
    { raw: '9e99', ms: undefined },
    { raw: '1e999', ms: undefined },
    { raw: Number.NaN, ms: undefined },
  ];
  test.each(numbers)('the time $raw is $ms', ({ raw, ms }) => {
    expect(readJob(withStatistics({ startTime: raw })).startTimeMs).toBe(ms);
  });

  test('zero is told where BigQuery tells it', () => {
    const job = readJob(withStatistics({ totalSlotMs: '0', query: { totalBytesBilled: 0 } }));
    expect(job).toMatchObject({ slotMs: 0, bytesBilled: 0 });
  });

  test.each([true, false])('a cache hit is told, and that there was none (%s)', (cacheHit) => {
    expect(readJob(withStatistics({ query: { cacheHit } })).cacheHit).toBe(cacheHit);
    expect(readJob(withStatistics({ query: {} }))).not.toHaveProperty('cacheHit');
  });

  const names: { name: string; raw: object; expected: object }[] = [
    {
      name: 'a job of 2017 without a location',
      raw: { id: 'shop-prod:j', jobReference: { projectId: 'shop-prod', jobId: 'j' } },
      expected: { projectId: 'shop-prod', jobId: 'j' },
    },
    {
      name: 'an id that is only the job id',
      raw: { id: 'j', jobReference: { projectId: 'shop-prod', jobId: 'j', location: 'us' } },
      expected: { projectId: 'shop-prod', location: 'US', jobId: 'j' },
    },
    {
      name: 'a location that only the id tells',
      raw: { id: 'shop-prod:US.j', jobReference: { projectId: 'shop-prod', jobId: 'j' } },
      expected: { projectId: 'shop-prod', location: 'US', jobId: 'j' },
    },
    {
      name: 'no jobReference',
      raw: { id: 'example.com:shop:US.j', jobReference: {} },
      expected: { projectId: 'example.com:shop', location: 'US', jobId: 'j' },
    },
    {
      name: 'an id of another job',
      raw: { id: 'shop-prod:US.other', jobReference: { projectId: 'shop-prod', jobId: 'j' } },
      expected: { projectId: 'shop-prod', jobId: 'j' },
    },
  ];
  test.each(names)('reads the name of a resource with $name', ({ raw, expected }) => {
    expect(readJob(resource({ ...raw })).name).toEqual(expected);
  });

  const types: { name: string; raw: object; expected: Partial<Job> }[] = [
    {
      name: 'a load',
      raw: {
        configuration: loadConfiguration,
        statistics: { creationTime: '1', load: { inputFileBytes: '99' } },
      },
      expected: {
        type: 'LOAD',
        statementType: null,
        continuous: false,
        referencedTables: [],
        destinationTable: table('sales', 'orders'),
        bytesProcessed: 99,
      },
    },
    {
      name: 'an extract that carries query statistics',
      raw: {
        configuration: extractConfiguration,
        statistics: {
          creationTime: '1',
          extract: { inputBytes: '7' },
          query: { statementType: 'SELECT', totalBytesBilled: '1', estimatedBytesProcessed: '9' },
        },
      },
      expected: {
        type: 'EXTRACT',
        statementType: null,
        referencedTables: [table('sales', 'orders')],
        destinationTable: null,
        bytesProcessed: 7,
      },
    },
    {
      name: 'an extract of a model, which has no tables',
      raw: { configuration: { jobType: 'EXTRACT', extract: { sourceModel: { modelId: 'churn' } } } },
      expected: { type: 'EXTRACT', referencedTables: [] },
    },
    {
      name: 'a copy with sourceTable beside sourceTables',
      raw: { configuration: copyConfiguration },
      expected: {
        type: 'COPY',
        referencedTables: [table('sales', 'orders'), table('sales', 'skus')],
        destinationTable: table('backup', 'orders'),
      },
    },
    {
      name: 'a copy with one sourceTable only',
      raw: { configuration: { jobType: 'COPY', copy: { sourceTable: table('sales', 'orders') } } },
      expected: { type: 'COPY', referencedTables: [table('sales', 'orders')] },
    },
    {
      name: 'jobType UNKNOWN with a query inside',
      raw: { configuration: { jobType: 'UNKNOWN', query: { query: 'SELECT 1' } } },
      expected: { type: 'QUERY' },
    },
    {
      name: 'jobType UNKNOWN with nothing inside',
      raw: { configuration: { jobType: 'UNKNOWN' }, statistics: { creationTime: '1' } },
      expected: { type: 'UNKNOWN', continuous: false, dryRun: false },
    },
    {
      name: 'a kind we have no word for',
      raw: { configuration: { jobType: 'REINDEX' }, statistics: { creationTime: '1' } },
      expected: { type: 'UNKNOWN' },
    },
  ];
  test.each(types)('reads $name', ({ raw, expected }) => {
    const job = readJob(resource({ ...raw }));
    expect(job).toMatchObject(expected);
    if (job.type === 'EXTRACT') {
      expect(job).not.toHaveProperty('bytesBilled');
      expect(job).not.toHaveProperty('estimatedBytes');
    }
  });

  const states: { name: string; raw: object; state: string }[] = [
    { name: 'a state we do not know, by its times', raw: { status: { state: 'QUEUED' } }, state: 'RUNNING' },
    { name: 'an insert answered without status', raw: { status: undefined }, state: 'RUNNING' },
    {
      name: 'an insert answered without status or start',
      raw: { status: undefined, statistics: { creationTime: '5' } },
      state: 'PENDING',
    },
    {
      name: 'an end without a status',
      raw: { status: {}, statistics: { creationTime: '5', endTime: '6' } },
      state: 'DONE',
    },
    {
      name: 'DONE that never started',
      raw: { status: { state: 'DONE' }, statistics: { endTime: '6' } },
      state: 'DONE',
    },
  ];
  test.each(states)('$name: $state', ({ raw, state }) => {
    expect(readJob(resource({ ...raw })).state).toBe(state);
  });

  const estimates: { name: string; query: object; bytes: number | undefined }[] = [
    { name: 'an estimate', query: { estimatedBytesProcessed: '12' }, bytes: 12 },
    { name: 'a zero of a query without tables', query: { estimatedBytesProcessed: '0' }, bytes: 0 },
    {
      name: 'a zero of a query that names tables',
      query: { estimatedBytesProcessed: '0', referencedTables: [table('sales', 'orders')] },
      bytes: undefined,
    },
    {
      name: 'a zero whose accuracy is unknown',
      query: { estimatedBytesProcessed: 0, totalBytesProcessedAccuracy: 'UNKNOWN' },
      bytes: undefined,
    },
    { name: 'none', query: {}, bytes: undefined },
  ];
  test.each(estimates)('$name is an estimate of $bytes', ({ query, bytes }) => {
    expect(readJob(withQueryStatistics(query)).estimatedBytes).toBe(bytes);
  });

  test('what a dry run would read is not told as read', () => {
    const raw = withPart('configuration', { dryRun: true });
    expect(readJob(raw)).toMatchObject({ dryRun: true });
    expect(readJob(raw)).not.toHaveProperty('bytesProcessed');
  });

  const reservations: { name: string; state: string; id: unknown; expected: string | null | undefined }[] = [
    { name: 'a name', state: 'RUNNING', id: 'p:US.r', expected: 'p:US.r' },
    { name: 'the shared pool', state: 'DONE', id: 'default-pipeline', expected: 'default-pipeline' },
    { name: 'nothing while running', state: 'RUNNING', id: undefined, expected: null },
    { name: 'nothing when done', state: 'DONE', id: undefined, expected: null },
    { name: 'an empty name, as of a cache hit', state: 'DONE', id: '', expected: null },
    { name: 'unreserved', state: 'DONE', id: 'unreserved', expected: null },
    { name: 'nothing while pending', state: 'PENDING', id: undefined, expected: undefined },
  ];
  test.each(reservations)('a reservation told as $name is $expected', ({ state, id, expected }) => {
    const raw = withStatistics({ reservation_id: id, edition: undefined });
    const job = readJob({ ...raw, status: { state } });
    expect(job.reservation).toBe(expected);
    expect(job.edition).toBe(state === 'PENDING' ? undefined : null);
  });

  const editions = [
    { name: 'an edition', state: 'RUNNING', edition: 'ENTERPRISE', expected: 'ENTERPRISE' },
    { name: 'none', state: 'RUNNING', edition: undefined, expected: null },
    { name: 'an unspecified one', state: 'RUNNING', edition: UNSPECIFIED, expected: null },
    {
      name: 'an unspecified one, while pending',
      state: 'PENDING',
      edition: UNSPECIFIED,
      expected: undefined,
    },
  ];
  test.each(editions)('an edition told as $name is $expected', ({ state, edition, expected }) => {
    const raw = withStatistics({ edition });
    expect(readJob({ ...raw, status: { state } }).edition).toBe(expected);
  });

  const destinations: { name: string; raw: unknown; state: string; expected: unknown }[] = [
    {
      name: 'named',
      raw: table('sales', 'daily$20260701'),
      state: 'RUNNING',
      expected: table('sales', 'daily'),
    },
    { name: 'anonymous', raw: table(`_${HEX}`, 'anon1'), state: 'RUNNING', expected: null },
    { name: "a script's", raw: table(`_script${HEX}`, 'anon1'), state: 'DONE', expected: null },
    { name: 'hidden', raw: table('_cafe', 'anon1'), state: 'DONE', expected: table('_cafe', 'anon1') },
    { name: 'not filled in while pending', raw: undefined, state: 'PENDING', expected: undefined },
    { name: 'missing later on', raw: undefined, state: 'RUNNING', expected: null },
    { name: 'unreadable', raw: { datasetId: 'sales' }, state: 'RUNNING', expected: undefined },
  ];
  test.each(destinations)('a destination that is $name', ({ raw, state, expected }) => {
    const configuration = { jobType: 'QUERY', query: { query: 'SELECT 1', destinationTable: raw } };
    expect(readJob(resource({ configuration, status: { state } })).destinationTable).toEqual(expected);
  });

  test('a list of tables that BigQuery may have cut is no list', () => {
    const tables = (count: number) =>
      Array.from({ length: count }, (_, index) => table('sales', `orders_${index}`));
    expect(readJob(withQueryStatistics({ referencedTables: tables(49) })).referencedTables).toHaveLength(49);
    expect(readJob(withQueryStatistics({ referencedTables: tables(50) }))).not.toHaveProperty(
      'referencedTables',
    );
  });

  const unreadable = [{}, null, 'p.d.t', { datasetId: 'sales' }, { ...table('sales', '$20260701') }];
  test.each(unreadable)('a list of tables is not told where one of them cannot be read: %j', (odd) => {
    const tables = [table('sales', 'orders'), odd];
    const configuration = { jobType: 'COPY', copy: { sourceTables: tables, sourceTable: tables[0] } };
    const extract = { jobType: 'EXTRACT', extract: { sourceTable: odd } };
    for (const raw of [
      withQueryStatistics({ referencedTables: tables }),
      resource({ configuration }),
      resource({ configuration: extract }),
    ]) {
      expect(readJob(raw)).not.toHaveProperty('referencedTables');
      expect(readListItem(raw)).not.toHaveProperty('referencedTables');
    }
  });

  test('a child names its parent, in its own project and location', () => {
    const child = readJob(withStatistics({ parentJobId: 'the_script' }));
    expect(child.parent).toEqual({ projectId: 'shop-prod', location: 'EU', jobId: 'the_script' });
  });

  test("a job whose id is like a script child's is no child when it has no parentJobId", () => {
    const jobReference = { projectId: 'shop-prod', location: 'EU', jobId: 'script_job_mine' };
    expect(readJob(resource({ jobReference })).parent).toBeNull();
  });

  const errors: { name: string; errorResult: unknown; expected: unknown }[] = [
    { name: 'none', errorResult: undefined, expected: null },
    { name: '`{}`', errorResult: {}, expected: null },
    { name: '`null`', errorResult: null, expected: null },
    { name: 'no object', errorResult: 'boom', expected: undefined },
    { name: 'a list', errorResult: [{ reason: 'stopped' }], expected: undefined },
    { name: 'of no form that is known', errorResult: { code: 13 }, expected: {} },
    {
      name: 'a failure',
      errorResult: { reason: 'backendError', message: 'm', debugInfo: 'x'.repeat(61_000) },
      expected: { reason: 'backendError', message: expect.anything() },
    },
    {
      name: 'stopped by somebody',
      errorResult: { reason: 'stopped', message: 'Job execution was cancelled: User requested cancellation' },
      expected: { reason: 'stopped', message: expect.anything(), stoppedBy: 'request' },
    },
    {
      name: 'stopped by its own timeout',
      errorResult: { reason: 'stopped', message: 'Job timed out after 10 sec' },
      expected: { reason: 'stopped', message: expect.anything(), stoppedBy: 'job-timeout' },
    },
    {
      name: 'stopped by its own timeout, after a prefix',
      errorResult: {
        reason: 'stopped',
        message: 'Job execution was cancelled: Job timed out after 3600 sec',
      },
      expected: { reason: 'stopped', message: expect.anything(), stoppedBy: 'job-timeout' },
    },
    {
      name: 'stopped without a message',
      errorResult: { reason: 'stopped' },
      expected: { reason: 'stopped', stoppedBy: 'request' },
    },
    {
      name: 'a timeout that is not `stopped`',
      errorResult: { reason: 'timeout', message: 'Job timed out after 10 sec' },
      expected: { reason: 'timeout', message: expect.anything() },
    },
  ];
  test.each(errors)('an error that is $name', ({ errorResult, expected }) => {
    const status = { state: 'DONE', errorResult, errors: [{ reason: 'invalid', message: 'a warning' }] };
    expect(readJob(resource({ status })).error).toEqual(expected);
  });

  test.each([undefined, null, 'DONE', {}])(
    'without a status (%j) nobody knows whether it failed',
    (status) => {
      const job = readJob(resource({ status, statistics: { creationTime: '1', endTime: '2' } }));
      expect(job.state).toBe('DONE');
      expect(job).not.toHaveProperty('error');
    },
  );

  const details: { name: string; raw: object; expected: Partial<Job> }[] = [
    {
      name: 'a query that sets no priority is interactive',
      raw: withPart('configuration', { query: { query: 'SELECT 1' } }),
      expected: { priority: 'INTERACTIVE' },
    },
    {
      name: 'a continuous query',
      raw: withPart('configuration', { query: { query: 'SELECT 1', continuous: true } }),
      expected: { continuous: true },
    },
    {
      name: 'no labels',
      raw: withPart('configuration', { labels: undefined }),
      expected: { labels: new Map() },
    },
    {
      name: 'a third party without an e-mail',
      raw: resource({ user_email: undefined, principal_subject: 'principal://pool/subject/7' }),
      expected: { principal: 'principal://pool/subject/7' },
    },
    {
      name: 'slot time that only the query tells',
      raw: withStatistics({ totalSlotMs: undefined, query: { totalSlotMs: '8', totalBytesProcessed: 3 } }),
      expected: { slotMs: 8, bytesProcessed: 3 },
    },
  ];
  test.each(details)('$name', ({ raw, expected }) => {
    expect(readJob(raw)).toMatchObject(expected);
  });

  const broken: { name: string; raw: unknown; fault: RegExp }[] = [
    ...[undefined, null, 'job', 5, []].map((raw) => ({ name: String(raw), raw, fault: /no JSON object/ })),
    { name: 'an empty object', raw: {}, fault: /jobReference/ },
    {
      name: 'a dry run without jobId',
      raw: resource({ id: undefined, jobReference: { projectId: 'shop-prod', location: 'US' } }),
      fault: /jobReference/,
    },
    {
      name: 'a job id that is a path',
      raw: resource({ jobReference: { projectId: 'shop-prod', jobId: '../x' } }),
      fault: /jobReference/,
    },
    ...['a/b', 'an id', 5, {}, ['the_script']].map((parentJobId) => ({
      name: `a child whose parentJobId is ${JSON.stringify(parentJobId)}`,
      raw: withStatistics({ parentJobId }),
      fault: /parentJobId/,
    })),
    {
      name: 'neither state nor times',
      raw: resource({ status: {}, statistics: {} }),
      fault: /neither its state/,
    },
  ];
  test.each(broken)('refuses $name', ({ raw, fault }) => {
    expect(() => readJob(raw)).toThrow(BrokenJobError);
    expect(() => readListItem(raw)).toThrow(fault);
  });

  test('names what it refuses, where it can', () => {
    expect(() => readJob(resource({ status: {}, statistics: {} }))).toThrow(
      expect.objectContaining({ projectId: 'shop-prod', jobId: 'nightly_report_1' }),
    );
  });
});

describe('readListItem', () => {
  const minimal = {
    kind: 'bigquery#job',
    id: 'shop-prod:EU.j',
    jobReference: { projectId: 'shop-prod', jobId: 'j', location: 'EU' },
    state: 'DONE',
    statistics: { creationTime: '1782892800000', endTime: '1782892900000' },
  };

  test('of the minimal projection, what it does not tell is absent', () => {
    expect(readListItem(minimal)).toEqual({
      name: { projectId: 'shop-prod', location: 'EU', jobId: 'j' },
      state: 'DONE',
      parent: null,
      creationTimeMs: 1782892800000,
      endTimeMs: 1782892900000,
      error: null,
    });
  });

  test.each([
    { statistics: { query: { totalBytesProcessed: '1' } }, type: 'QUERY' },
    { statistics: { load: { inputFiles: '1' } }, type: 'LOAD' },
    { statistics: { copy: { copiedRows: '1' } }, type: 'COPY' },
    { statistics: { extract: { inputBytes: '1' }, query: { cacheHit: false } }, type: 'EXTRACT' },
  ])(
    'the kind of an item without configuration is read from its statistics: $type',
    ({ statistics, type }) => {
      expect(readListItem({ ...minimal, statistics })).toMatchObject({ type, state: 'DONE' });
    },
  );

  test('the error of the minimal projection stands outside of a status', () => {
    expect(readListItem({ ...minimal, errorResult: { reason: 'invalid' } }).error).toEqual({
      reason: 'invalid',
    });
  });

  test('of the full projection, all is read that a get would tell', () => {
    const item = { ...runningQuery, state: 'RUNNING' };
    expect(readListItem(item)).toEqual(readJob(runningQuery));
  });

  test('what a list lacks tells nothing: it may be stale or short', () => {
    const raw = withPart('statistics', { reservation_id: undefined, edition: undefined });
    const job = readListItem({ ...raw, configuration: { jobType: 'QUERY', query: { query: 'SELECT 1' } } });
    for (const key of ['reservation', 'edition', 'destinationTable']) expect(job).not.toHaveProperty(key);
  });
});
