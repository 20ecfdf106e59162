import { describe, expect, test } from 'vitest';
import type { JobScript } from '../../../simulator/job-script.ts';
import {
  alertsWith,
  attempt,
  BACKEND_ERROR,
  ETL,
  etlPolicy,
  fail,
  HOUR_MS,
  inserted,
  MINUTE_MS,
  nameOf,
  openRetrying,
  type Retrying,
  SECRET,
  START_MS,
  scheduled,
} from './retrying.ts';

const ANYBODY = etlPolicy().replace('"etl-*@my-project.iam.gserviceaccount.com"', '"*"');

async function failed(policies: string, more: Partial<JobScript>): Promise<Retrying> {
  const retrying = await openRetrying({ policies });
  fail(retrying, more);
  await retrying.answer(more.jobId);
  await retrying.pass(HOUR_MS);
  return retrying;
}

describe('nobody gains rights through a retry (rule 5)', () => {
  test.each([
    { who: 'a person', principal: 'ada@example.com', policies: ANYBODY, why: 'person' },
    {
      who: 'a person whom the policy names',
      principal: 'ada@example.com',
      policies: ANYBODY.replace('"*"', '"ada@example.com"'),
      why: 'person',
    },
    { who: 'an account that only "*" takes', principal: ETL, policies: ANYBODY, why: 'account-not-listed' },
    {
      who: 'an account that only a domain takes',
      principal: ETL,
      policies: ANYBODY.replace('"*"', '"*.gserviceaccount.com"'),
      why: 'account-not-listed',
    },
    {
      who: "one of Google's own accounts that is named",
      principal: 'bigquery-adminbot@system.gserviceaccount.com',
      policies: ANYBODY.replace('"*"', '"bigquery-adminbot@system.gserviceaccount.com"'),
      why: 'service-agent',
    },
  ])('a job of $who is told of, and not run again', async ({ principal, policies, why }) => {
    const retrying = await failed(policies, { principal });
    expect(retrying.told()).toEqual([`retry-refused ${why}`]);
    expect(inserted(retrying)).toEqual([]);
    expect(await retrying.claim(1)).toBeUndefined();
  });

  test("a person's job with labels of a retry, and an id like one, is a person's job", async () => {
    const retrying = await openRetrying({
      policies: ANYBODY.replace('"*"', '"*", "etl-*@my-project.iam.gserviceaccount.com"'),
    });
    fail(retrying);
    await retrying.answer();
    const crafted = attempt(1);
    const labels = { 'bq-watchdog-origin': 'root', 'bq-watchdog-attempt': '1' };
    fail(retrying, { jobId: crafted, principal: 'eve@example.com', labels });
    expect(await retrying.answer(crafted)).toEqual({ kind: 'refused' });
    expect(retrying.told(crafted)).toEqual(['retry-refused person']);
    await retrying.pass(HOUR_MS);
    expect(inserted(retrying)).toEqual([]);
    expect(retrying.told()).toEqual(['retry-scheduled', 'retry-refused id-taken']);
  });

  test('a job of the account that has the id of an attempt before that is made is a job like any other', async () => {
    const retrying = await scheduled();
    const crafted = attempt(1);
    fail(retrying, { jobId: crafted, query: 'SELECT 2' });
    expect(await retrying.answer(crafted)).toMatchObject({
      kind: 'scheduled',
      claim: { job: nameOf(crafted) },
    });
    await retrying.pass(HOUR_MS);
    expect(retrying.told()).toEqual(['retry-scheduled', 'retry-refused id-taken']);
    expect(retrying.told(crafted)).toEqual(['retry-scheduled', 'retried', 'recovered']);
  });

  test('labels decide nothing: a job that says that it is the last attempt is run again three times', async () => {
    const labels = { 'bq-watchdog-origin': 'somebody', 'bq-watchdog-attempt': '3' };
    const retrying = await scheduled({ lives: () => ({ error: BACKEND_ERROR }) }, { labels });
    await retrying.pass(HOUR_MS);
    expect(inserted(retrying)).toHaveLength(3);
  });

  test.each([
    { what: 'of no root', jobId: 'nothing_wdr1_0123456789ab' },
    { what: 'of a root that did not fail', jobId: attempt(1, 'fine') },
    { what: 'of a root of another account', jobId: attempt(1, 'of-another') },
    { what: 'of a root that does something else', jobId: attempt(2, 'else') },
    { what: 'of a wrong hash', jobId: 'else_wdr1_0123456789ab' },
  ])('a job of an account with the id of an attempt $what is a job like any other', async ({ jobId }) => {
    const retrying = await openRetrying();
    const { simulator } = retrying;
    simulator.start({
      ...nameOf('fine'),
      principal: ETL,
      query: `SELECT '${SECRET}'`,
      createdAtMs: START_MS - HOUR_MS,
    });
    fail(retrying, { jobId: 'of-another', principal: 'etl-2@my-project.iam.gserviceaccount.com' });
    fail(retrying, { jobId: 'else', query: 'SELECT 2' });
    fail(retrying, { jobId });
    await retrying.answer(jobId);
    await retrying.pass(HOUR_MS);
    expect(inserted(retrying)).toEqual([`${attempt(1, jobId)} by ${ETL}`]);
    expect(retrying.told(jobId)).toEqual(['retry-scheduled', 'retried', 'recovered']);
  });

  test.each([
    {
      what: 'names an account',
      configuration: property('service_account', 'admin@my-project.iam.gserviceaccount.com'),
      why: 'names-an-account',
    },
    { what: 'names a session', configuration: property('session_id', 'Zm9v'), why: 'session' },
  ])('a configuration that $what is refused', async ({ configuration, why }) => {
    const retrying = await failed(etlPolicy(), { configuration });
    expect(retrying.told()).toEqual([`retry-refused ${why}`]);
    expect(inserted(retrying)).toEqual([]);
  });
});

