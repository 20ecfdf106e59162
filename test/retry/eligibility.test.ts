import { describe, expect, it, test } from 'vitest';
import { STATEMENT_TYPES } from '../../shared/policy/statement-types.ts';
import { type Eligibility, eligibility } from '../../shared/retry/eligibility.ts';
import { ANONYMOUS, failed, NAMED, type Parts, query } from './failed-jobs.ts';

function told(parts: Parts, allowRepeatedWrites: boolean): string {
  const verdict: Eligibility = eligibility(failed(parts), { allowRepeatedWrites });
  return verdict.kind === 'eligible' ? 'eligible' : verdict.why;
}

const SELECT = query('SELECT 1', 'SELECT');

function load(more: object = {}): Parts {
  return { configuration: { jobType: 'LOAD', load: { sourceUris: ['gs://b/f'], ...more } } };
}

function copy(more: object = {}): Parts {
  return {
    configuration: { jobType: 'COPY', copy: { sourceTable: OTHER, destinationTable: NAMED, ...more } },
  };
}

function extract(uri: string): Parts {
  return { configuration: { jobType: 'EXTRACT', extract: { destinationUris: [uri] } } };
}

const OTHER = { ...NAMED, tableId: 'u' };
const TRUNCATE = { writeDisposition: 'WRITE_TRUNCATE' };

/** So many other tables. */
function others(count: number): readonly object[] {
  return [...Array(count).keys()].map((index) => ({ ...OTHER, tableId: `u${index}` }));
}

/** A query, with the tables that BigQuery tells it to read. */
function reading(tables: object | readonly object[], parts: Parts): Parts {
  const { query: statistics } = { query: {}, ...parts.statistics };
  return { ...parts, statistics: { query: { ...statistics, referencedTables: [tables].flat() } } };
}

describe('is run again whatever the policy says of repeated writes', () => {
  test.each<[string, Parts]>([
    ['a SELECT', SELECT],
    [
      'a SELECT into an anonymous table, however BigQuery fills in the rest',
      query('SELECT 1', 'SELECT', { destinationTable: ANONYMOUS, writeDisposition: 'WRITE_APPEND' }),
    ],
    ['a SELECT into a table that must be empty', query('SELECT 1', 'SELECT', { destinationTable: NAMED })],
    [
      'a SELECT that truncates its table',
      query('SELECT 1', 'SELECT', { destinationTable: NAMED, writeDisposition: 'WRITE_TRUNCATE' }),
    ],
    [
      'a SELECT that truncates the data of its table',
      query('SELECT 1', 'SELECT', { destinationTable: NAMED, writeDisposition: 'WRITE_TRUNCATE_DATA' }),
    ],
    ['a query that failed before BigQuery knew its type', query('WITH a AS (SELECT 1) SELECT * FROM a')],
    [
      'a MERGE, though BigQuery filled in a disposition',
      query('MERGE d.t USING d.s ON t.a = s.a WHEN MATCHED THEN DELETE', 'MERGE', {
        destinationTable: NAMED,
        writeDisposition: 'WRITE_APPEND',
      }),
    ],
    [
      'CREATE OR REPLACE TABLE AS SELECT',
      query('CREATE OR REPLACE TABLE d.t AS SELECT 1', 'CREATE_TABLE_AS_SELECT'),
    ],
    ['CREATE VIEW IF NOT EXISTS', query('CREATE VIEW IF NOT EXISTS d.v AS SELECT 1', 'CREATE_VIEW')],
    ['CREATE OR REPLACE MODEL', query('CREATE OR REPLACE MODEL d.m AS SELECT 1', 'CREATE_MODEL')],
    ['a load that truncates', load({ writeDisposition: 'WRITE_TRUNCATE' })],
    ['a load into an empty table', load({ writeDisposition: 'WRITE_EMPTY' })],
    ['a copy', copy()],
    ['a copy of other tables', copy({ sourceTables: [OTHER], ...TRUNCATE })],
    [
      'a SELECT that reads another table than it truncates',
      reading(OTHER, query('SELECT * FROM d.u', 'SELECT', { destinationTable: NAMED, ...TRUNCATE })),
    ],
    [
      'a SELECT of 49 other tables than it truncates, all of which BigQuery tells',
      reading(others(49), query('SELECT 1', 'SELECT', { destinationTable: NAMED, ...TRUNCATE })),
    ],
    [
      'a SELECT of many tables whose result nobody named',
      reading(others(60), query('SELECT 1', 'SELECT', { destinationTable: ANONYMOUS })),
    ],
    [
      'a MERGE, which reads what it writes',
      reading(
        NAMED,
        query('MERGE d.t USING d.t ON t.a = s.a WHEN MATCHED THEN DELETE', 'MERGE', {
          destinationTable: NAMED,
        }),
      ),
    ],
    ['a snapshot', copy({ operationType: 'SNAPSHOT' })],
    ['an extract into a file', extract('gs://b/f')],
    [
      'a job with a timeout of its own that did not stop it',
      { ...SELECT, configuration: { ...SELECT.configuration, jobTimeoutMs: '1000' } },
    ],
  ])('%s', (_name, parts) => {
    expect([told(parts, false), told(parts, true)]).toEqual(['eligible', 'eligible']);
  });
});

