import { describe, expect, test } from 'vitest';
import { configurationHash } from '../../shared/retry/configuration-hash.ts';
import { isJsonObject, type JsonObject, jsonAt, parseJson } from '../../shared/retry/json.ts';
import { type SanitizedJob, type SanitizeRequest, sanitize } from '../../shared/retry/sanitize.ts';
import { NOW_MS, resourceOf, sanitized, TABLE } from './failed-job.ts';

const ANONYMOUS = { projectId: 'shop', datasetId: `_${'0a'.repeat(20)}`, tableId: 'anon12ab_34' };
const BOTH = { createDisposition: 'CREATE_IF_NEEDED', writeDisposition: 'WRITE_TRUNCATE' };
const USERS = { createDisposition: 'CREATE_NEVER', writeDisposition: 'WRITE_APPEND' };
const SELECT = { query: 'SELECT secret FROM t', useLegacySql: false };

function query(fields: JsonObject, statementType?: string, beside: JsonObject = {}): JsonObject {
  return resourceOf({ ...beside, query: { ...SELECT, ...fields } }, statementType);
}

/** What is left of the query's fields, without the text. */
function kept({ body }: SanitizedJob): string[] {
  const part = jsonAt(body, 'configuration', 'query');
  return Object.keys(isJsonObject(part) ? part : {}).filter((field) => !(field in SELECT));
}

