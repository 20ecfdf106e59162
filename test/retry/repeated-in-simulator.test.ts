import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attemptId } from '../../shared/retry/attempt-id.ts';
import { configurationHash, hashesOfResource } from '../../shared/retry/configuration-hash.ts';
import { isJsonObject, type JsonObject, jsonAt, parseJson } from '../../shared/retry/json.ts';
import type { RetryGuards } from '../../shared/retry/retry-rule.ts';
import { sanitize } from '../../shared/retry/sanitize.ts';
import { at, type Playground, playground } from '../simulator/playground.ts';

/** Whatever BigQuery takes, runs and shows again is taken again, and runs as the same. */

const JOBS = '/bigquery/v2/projects/shop/jobs';
const table = { projectId: 'shop', datasetId: 'sales', tableId: 'copied' };

const TEXTS = [
  'INSERT INTO sales.orders SELECT 1',
  'UPDATE sales.orders SET a = 1 WHERE TRUE',
  'DELETE FROM orders WHERE TRUE',
  'MERGE `shop.sales.orders` USING s ON TRUE WHEN MATCHED THEN DELETE',
  'TRUNCATE TABLE sales.orders',
  'CREATE TABLE sales.orders (id INT64)',
  'CREATE OR REPLACE TABLE sales.orders AS SELECT 1',
  'CREATE TEMP TABLE orders AS SELECT 1',
  'CREATE OR REPLACE VIEW sales.v AS SELECT 1',
  "CREATE OR REPLACE MODEL sales.m OPTIONS(model_type='linear_reg') AS SELECT 1",
  'DROP TABLE sales.orders',
  'ALTER TABLE sales.orders ADD COLUMN b INT64',
  "EXPORT DATA OPTIONS(uri='gs://b/*') AS SELECT 1",
  'CALL sales.p()',
  'DECLARE x INT64; SELECT 1; INSERT INTO sales.orders VALUES (1)',
  'SELECT 1; SELECT 2',
];

const someFields = fc.record(
  {
    useLegacySql: fc.constant(false),
    priority: fc.constantFrom('INTERACTIVE', 'BATCH'),
    maximumBytesBilled: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String),
    defaultDataset: fc.constant({ projectId: 'shop', datasetId: 'sales' }),
    useQueryCache: fc.boolean(),
    parameterMode: fc.constant('NAMED'),
    connectionProperties: fc.constant([{ key: 'time_zone', value: 'Europe/Berlin' }]),
    novelty: fc.jsonValue(),
  },
  { requiredKeys: ['useLegacySql'] },
);

const selectFields = fc.record(
  {
    destinationTable: fc.constant(table),
    createDisposition: fc.constantFrom('CREATE_NEVER', 'CREATE_IF_NEEDED'),
    writeDisposition: fc.constantFrom('WRITE_APPEND', 'WRITE_TRUNCATE', 'WRITE_EMPTY'),
    clustering: fc.constant({ fields: ['day'] }),
    timePartitioning: fc.constant({ type: 'DAY' }),
    schemaUpdateOptions: fc.constant(['ALLOW_FIELD_ADDITION']),
    destinationEncryptionConfiguration: fc.constant({ kmsKeyName: 'key' }),
  },
  // BigQuery takes dispositions only beside a destination.
  { requiredKeys: ['destinationTable'] },
);

const select = fc.oneof(fc.constant({}), selectFields).map((fields) => ({ query: 'SELECT 1', ...fields }));
const query = fc
  .tuple(
    fc.oneof(
      select,
      fc.constantFrom(...TEXTS).map((text) => ({ query: text })),
    ),
    someFields,
  )
  .map(([statement, fields]) => ({ query: { ...fields, ...statement } }));
