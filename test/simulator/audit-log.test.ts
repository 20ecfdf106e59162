import { describe, expect, test } from 'vitest';
import type { JobScript } from '../../simulator/job-script.ts';
import { at, type Playground, playground, START_MS } from './playground.ts';

interface Heard extends Playground {
  readonly entries: Record<string, unknown>[];
}

function heard(): Heard {
  const scene = playground();
  const entries: Record<string, unknown>[] = [];
  scene.simulator.onEntry((entry) => entries.push(entry));
  return { ...scene, entries };
}

const metadata = (entry: unknown): unknown => at(entry, 'protoPayload', 'metadata');
const eventOf = (entry: unknown): string =>
  Object.keys(Object(metadata(entry))).find((key) => key !== '@type') ?? 'cut';
const jobOf = (entry: unknown): unknown => at(metadata(entry), eventOf(entry), 'job');

/** The entries of one job from its creation to its end. */
async function entriesOf(script: Partial<JobScript>): Promise<Record<string, unknown>[]> {
  const { clock, simulator, entries } = heard();
  simulator.start({
    projectId: 'shop',
    jobId: 'job',
    principal: 'ann@example.com',
    runMs: 10_000,
    ...script,
  });
  await clock.advanceBy(3_600_000);
  return entries;
}

test('a job is told at its creation and at its end, at the moment it happens', async () => {
  const { clock, simulator, entries } = heard();
  simulator.start({
    projectId: 'shop',
    jobId: 'job',
    location: 'EU',
    pendingMs: 1_000,
    runMs: 10_000,
    slots: 2,
  });
  expect(entries.map(eventOf)).toEqual(['jobInsertion']);
  await clock.advanceTo(START_MS + 10_999);
  expect(entries).toHaveLength(1);
  await clock.advanceTo(START_MS + 11_000);
  expect(entries.map(eventOf)).toEqual(['jobInsertion', 'jobChange']);
  const [first, last] = entries;
  expect(at(metadata(first), 'jobInsertion', 'reason')).toBe('JOB_INSERT_REQUEST');
  expect(at(first, 'timestamp')).toBe(new Date(START_MS).toISOString());
  expect(at(last, 'timestamp')).toBe(new Date(START_MS + 11_000).toISOString());
  expect(Date.parse(String(at(last, 'receiveTimestamp')))).toBeGreaterThan(START_MS + 11_000);
  expect(at(first, 'insertId')).not.toBe(at(last, 'insertId'));
  expect(at(first, 'logName')).toBe('projects/shop/logs/cloudaudit.googleapis.com%2Fdata_access');
  expect(at(first, 'resource')).toEqual({
    type: 'bigquery_project',
    labels: { project_id: 'shop', location: 'EU' },
  });
  expect(metadata(last)).toMatchObject({
    '@type': 'type.googleapis.com/google.cloud.audit.BigQueryAuditMetadata',
  });
  expect(at(metadata(last), 'jobChange')).not.toHaveProperty('before');
  expect(at(metadata(last), 'jobChange', 'after')).toBe('DONE');
  expect(at(jobOf(last), 'jobName')).toBe('projects/shop/jobs/job');
  expect(at(jobOf(last), 'jobStats', 'totalSlotMs')).toBe('20000');
});

describe('the words of the log', () => {
  const table = { projectId: 'shop', datasetId: 'sales', tableId: 'orders' };
  const tableName = 'projects/shop/datasets/sales/tables/orders';
  test.each<{ script: Partial<JobScript>; config: object }>([
    {
      script: { query: 'SELECT 1', priority: 'BATCH' },
      config: {
        type: 'QUERY',
        queryConfig: { query: 'SELECT 1', priority: 'QUERY_BATCH', statementType: 'SELECT' },
      },
    },
    {
      script: { type: 'LOAD', destinationTable: table },
      config: { type: 'IMPORT', loadConfig: { destinationTable: tableName } },
    },
    {
      script: { type: 'EXTRACT', sourceTable: table },
      config: { type: 'EXPORT', extractConfig: { sourceTable: tableName } },
    },
    {
      script: { type: 'COPY', sourceTable: table },
      config: { type: 'COPY', tableCopyConfig: { sourceTables: [tableName] } },
    },
  ])('$config.type', async ({ script, config }) => {
    const [insertion] = await entriesOf({ ...script, labels: { team: 'a' } });
    expect(at(jobOf(insertion), 'jobConfig')).toMatchObject({ ...config, labels: { team: 'a' } });
  });
});