describe('what cannot be run again is refused once, with its reason', () => {
  const TABLE = { projectId: 'my-project', datasetId: 'sales', tableId: 'orders' };

  test.each<{ why: string; more: Partial<JobScript> }>([
    { why: 'append', more: { query: 'INSERT INTO sales.orders VALUES (1)', statementType: 'INSERT' } },
    { why: 'dml', more: { query: 'DELETE FROM sales.orders WHERE true', statementType: 'DELETE' } },
    { why: 'ddl', more: { query: 'DROP TABLE sales.orders', statementType: 'DROP_TABLE' } },
    {
      why: 'unguarded-create',
      more: { query: 'CREATE TABLE sales.orders (a INT64)', statementType: 'CREATE_TABLE' },
    },
    { why: 'script', more: { query: 'BEGIN SELECT 1; END', children: [{}], runMs: 1_000 } },
    { why: 'append', more: { destinationTable: TABLE, writeDisposition: 'WRITE_APPEND' } },
    { why: 'append', more: { type: 'LOAD' } },
    { why: 'local-upload', more: { type: 'LOAD', sourceUris: [], writeDisposition: 'WRITE_TRUNCATE' } },
    { why: 'export', more: { type: 'EXTRACT' } },
    {
      why: 'snapshot-too-old',
      more: { type: 'COPY', sourceTable: { ...TABLE, tableId: 'orders@1500000000000' } },
    },
    {
      why: 'expiration-passed',
      more: { type: 'COPY', configuration: { destinationExpirationTime: '2026-01-01T00:00:00Z' } },
    },
    { why: 'id-too-long', more: { jobId: 'x'.repeat(1_010) } },
  ])('$why ($more.type $more.query)', async ({ why, more }) => {
    const retrying = await failed(etlPolicy(), more);
    await retrying.answer(more.jobId);
    expect(retrying.told(more.jobId)).toEqual([`retry-refused ${why}`]);
    expect(inserted(retrying)).toEqual([]);
    expect(await retrying.ledger.recentClaims(0, 10)).toEqual([]);
  });

  test.each([
    { query: 'INSERT INTO sales.orders VALUES (1)', statementType: 'INSERT' },
    { type: 'LOAD' as const },
  ])('unless its owner allows it', async (more) => {
    const retrying = await failed(etlPolicy('', ', allowRepeatedWrites: true'), more);
    expect(inserted(retrying)).toHaveLength(1);
    expect(retrying.told()).toEqual(['retry-scheduled', 'retried', 'recovered']);
  });

  test('also after an attempt, whose failure is told with it', async () => {
    const retrying = await openRetrying({ lives: () => ({ runMs: 5 * MINUTE_MS, error: BACKEND_ERROR }) });
    const destinationExpirationTime = new Date(START_MS + 2 * MINUTE_MS).toISOString();
    fail(retrying, { type: 'COPY', configuration: { destinationExpirationTime } });
    await retrying.answer();
    await retrying.pass(HOUR_MS);
    expect(retrying.told()).toEqual(['retry-scheduled', 'retried', 'gave-up expiration-passed']);
    expect(alertsWith(retrying, 'gave-up')).toMatchObject([
      {
        sentence: expect.stringContaining(
          'attempt 1 of 3: it failed with backendError, too, and is not run again: its destination was to expire',
        ),
      },
    ]);
  });

  test('what would be refused a thousand times an hour is summed up', async () => {
    const retrying = await openRetrying({ policies: ANYBODY });
    for (let index = 0; index < 1_005; index++) {
      const jobId = `job-${index}`;
      fail(retrying, { jobId, principal: 'ada@example.com' });
      await retrying.answer(jobId);
    }
    const types = Map.groupBy(retrying.alerts, ({ type }) => type);
    expect(types.get('bigquery-watchdog.job.retry-refused.v1')).toHaveLength(1_000);
    expect(types.get('bigquery-watchdog.findings.summarised.v1')).toHaveLength(1);
  });
});

test('a thousand failures thin out: far from each other, within the caps, and none before its deadline is lost', async () => {
  const roomy = etlPolicy(
    'breaker: { acts: 10000, per: 1h }',
    ', caps: { perProjectPerHour: 100, perPrincipalPerHour: 100 }',
  );
  const retrying = await openRetrying({ policies: roomy });
  const jobs = Array.from({ length: 1_000 }, (_, index) => `job-${index}`);
  for (const jobId of jobs) {
    fail(retrying, { jobId, query: `SELECT '${jobId}'` });
    await retrying.answer(jobId);
  }
  const claims = await Promise.all(jobs.map((jobId) => retrying.claim(1, jobId)));
  const waits = claims
    .map((claim) => (claim?.lookAtMs ?? 0) - (claim?.retry?.failedAtMs ?? 0))
    .toSorted((a, b) => a - b);
  // Calm, all of them would come within a minute; now half of them wait for longer than ten.
  expect(waits[500]).toBeGreaterThan(10 * 60_000);
  expect(waits.at(-1)).toBeLessThanOrEqual(HOUR_MS);
});

function property(key: string, value: string): Record<string, unknown> {
  return { connectionProperties: [{ key, value }] };
}
