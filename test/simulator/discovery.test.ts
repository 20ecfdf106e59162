import { describe, expect, test } from 'vitest';
import { ANSWER_FIELDS } from '../../simulator/answer-fields.ts';
import type { JobScript } from '../../simulator/job-script.ts';
import { type Discovery, sdkDiscovery } from './discovery.ts';
import { at, playground } from './playground.ts';

const discovery = sdkDiscovery();

test('where CI is set, the Google Cloud SDK is there', () => {
  expect(discovery !== undefined || process.env['CI'] !== 'true').toBe(true);
});

const title =
  discovery === undefined
    ? 'the discovery document: SKIPPED, there is no Google Cloud SDK here'
    : `the discovery document, revision ${discovery.revision}`;

function found(): Discovery {
  if (discovery === undefined) throw new Error('there is no Google Cloud SDK here');
  return discovery;
}

const table = { projectId: 'shop', datasetId: 'sales', tableId: 'orders' };
const error = { reason: 'backendError', message: 'it broke', location: 'query' };
const scripts: { name: string; script: Partial<JobScript> }[] = [
  {
    name: 'a query',
    script: { query: 'SELECT 1', labels: { team: 'a' }, priority: 'BATCH', jobTimeoutMs: 900_000 },
  },
  {
    name: 'a query in a reservation',
    script: { reservation: 'admin:US.etl', edition: 'ENTERPRISE', slots: 3.5, referencedTables: [table] },
  },
  {
    name: 'a query of much',
    script: { bytesProcessed: 9_000_000, estimatedBytes: 12_000_000, bytesBilled: 10_485_760 },
  },
  { name: 'a cache hit', script: { cacheHit: true, destinationTable: table } },
  { name: 'a continuous query', script: { continuous: true } },
  { name: 'DML', script: { query: 'INSERT INTO t VALUES (1)' } },
  { name: 'a script', script: { children: [{ query: 'SELECT 1' }, { query: 'SELECT 2', error }] } },
  { name: 'a failure', script: { error } },
  { name: 'a load', script: { type: 'LOAD', reservation: 'default-pipeline', bytesProcessed: 5 } },
  { name: 'an extract', script: { type: 'EXTRACT', bytesProcessed: 5 } },
  { name: 'a copy', script: { type: 'COPY' } },
];