test('zeros and what is unset are absent, int64 are strings, and there is no estimate', async () => {
  const [, end] = await entriesOf({ bytesProcessed: 5_000_000, estimatedBytes: 9, referencedTables: [] });
  expect(at(jobOf(end), 'jobStats', 'queryStats')).toEqual({
    totalProcessedBytes: '5000000',
    totalBilledBytes: '10485760',
    billingTier: 1,
  });
  const [, idle] = await entriesOf({ slots: 0 });
  expect(at(jobOf(idle), 'jobStats')).toMatchObject({ queryStats: {} });
  expect(at(jobOf(idle), 'jobStats')).not.toHaveProperty('totalSlotMs');
  expect(JSON.stringify(await entriesOf({ estimatedBytes: 987_654_321 }))).not.toContain('987654321');
});

test('some jobs write {} for what is absent, others leave it out', async () => {
  const seen = new Set<string>();
  for (const jobId of ['a', 'b', 'c', 'd', 'e', 'f']) {
    const [, end] = await entriesOf({ jobId, query: 'SELECT 1; SELECT 2' });
    seen.add(JSON.stringify(at(jobOf(end), 'jobConfig', 'queryConfig', 'destinationTable')) ?? 'absent');
  }
  expect([...seen].sort()).toEqual(['absent', '{}']);
});

test('a failure has a number and a message, and no reason of BigQuery', async () => {
  const [, end] = await entriesOf({ error: { reason: 'backendError', message: 'it broke' } });
  expect(at(jobOf(end), 'jobStatus')).toEqual({
    jobState: 'DONE',
    errorResult: { code: 14, message: 'it broke' },
    errors: [{ code: 14, message: 'it broke' }],
  });
  expect(at(end, 'severity')).toBe('ERROR');
  expect(JSON.stringify(end)).not.toContain('backendError');
});

test('children name their parent, in a full resource name', async () => {
  const entries = await entriesOf({ children: [{ query: 'SELECT 1' }] });
  expect(entries.map(eventOf)).toEqual(['jobInsertion', 'jobInsertion', 'jobChange', 'jobChange']);
  const parents = entries.map((entry) => at(jobOf(entry), 'jobStats', 'parentJobName'));
  expect(parents.filter((parent) => parent === 'projects/shop/jobs/job')).toHaveLength(2);
});

test('a long query is cut at 50K', async () => {
  const [insertion] = await entriesOf({ query: `SELECT '${'x'.repeat(60_000)}'` });
  expect(at(jobOf(insertion), 'jobConfig', 'queryConfig')).toMatchObject({ queryTruncated: true });
  expect(String(at(jobOf(insertion), 'jobConfig', 'queryConfig', 'query'))).toHaveLength(50_000);
});

test('an entry beyond 100 KB loses its metadata', async () => {
  const sourceUris = Array.from(
    { length: 3_000 },
    (_, index) => `gs://example-bucket/a-long-folder-name/${index}.csv`,
  );
  const [insertion] = await entriesOf({ type: 'LOAD', sourceUris });
  expect(metadata(insertion)).toBeUndefined();
  expect(at(insertion, 'protoPayload', 'resourceName')).toBe('projects/shop/jobs/job');
});

