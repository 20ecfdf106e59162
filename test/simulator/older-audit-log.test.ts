import { describe, expect, test } from 'vitest';
import { jobKey } from '../../shared/job/job-name.ts';
import { readAuditEntry } from '../../shared/job/read-audit-entry.ts';
import type { AuditFormats } from '../../simulator/audit-log.ts';
import type { JobScript } from '../../simulator/job-script.ts';
import { at, type Playground, playground, START_MS } from './playground.ts';

interface Heard extends Playground {
  readonly entries: Record<string, unknown>[];
}

function heard(formats: AuditFormats = 'older'): Heard {
  const scene = playground();
  const entries: Record<string, unknown>[] = [];
  scene.simulator.onEntry((entry) => entries.push(entry), { formats });
  return { ...scene, entries };
}

async function entriesOf(
  script: Partial<JobScript>,
  formats?: AuditFormats,
): Promise<Record<string, unknown>[]> {
  const { clock, simulator, entries } = heard(formats);
  const usual = { projectId: 'shop', jobId: 'job', principal: 'ann@example.com', runMs: 10_000 };
  simulator.start({ ...usual, ...script });
  await clock.advanceBy(3_600_000);
  return entries;
}

const data = (entry: unknown): unknown => at(entry, 'protoPayload', 'serviceData');
const methodOf = (entry: unknown): unknown => at(entry, 'protoPayload', 'methodName');
const isNewer = (entry: unknown): boolean => at(entry, 'protoPayload', 'metadata') !== undefined;
const table = { projectId: 'shop', datasetId: 'sales', tableId: 'orders' };

test('a job is told when it is inserted and when it has ended, with its location in its name', async () => {
  const [insertion, end, ...more] = await entriesOf({ location: 'EU', slots: 2, bytesProcessed: 5_000_000 });
  expect(more).toEqual([]);
  const name = { projectId: 'shop', jobId: 'job', location: 'EU' };
  expect(methodOf(insertion)).toBe('jobservice.insert');
  expect(at(data(insertion), 'jobInsertRequest', 'resource', 'jobName')).toEqual({});
  expect(at(data(insertion), 'jobInsertResponse', 'resource', 'jobName')).toEqual(name);
  expect(at(insertion, 'resource')).toEqual({ type: 'bigquery_resource', labels: { project_id: 'shop' } });
  expect(methodOf(end)).toBe('jobservice.jobcompleted');
  expect(at(end, 'timestamp')).toBe(new Date(START_MS + 10_000).toISOString());
  expect(at(data(end), 'jobCompletedEvent')).toMatchObject({
    eventName: 'query_job_completed',
    job: {
      jobName: name,
      jobStatus: { state: 'DONE', error: {} },
      jobStatistics: {
        totalSlotMs: '20000',
        totalProcessedBytes: '5000000',
        totalBilledBytes: '10485760',
        reservation: 'unreserved',
      },
    },
  });
});

describe('both formats lead the product to one job', () => {
  test.each<{ name: string; script: Partial<JobScript> }>([
    { name: 'a query', script: { query: 'SELECT 1', priority: 'BATCH', labels: { team: 'a' } } },
    {
      name: 'a query of much',
      script: { bytesProcessed: 5_000_000, referencedTables: [table], slots: 3, destinationTable: table },
    },
    { name: 'a query in a reservation', script: { reservation: 'admin:EU.etl', location: 'EU' } },
    { name: 'a load', script: { type: 'LOAD', destinationTable: table, bytesProcessed: 9 } },
    { name: 'an extract', script: { type: 'EXTRACT', sourceTable: table, bytesProcessed: 9 } },
    { name: 'a copy', script: { type: 'COPY', sourceTable: table } },
  ])('$name', async ({ script }) => {
    const entries = await entriesOf(script, 'both');
    expect(entries.map(isNewer)).toEqual([true, false, true, false]);
    const [newerStart, olderStart, newerEnd, olderEnd] = entries.map((entry) => {
      const reading = readAuditEntry(entry);
      if (reading.kind !== 'job') throw new Error(`read as ${reading.kind}`);
      const { query, ...job } = reading.job;
      return { ...job, key: jobKey(job.name), text: query?.expose() };
    });
    expect(olderStart).toEqual({ ...newerStart, dryRun: false });
    expect(olderEnd).toEqual({ ...newerEnd, dryRun: false });
  });

  test('what a job has told in one entry is never told under the same insertId in another', async () => {
    const ids = (await entriesOf({}, 'both')).map((entry) => at(entry, 'insertId'));
    expect(new Set(ids).size).toBe(4);
  });
});