describe.skipIf(discovery === undefined)(title, () => {
  test.each(['cancel', 'delete', 'get', 'getQueryResults', 'insert', 'list', 'query'])(
    'knows jobs.%s, which the simulator plays',
    (name) => {
      const verbs: Record<string, [string, string]> = {
        cancel: ['POST', 'projects/p/jobs/j/cancel'],
        delete: ['DELETE', 'projects/p/jobs/j/delete?location=US'],
        get: ['GET', 'projects/p/jobs/j'],
        getQueryResults: ['GET', 'projects/p/queries/j?timeoutMs=1'],
        insert: ['POST', 'projects/p/jobs'],
        list: ['GET', 'projects/p/jobs?allUsers=true'],
        query: ['POST', 'projects/p/queries'],
      };
      const [verb = '', path = ''] = verbs[name] ?? [];
      for (const prefix of ['/', '/bigquery/v2/']) {
        expect(found().methodOf(verb, `${prefix}${path}`)?.name).toBe(`jobs.${name}`);
      }
    },
  );

  test('has every field that the simulator lets a client ask for', () => {
    const ours = Object.entries(ANSWER_FIELDS).flatMap(([schema, fields]) =>
      fields.split(' ').map((field) => [schema, field.split(':')[0] ?? ''] as const),
    );
    expect(ours.length).toBeGreaterThan(500);
    const unknown = ours.filter(([schema, field]) => !found().hasField(schema, field));
    expect(unknown).toEqual([
      ['GenerateAccessTokenResponse', 'accessToken'],
      ['GenerateAccessTokenResponse', 'expireTime'],
    ]);
  });

  // `call` holds every answer to the document; so it does in all other tests of the simulator.
  test.each(scripts)(
    '$name is answered as described, pending, running, cancelled and done',
    async ({ script }) => {
      for (const isCancelled of [false, true]) {
        const { clock, simulator, call } = playground();
        const job = { projectId: 'shop', jobId: 'job', principal: 'ann@example.com' };
        simulator.start({ ...job, pendingMs: 1_000, runMs: 20_000, ...script });
        let lists = 0;
        for (const afterMs of [0, 1_000, 3_000, 10_000, 60_000]) {
          await clock.advanceBy(afterMs);
          await call('GET', '/projects/shop/jobs/job');
          for (const query of ['projection=full', 'projection=minimal', 'parentJobId=job']) {
            const { body } = await call('GET', `/projects/shop/jobs?allUsers=true&maxResults=1&${query}`);
            lists += Object(at(body, 'jobs')).length;
          }
          if (isCancelled && afterMs === 3_000) await call('POST', '/projects/shop/jobs/job/cancel');
        }
        expect(lists).toBeGreaterThanOrEqual(10);
        expect((await call('DELETE', '/projects/shop/jobs/job/delete?location=US')).status).toBe(204);
      }
    },
  );

  test.each([
    { name: 'a query', configuration: { query: { query: 'SELECT 1', useLegacySql: false } } },
    { name: 'a dry run', configuration: { dryRun: true, query: { query: 'SELECT 1' } } },
    { name: 'a script', configuration: { query: { query: 'SELECT 1; SELECT 2' } } },
    { name: 'a load', configuration: { load: { destinationTable: table, sourceUris: ['gs://b/x'] } } },
    { name: 'a copy', configuration: { copy: { sourceTable: table, destinationTable: table } } },
  ])('$name that is inserted is answered as described', async ({ configuration }) => {
    const { call, clock } = playground();
    const { status, body } = await call('POST', '/projects/shop/jobs', { configuration });
    expect(status).toBe(200);
    await clock.advanceBy(10_000);
    const jobId = at(body, 'jobReference', 'jobId');
    if (jobId !== undefined) await call('GET', `/projects/shop/jobs/${String(jobId)}`);
    const { query } = Object(configuration);
    if (query === undefined) return;
    const answer = await call('POST', '/projects/shop/queries', { ...configuration, ...query });
    expect(answer.status).toBe(200);
  });

  const job = { kind: 'bigquery#job', jobReference: { projectId: 'p', jobId: 'j' } };
  test.each<{ name: string; body: unknown; fault: string }>([
    {
      name: 'a number where an int64 must be',
      body: { ...job, statistics: { creationTime: 5 } },
      fault: 'jobs.get.statistics.creationTime: is 5, not string int64',
    },
    {
      name: 'an int64 that is none',
      body: { ...job, statistics: { endTime: '5.0' } },
      fault: 'jobs.get.statistics.endTime: is "5.0", not string int64',
    },
    {
      name: 'a field that is not there',
      body: { ...job, stats: {} },
      fault: 'jobs.get.stats: there is no such field',
    },
    {
      name: 'a field that is not there, deep inside',
      body: { ...job, configuration: { query: { timeline: [] } } },
      fault: 'jobs.get.configuration.query.timeline: there is no such field',
    },
    {
      name: 'an object where a list must be',
      body: { ...job, status: { errors: {} } },
      fault: 'jobs.get.status.errors: is {}, not a list',
    },
    {
      name: 'a wrong item of a list',
      body: { ...job, statistics: { query: { timeline: [{ elapsedMs: '1' }, { elapsedMs: 1 }] } } },
      fault: 'jobs.get.statistics.query.timeline[1].elapsedMs: is 1, not string int64',
    },
    {
      name: 'a word that is none of those allowed',
      body: { ...job, jobCreationReason: { code: 'BECAUSE' } },
      fault: 'jobs.get.jobCreationReason.code: is "BECAUSE", not string ',
    },
    {
      name: 'a label that is no text',
      body: { ...job, configuration: { labels: { team: 1 } } },
      fault: 'jobs.get.configuration.labels.team: is 1, not string',
    },
    {
      name: 'a fraction where a whole number must be',
      body: { ...job, statistics: { query: { billingTier: 1.5 } } },
      fault: 'jobs.get.statistics.query.billingTier: is 1.5, not integer',
    },
    { name: 'no object at all', body: 'job', fault: 'jobs.get: is "job", not an object' },
  ])('tells $name', ({ body, fault }) => {
    const faults = found().faultsOf({ name: 'jobs.get', answers: 'Job' }, body);
    expect(faults).toEqual([expect.stringContaining(fault)]);
  });

  test('tells a body where none is described', () => {
    expect(found().faultsOf({ name: 'jobs.delete', answers: undefined }, {})).toEqual([
      'jobs.delete: answers no body',
    ]);
    expect(found().faultsOf({ name: 'jobs.delete', answers: undefined }, undefined)).toEqual([]);
  });
});