test('a cancel is told, and the end at the time it then comes', async () => {
  const { clock, simulator, call, entries } = heard();
  simulator.start({
    projectId: 'shop',
    jobId: 'job',
    runMs: Infinity,
    cancel: { afterMs: 700 },
    children: [{ runMs: Infinity }],
  });
  await clock.advanceTo(START_MS + 60_000);
  await call('POST', '/projects/shop/jobs/job/cancel');
  await clock.advanceBy(10_000);
  expect(entries.map(eventOf)).toEqual([
    'jobInsertion',
    'jobInsertion',
    'jobCancel',
    'jobChange',
    'jobChange',
  ]);
  expect(entries.slice(3).map((entry) => at(entry, 'timestamp'))).toEqual([
    new Date(START_MS + 60_700).toISOString(),
    new Date(START_MS + 60_700).toISOString(),
  ]);
  expect(at(metadata(entries[2]), 'jobCancel', 'jobName')).toBe('projects/shop/jobs/job');
  await call('DELETE', '/projects/shop/jobs/job/delete?location=US');
  expect(metadata(entries[5])).toMatchObject({ jobDeletion: { jobName: 'projects/shop/jobs/job' } });
});

test('an end that comes before the one that was next is told in time', async () => {
  const { clock, simulator, entries } = heard();
  simulator.start({ projectId: 'shop', jobId: 'long', runMs: 3_600_000 });
  simulator.start({ projectId: 'shop', jobId: 'short', runMs: 1_000 });
  await clock.advanceBy(1_000);
  expect(entries.map(eventOf)).toEqual(['jobInsertion', 'jobInsertion', 'jobChange']);
  expect(at(jobOf(entries[2]), 'jobName')).toBe('projects/shop/jobs/short');
});

test('an end that a cancel brought forward is told once', async () => {
  const { clock, simulator, call, entries } = heard();
  simulator.start({ projectId: 'shop', jobId: 'job', runMs: 10_000, cancel: { afterMs: 200 } });
  await clock.advanceTo(START_MS + 9_500);
  await call('POST', '/projects/shop/jobs/job/cancel');
  await clock.advanceBy(10_000);
  expect(entries.map(eventOf)).toEqual(['jobInsertion', 'jobCancel', 'jobChange']);
});

test('a job that is inserted over the API is told too, by its way', async () => {
  const { clock, call, entries } = heard();
  await call('POST', '/projects/shop/jobs', { configuration: { query: { query: 'SELECT 1' } } });
  await call('POST', '/projects/shop/queries', { query: 'SELECT 1' });
  await clock.advanceBy(5_000);
  const reasons = entries
    .map((entry) => at(metadata(entry), 'jobInsertion', 'reason'))
    .filter((reason) => reason !== undefined);
  expect(reasons).toEqual(['JOB_INSERT_REQUEST', 'QUERY_REQUEST']);
  expect(entries.filter((entry) => eventOf(entry) === 'jobChange')).toHaveLength(2);
});

test('BigQuery does not log every job', async () => {
  expect(await entriesOf({ emitEntries: false })).toEqual([]);
});

test('a job of the future is told when it comes', async () => {
  const entries = await entriesOf({ createdAtMs: START_MS + 5_000 });
  expect(entries.map((entry) => at(entry, 'timestamp'))).toEqual([
    new Date(START_MS + 5_000).toISOString(),
    new Date(START_MS + 15_000).toISOString(),
  ]);
});

test('who comes late hears how it goes on; who has left hears nothing', async () => {
  const { clock, simulator } = playground();
  simulator.start({ projectId: 'shop', jobId: 'job', runMs: 10_000 });
  await clock.advanceBy(5_000);
  const stayed: unknown[] = [];
  const left: unknown[] = [];
  simulator.onEntry((entry) => stayed.push(entry));
  simulator.onEntry((entry) => left.push(entry))();
  await clock.advanceBy(10_000);
  expect(stayed.map(eventOf)).toEqual(['jobChange']);
  expect(left).toEqual([]);
});