describe('is run again only where the policy allows repeated writes', () => {
  test.each<[string, Parts, string]>([
    [
      'a SELECT that appends',
      query('SELECT 1', 'SELECT', { destinationTable: NAMED, writeDisposition: 'WRITE_APPEND' }),
      'append',
    ],
    [
      'a query of unknown type that appends',
      query('SELECT 1', undefined, { destinationTable: NAMED, writeDisposition: 'WRITE_APPEND' }),
      'append',
    ],
    [
      'a disposition that nobody knows',
      query('SELECT 1', 'SELECT', { destinationTable: NAMED, writeDisposition: 'WRITE_NEW' }),
      'append',
    ],
    [
      'a SELECT that reads the table that it truncates',
      reading(NAMED, query('SELECT * FROM d.t', 'SELECT', { destinationTable: NAMED, ...TRUNCATE })),
      'append',
    ],
    [
      'a CREATE OR REPLACE that reads the table that it replaces',
      reading(
        NAMED,
        query('CREATE OR REPLACE TABLE d.t AS SELECT * FROM d.t', 'CREATE_TABLE_AS_SELECT', {
          destinationTable: NAMED,
          ...TRUNCATE,
        }),
      ),
      'append',
    ],
    [
      'a CREATE OR REPLACE that reads its table, of which only the statistics tell',
      reading(NAMED, {
        ...query('CREATE OR REPLACE TABLE d.t AS SELECT * FROM d.t'),
        statistics: { query: { statementType: 'CREATE_TABLE_AS_SELECT', ddlTargetTable: NAMED } },
      }),
      'append',
    ],
    [
      'a SELECT that reads the table that it truncates and 49 others, though lists so long may be cut',
      reading([...others(49), NAMED], query('SELECT 1', 'SELECT', { destinationTable: NAMED, ...TRUNCATE })),
      'append',
    ],
    [
      'a SELECT of so many tables that its own may be among those that are cut off',
      reading(others(50), query('SELECT 1', 'SELECT', { destinationTable: NAMED, ...TRUNCATE })),
      'append',
    ],
    [
      'a SELECT that reads a table whose name cannot be read',
      reading({ tableId: 't' }, query('SELECT 1', 'SELECT', { destinationTable: NAMED, ...TRUNCATE })),
      'append',
    ],
    [
      'a SELECT that reads its own table by a name in other letters, for datasets may be case-insensitive',
      reading(
        { ...NAMED, datasetId: NAMED.datasetId.toUpperCase() },
        query('SELECT 1', 'SELECT', { destinationTable: NAMED, ...TRUNCATE }),
      ),
      'append',
    ],
    [
      'a copy of a table and one whose name cannot be read onto itself',
      copy({ sourceTables: [{ tableId: 'u' }, NAMED], ...TRUNCATE }),
      'append',
    ],
    [
      'a copy of a table and another one onto itself',
      copy({ sourceTables: [OTHER, NAMED], ...TRUNCATE }),
      'append',
    ],
    ['a load that appends', load({ writeDisposition: 'WRITE_APPEND' }), 'append'],
    ['a load, which appends by default', load(), 'append'],
    ['a copy that appends', copy({ writeDisposition: 'WRITE_APPEND' }), 'append'],
    ['INSERT', query('INSERT d.t VALUES (1)', 'INSERT'), 'append'],
    ['LOAD DATA', query('LOAD DATA INTO d.t FROM FILES (x = 1)', 'LOAD_DATA'), 'append'],
    [
      'MERGE ON FALSE',
      query('MERGE d.t USING d.s ON FALSE WHEN NOT MATCHED THEN INSERT ROW', 'MERGE'),
      'append',
    ],
    [
      'a MERGE behind a hint',
      query('@{a = 1} MERGE d.t USING d.s ON FALSE WHEN NOT MATCHED THEN INSERT ROW', 'MERGE'),
      'append',
    ],
    ['UPDATE', query('UPDATE d.t SET a = 1 WHERE TRUE', 'UPDATE'), 'dml'],
    ['DELETE', query('DELETE d.t WHERE TRUE', 'DELETE'), 'dml'],
    ['TRUNCATE', query('TRUNCATE TABLE d.t', 'TRUNCATE_TABLE'), 'dml'],
    ['DROP', query('DROP TABLE d.t', 'DROP_TABLE'), 'ddl'],
    ['ALTER', query('ALTER TABLE d.t ADD COLUMN a INT64', 'ALTER_TABLE'), 'ddl'],
    ...['ROW_ACCESS_POLICY', 'DATA_POLICY', 'CAPACITY', 'RESERVATION', 'ASSIGNMENT'].map(
      (object): [string, Parts, string] => [
        `CREATE_${object}, however guarded`,
        query('CREATE OR REPLACE ROW ACCESS POLICY p ON d.t FILTER USING (TRUE)', `CREATE_${object}`),
        'ddl',
      ],
    ),
    ['GRANT', query('GRANT `roles/viewer` ON SCHEMA d TO "user:x"', 'GRANT_ON_SCHEMA'), 'ddl'],
    ['EXPORT DATA', query('EXPORT DATA OPTIONS (uri = "gs://b/*") AS SELECT 1', 'EXPORT_DATA'), 'export'],
    ['an extract into as many files as it takes', extract('gs://b/*.csv'), 'export'],
    ['CALL', query('CALL d.p()', 'CALL'), 'script'],
    ['a script', query('SELECT 1; SELECT 2', 'SCRIPT'), 'script'],
    ['a script known by its children', { ...query('SELECT 1'), statistics: { numChildJobs: '2' } }, 'script'],
  ])('%s', (_name, parts, why) => {
    expect([told(parts, false), told(parts, true)]).toEqual([why, 'eligible']);
  });
});