test('a script child names no parent: only its id tells', async () => {
  const entries = await entriesOf({ children: [{ query: 'SELECT 1' }] });
  expect(JSON.stringify(entries)).not.toContain('parent');
  expect(entries.map((entry) => readAuditEntry(entry).kind)).toEqual(['job', 'look-at', 'look-at', 'job']);
});

test('some failed jobs have a completed event and others have none', async () => {
  const error = { reason: 'backendError', message: 'it broke' };
  const counts = new Set<number>();
  for (const jobId of ['a', 'b', 'c', 'd', 'e', 'f']) {
    const entries = await entriesOf({ jobId, error });
    counts.add(entries.length);
    if (entries.length < 2) continue;
    expect(at(data(entries[1]), 'jobCompletedEvent', 'job', 'jobStatus')).toMatchObject({
      state: 'DONE',
      error: { code: 14, message: 'it broke' },
    });
    expect(JSON.stringify(entries)).not.toContain('backendError');
  }
  expect([...counts].sort()).toEqual([1, 2]);
});

test('a query over the API, its results and its cancel are told by their methods; a deletion is not', async () => {
  const { clock, simulator, call, entries } = heard();
  const { body } = await call('POST', '/projects/shop/queries', { query: 'SELECT 1' });
  const jobId = String(at(body, 'jobReference', 'jobId'));
  await call('GET', `/projects/shop/queries/${jobId}`);
  simulator.start({ projectId: 'shop', jobId: 'long', runMs: Infinity, emitEntries: true });
  await call('POST', '/projects/shop/jobs/long/cancel');
  await call('DELETE', `/projects/shop/jobs/${jobId}/delete?location=US`);
  await clock.advanceBy(1);
  expect(entries.map(methodOf)).toEqual([
    'jobservice.query',
    'jobservice.jobcompleted',
    'jobservice.getqueryresults',
    'jobservice.insert',
    'jobservice.cancel',
  ]);
  expect(new Set(entries.map((entry) => at(entry, 'insertId'))).size).toBe(5);
  expect(at(data(entries[0]), 'jobQueryRequest')).toEqual({ query: 'SELECT 1', projectId: 'shop' });
  expect(at(data(entries[2]), 'jobGetQueryResultsResponse', 'job', 'jobStatus', 'state')).toBe('DONE');
  expect(entries.map((entry) => readAuditEntry(entry).kind)).toEqual([
    'job',
    'job',
    'job',
    'job',
    'cancel-requested',
  ]);
});

test('an entry beyond 100 KB loses its data', async () => {
  const sourceUris = Array.from(
    { length: 3_000 },
    (_, index) => `gs://example-bucket/a-long-folder/${index}.csv`,
  );
  const entries = await entriesOf({ type: 'LOAD', sourceUris });
  expect(entries.map(data)).toEqual([undefined, undefined]);
});

test('the simulator has a format of its own for listeners that choose none', async () => {
  const { clock, simulator } = playground({ auditFormats: 'both' });
  const all: unknown[] = [];
  const newer: unknown[] = [];
  simulator.onEntry((entry) => all.push(entry));
  simulator.onEntry((entry) => newer.push(entry), { formats: 'newer' });
  simulator.start({ projectId: 'shop', runMs: 1_000 });
  await clock.advanceBy(1_000);
  expect(all.map(isNewer)).toEqual([true, false, true, false]);
  expect(newer.map(isNewer)).toEqual([true, true]);
});