describe('destination and dispositions', () => {
  const named = { destinationTable: TABLE, ...USERS };
  const anonymous = { destinationTable: ANONYMOUS, ...BOTH };
  const scripted = { destinationTable: { ...ANONYMOUS, datasetId: `_script${'ab'.repeat(20)}` }, ...BOTH };
  const hidden = { destinationTable: { ...TABLE, datasetId: '_0a', tableId: 'anonymous_users' }, ...USERS };
  const scripts = { destinationTable: { ...TABLE, datasetId: '_scripts', tableId: 'anonymized' }, ...USERS };
  const all = Object.keys(named);
  test.each<{ name: string; given: JsonObject; type?: string; left: string[] }>([
    { name: 'a SELECT with a named destination keeps all', given: named, type: 'SELECT', left: all },
    { name: 'a SELECT into an anonymous one keeps none', given: anonymous, type: 'SELECT', left: [] },
    { name: "a script's SELECT keeps none", given: scripted, type: 'SELECT', left: [] },
    { name: "a user's hidden dataset is no anonymous one", given: hidden, type: 'SELECT', left: all },
    { name: "nor is a user's hidden dataset of scripts", given: scripts, type: 'SELECT', left: all },
    { name: 'without a statement type an anonymous one goes', given: anonymous, left: [] },
    { name: 'without a statement type the text tells a SELECT', given: named, left: all },
    { name: 'without a statement type bare dispositions go', given: { ...BOTH, query: 'GO' }, left: [] },
    {
      name: 'legacy SQL without a statement type is a SELECT',
      given: { ...named, query: 'GO', useLegacySql: true },
      left: all,
    },
    ...[
      ...['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'TRUNCATE_TABLE'],
      ...[
        'CREATE_TABLE',
        'CREATE_TABLE_AS_SELECT',
        'CREATE_VIEW',
        'CREATE_MODEL',
        'DROP_TABLE',
        'ALTER_TABLE',
      ],
      ...['EXPORT_DATA', 'LOAD_DATA', 'CALL', 'SCRIPT', 'ASSERT', 'SOMETHING_NEW'],
    ].flatMap((type) => [
      { name: `${type} keeps none that is named`, given: named, type, left: [] },
      { name: `${type} keeps none that is anonymous`, given: anonymous, type, left: [] },
    ]),
  ])('$name', ({ given, type, left }) => {
    const result = sanitized(query(given, type));
    expect(kept(result)).toEqual(left);
    const gone = Object.keys(given).filter((field) => !(field in SELECT || left.includes(field)));
    const told = result.changes.filter(({ kind }) => kind === 'removed').map(({ path }) => path);
    expect(told.filter((path) => path.startsWith('configuration.query')).toSorted()).toEqual(
      gone.map((field) => `configuration.query.${field}`).toSorted(),
    );
  });

  test.each(['GO', 'INSERT INTO t SELECT 1', 'SELECT 1; SELECT 2'])(
    'a named one is refused while nothing tells what the statement is: %s',
    (text) => {
      const result = sanitize(request(query({ ...named, query: text })));
      expect(result).toMatchObject({ why: 'statement-type-unknown' });
    },
  );
});

describe('what else a statement may carry', () => {
  const tables = {
    clustering: { fields: ['day'] },
    timePartitioning: { type: 'DAY' },
    rangePartitioning: { field: 'id' },
    schemaUpdateOptions: ['ALLOW_FIELD_ADDITION'],
    userDefinedFunctionResources: [{ inlineCode: 'f' }],
    destinationEncryptionConfiguration: { kmsKeyName: 'key' },
  };
  const others = { scriptOptions: { keyResultStatement: 'LAST' }, parameterMode: 'NAMED' };
  test.each([
    { type: 'SCRIPT', left: Object.keys(others) },
    { type: 'CALL', left: Object.keys(others) },
    { type: 'SELECT', left: Object.keys({ ...tables, ...others }) },
    { type: 'CREATE_TABLE_AS_SELECT', left: Object.keys({ ...tables, ...others }) },
  ])('$type', ({ type, left }) => {
    expect(kept(sanitized(query({ ...tables, ...others }, type)))).toEqual(left);
  });

  test('what has children is a script, though nothing else says so', () => {
    const given = query({ ...tables, destinationTable: TABLE });
    const result = sanitized({ ...given, statistics: { numChildJobs: '2' } });
    expect(kept(result)).toEqual([]);
  });
});

describe('other jobs', () => {
  const load = { destinationTable: TABLE, sourceUris: ['gs://b/x'], ...USERS, createSession: false };
  const copy = { sourceTables: [TABLE], destinationTable: TABLE, ...USERS };
  const extract = { sourceTable: TABLE, destinationUris: ['gs://b/y'] };
  test.each<{ part: string; given: JsonObject; expected: JsonObject }>([
    { part: 'load', given: load, expected: load },
    { part: 'copy', given: copy, expected: copy },
    { part: 'copy', given: { ...copy, sourceTable: TABLE }, expected: copy },
    { part: 'extract', given: extract, expected: extract },
    { part: 'extract', given: { ...extract, destinationUri: 'gs://b/y' }, expected: extract },
  ])('a $part keeps what the user set', ({ part, given, expected }) => {
    const { body } = sanitized(resourceOf({ [part]: given }));
    expect(jsonAt(body, 'configuration', part)).toEqual(expected);
    expect(jsonAt(body, 'configuration', 'jobType')).toBeUndefined();
  });
});

test('the new job has the new id, in the project and location of the one it repeats', () => {
  const { body } = sanitized(query({}, 'SELECT'));
  expect(body['jobReference']).toEqual({ projectId: 'shop', location: 'EU', jobId: 'root_wdr1_0' });
  expect(Object.keys(body)).toEqual(['jobReference', 'configuration']);
});

test('fields that we do not know stay, and numbers that no double holds', () => {
  const text =
    '{"jobReference":{"shard":7},"novelty":[1],"configuration":{"maxSlots":"9007199254740993","query":{"query":"SELECT 1","future":{"id":12345678901234567890,"__proto__":{"x":1.50}}}},"statistics":{"query":{"statementType":"SELECT"}}}';
  const resource = parseJson(text);
  if (!isJsonObject(resource)) throw new Error('it is an object');
  const { body } = sanitized(resource);
  const sent = JSON.stringify(body);
  expect(sent).toContain('"future":{"id":12345678901234567890,"__proto__":{"x":1.5}}');
  expect(sent).toContain('"maxSlots":"9007199254740993"');
  expect(sent).toContain('"shard":7');
  expect(sent).toContain('"novelty":[1]');
});

test('nothing is changed in what was given', () => {
  const given = query({ destinationTable: ANONYMOUS }, 'SELECT');
  const before = structuredClone(given);
  sanitized(given);
  expect(given).toEqual(before);
});

test('neither changes nor refusals tell anything of the job', () => {
  const given = query(
    {
      destinationTable: ANONYMOUS,
      tableDefinitions: { secret: { hivePartitioningOptions: { fields: [] } } },
    },
    'SELECT',
  );
  const told = JSON.stringify([
    sanitized(given).changes,
    sanitize(request(query({ connectionProperties: [{ key: 'session_id', value: 'secret' }] }))),
  ]);
  expect(told).toContain('tableDefinitions{}.hivePartitioningOptions.fields');
  expect(told).not.toContain('secret');
});

describe('refused', () => {
  const session = [{ key: 'session_id', value: 'a' }];
  const account = [{ key: 'service_account', value: 'a@b' }];
  test.each<{ name: string; resource: JsonObject; why: string }>([
    { name: 'a job that makes a session', resource: query({ createSession: true }), why: 'session' },
    {
      name: 'a query inside a session',
      resource: query({ connectionProperties: session }),
      why: 'session',
    },
    {
      name: 'a load inside a session',
      resource: resourceOf({ load: { destinationTable: TABLE, connectionProperties: session } }),
      why: 'session',
    },
    {
      name: 'a configuration that names an account',
      resource: query({ connectionProperties: account }),
      why: 'names-an-account',
    },
    { name: 'no configuration', resource: {}, why: 'no-configuration' },
    { name: 'none of the four', resource: resourceOf({ labels: {} }), why: 'no-configuration' },
    ...['EXTRACT', 'COPY', 'LOAD', 'EXPORT'].map((jobType) => ({
      name: `a query that is told to be of type ${jobType}`,
      resource: query({}, 'INSERT', { jobType }),
      why: 'no-configuration',
    })),
    {
      name: 'a load that is told to be an extract',
      resource: resourceOf({ jobType: 'EXTRACT', load: { sourceUris: ['gs://b/x'] } }),
      why: 'no-configuration',
    },
    {
      name: 'a session under a name in capitals',
      resource: query({ connectionProperties: [{ key: 'SESSION_ID', value: 'a' }] }),
      why: 'session',
    },
    ...[{ key: 'session_id' }, ['session_id'], [{ key: ['session_id'] }]].map((connectionProperties) => ({
      name: `connection properties that cannot be read: ${JSON.stringify(connectionProperties)}`,
      resource: query({ connectionProperties }),
      why: 'no-configuration',
    })),
    {
      name: 'a disposition that cannot be read',
      resource: query({ destinationTable: TABLE, writeDisposition: ['WRITE_APPEND'] }, 'SELECT'),
      why: 'no-configuration',
    },
    { name: 'two of the four', resource: resourceOf({ query: {}, copy: {} }), why: 'no-configuration' },
  ])('$name', ({ resource, why }) => {
    expect(sanitize(request(resource))).toMatchObject({ kind: 'refused', why });
  });

  test.each(['', 'a.b', 'x'.repeat(1_025)])('an id that is none: %j', (attemptId) => {
    expect(sanitize({ ...request(query({})), attemptId })).toMatchObject({ why: 'id-too-long' });
  });

  test.each(['QUERY', 'query', 'BRAND_NEW', '', 'JOB_TYPE_UNSPECIFIED'])(
    'not a query whose type says nothing else: %j',
    (jobType) => {
      expect(sanitize(request(query({}, 'SELECT', { jobType })))).toMatchObject({ kind: 'sanitized' });
    },
  );

  test('other connection properties stay', () => {
    const connectionProperties = [{ key: 'time_zone', value: 'Europe/Berlin' }];
    expect(kept(sanitized(query({ connectionProperties, createSession: false })))).toEqual([
      'connectionProperties',
      'createSession',
    ]);
  });
});

test('an attempt that ran and is sanitized again does the same', () => {
  const first = sanitized(query({ destinationTable: TABLE, ...USERS }, 'SELECT'));
  const configuration = jsonAt(first.body, 'configuration');
  if (!isJsonObject(configuration)) throw new Error('it has a configuration');
  const second = sanitized(resourceOf(configuration, 'SELECT'));
  expect(jsonAt(second.body, 'configuration')).toEqual(configuration);
  expect(configurationHash(configuration)).toMatch(/^[0-9a-f]{64}$/);
});

function request(resource: JsonObject): SanitizeRequest {
  const origin = { projectId: 'shop', location: 'EU', jobId: 'root' };
  return { resource, attemptId: 'root_wdr1_0', origin, attempt: 1, guards: {}, nowMs: NOW_MS };
}