const other = fc.constantFrom(
  { load: { sourceUris: ['gs://b/a'], destinationTable: table, writeDisposition: 'WRITE_APPEND' } },
  { copy: { sourceTables: [{ ...table, tableId: 'orders' }], destinationTable: table } },
  { copy: { sourceTable: { ...table, tableId: 'orders@-60000' }, destinationTable: table } },
  { extract: { sourceTable: table, destinationUris: ['gs://b/a'] } },
);
const label = fc.stringMatching(/^[a-z][a-z0-9_-]{0,62}$/);
const common = fc.record(
  {
    labels: fc.dictionary(label, label, { maxKeys: 64 }),
    jobTimeoutMs: fc.integer({ min: 5_000, max: 10 ** 9 }).map(String),
    novelty: fc.jsonValue(),
  },
  { requiredKeys: [] },
);
const configurations = fc
  .tuple(fc.oneof({ weight: 4, arbitrary: query }, other), common)
  .map(([part, rest]): object => ({ ...rest, ...part }));

const guards = fc.record(
  {
    jobTimeoutMs: fc.integer({ min: 5_000, max: 10 ** 9 }),
    maximumBytesBilled: fc.integer({ min: 0, max: 10 ** 15 }),
    priority: fc.constant('BATCH' as const),
    labels: fc
      .dictionary(fc.string({ minLength: 1, maxLength: 80 }), fc.string({ maxLength: 80 }))
      .map((labels) => new Map(Object.entries(labels))),
  },
  { requiredKeys: [] },
);

/** What `jobs.get` answers once it ran, read as over a network. */
async function ran({ call, clock }: Playground, jobId: string, body: unknown): Promise<JsonObject> {
  const { status, body: answer } = await call('POST', JOBS, body);
  expect([status, at(answer, 'error', 'message')]).toEqual([200, undefined]);
  await clock.advanceBy(10_000);
  const text = JSON.stringify((await call('GET', `${JOBS}/${jobId}`)).body);
  const resource = parseJson(text);
  if (!isJsonObject(resource)) throw new Error('a job is an object');
  return resource;
}

function attemptFor(resource: JsonObject, attempt: number, guarding: RetryGuards, nowMs: number) {
  const origin = { projectId: 'shop', location: 'US', jobId: 'root' };
  const id = attemptId(origin, attempt) ?? '';
  const result = sanitize({ resource, attemptId: id, origin, attempt, guards: guarding, nowMs });
  if (result.kind === 'refused') throw new Error(`refused: ${result.why}`);
  return { id, body: result.body };
}

/** What makes a job the one that it is. */
function essence(resource: JsonObject): unknown[] {
  const statement = ['statistics', 'query', 'statementType'];
  const destination = jsonAt(resource, 'configuration', 'query', 'destinationTable');
  const isAnonymous = String(jsonAt(destination, 'datasetId')).startsWith('_');
  const parts = ['load', 'copy', 'extract'].map((part) => jsonAt(resource, 'configuration', part));
  const text = jsonAt(resource, 'configuration', 'query', 'query');
  return [jsonAt(resource, ...statement), text, isAnonymous ? 'anonymous' : destination, ...parts];
}

test('every job that ran is taken again, twice over, and runs as the same', async () => {
  await fc.assert(
    fc.asyncProperty(configurations, guards, async (configuration, guarding) => {
      const play = playground({ isWild: true });
      const reference = { projectId: 'shop', location: 'US', jobId: 'root' };
      const root = await ran(play, 'root', { jobReference: reference, configuration });
      const first = attemptFor(root, 1, guarding, play.clock.now());
      const firstRan = await ran(play, first.id, JSON.parse(JSON.stringify(first.body)));
      const second = attemptFor(firstRan, 2, guarding, play.clock.now());
      const secondRan = await ran(play, second.id, JSON.parse(JSON.stringify(second.body)));
      expect(essence(firstRan)).toEqual(essence(root));
      expect(essence(secondRan)).toEqual(essence(root));
      const sent = jsonAt(first.body, 'configuration');
      const hash = configurationHash(isJsonObject(sent) ? sent : {});
      expect([root, firstRan, secondRan].map(hashesOfResource)).toEqual([[hash], [hash], [hash]]);
    }),
    { numRuns: 150, seed: 5 },
  );
});