describe('is never run again', () => {
  test.each<[string, Parts, string]>([
    [
      'what somebody cancelled',
      { ...SELECT, status: { errorResult: { reason: 'stopped', message: 'User requested cancellation' } } },
      'stopped',
    ],
    [
      'what its own timeout stopped',
      { ...SELECT, status: { errorResult: { reason: 'stopped', message: 'Job timed out after 5 sec' } } },
      'stopped',
    ],
    [
      'what says among other errors that it was stopped',
      { ...SELECT, status: { errors: [{ reason: 'backendError' }, { reason: 'stopped' }] } },
      'stopped',
    ],
    ['what succeeded', { ...SELECT, status: { errorResult: undefined } }, 'not-failed'],
    ['what still runs', { ...SELECT, status: { state: 'RUNNING' } }, 'not-failed'],
    ['what a person ran', { ...SELECT, user_email: 'ada@example.com' }, 'person'],
    [
      'what an identity of another provider ran',
      { ...SELECT, user_email: 'principal://iam.googleapis.com/x/subject/a' },
      'person',
    ],
    ['what nobody ran that is told', { ...SELECT, user_email: '' }, 'principal-unknown'],
    [
      "what Google's own account ran",
      { ...SELECT, user_email: 'bigquery-adminbot@system.gserviceaccount.com' },
      'service-agent',
    ],
    [
      'a step of a script',
      { ...SELECT, statistics: { ...SELECT.statistics, parentJobId: 'job_0' } },
      'child',
    ],
    ['a dry run', { ...SELECT, configuration: { ...SELECT.configuration, dryRun: true } }, 'dry-run'],
    ['a continuous query', query('SELECT 1', 'SELECT', { continuous: true }), 'continuous'],
    ['a query that made a session', query('SELECT 1', 'SELECT', { createSession: true }), 'session'],
    [
      'a query inside a session',
      query('SELECT 1', 'SELECT', { connectionProperties: [{ key: 'session_id', value: 's' }] }),
      'session',
    ],
    [
      'a part of a transaction',
      { ...SELECT, statistics: { ...SELECT.statistics, transactionInfo: { transactionId: 't' } } },
      'transaction',
    ],
    ['BEGIN TRANSACTION', query('BEGIN TRANSACTION', 'BEGIN_TRANSACTION'), 'transaction'],
    [
      'a load of what was uploaded',
      load({ sourceUris: undefined, writeDisposition: 'WRITE_TRUNCATE' }),
      'local-upload',
    ],
    [
      'a CREATE that fails when its table is there',
      query('CREATE TABLE d.t AS SELECT 1', 'CREATE_TABLE_AS_SELECT'),
      'unguarded-create',
    ],
    [
      'a CREATE whose guard is only a comment',
      query('CREATE TABLE /* IF NOT EXISTS */ d.t (a INT64)', 'CREATE_TABLE'),
      'unguarded-create',
    ],
    ['a statement of a type that nobody knows', query('SELECT 1', 'BRAND_NEW'), 'statement-type-unknown'],
    [
      'DML that failed before BigQuery knew its type',
      query('DELETE d.t WHERE TRUE'),
      'statement-type-unknown',
    ],
    [
      'more than one statement of unknown type',
      query('SELECT 1; DELETE d.t WHERE TRUE'),
      'statement-type-unknown',
    ],
    [
      'a query without its text',
      { configuration: { jobType: 'QUERY', query: {} }, statistics: { query: { statementType: 'SELECT' } } },
      'no-query-text',
    ],
    ['a kind of job that nobody knows', { configuration: { jobType: 'BRAND_NEW' } }, 'type-unknown'],
    ['a job without a configuration', {}, 'no-configuration'],
  ])('%s', (_name, parts, why) => {
    expect([told(parts, false), told(parts, true)]).toEqual([why, why]);
  });
});

it('knows what to say of every statement type that BigQuery names', () => {
  const unknown = STATEMENT_TYPES.filter(
    (type) => told(query('x', type), false) === 'statement-type-unknown',
  );
  expect(unknown).toEqual([]);
});

it('says what would have it run again, and nothing of the text', () => {
  const verdict = eligibility(failed(query("INSERT d.secret VALUES ('secret')", 'INSERT')), {
    allowRepeatedWrites: false,
  });
  expect(verdict).toMatchObject({ sentence: expect.stringContaining('"allowRepeatedWrites: true"') });
  expect(JSON.stringify(verdict)).not.toContain('secret');
});
