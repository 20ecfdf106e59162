import { describe, expect, test } from 'vitest';
import { configurationHash, guardsHash, hashesOfResource } from '../../shared/retry/configuration-hash.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../shared/retry/json.ts';
import { resourceOf, sanitized, TABLE } from './failed-job.ts';

const query = { query: 'SELECT 1', useLegacySql: false, destinationTable: TABLE };
const hash = configurationHash({ query });

function parsed(text: string): JsonObject {
  const value = parseJson(text);
  if (!isJsonObject(value)) throw new Error('it is an object');
  return value;
}

describe('two that do the same have the same hash', () => {
  test.each<{ name: string; other: JsonObject }>([
    {
      name: 'in another order',
      other: { query: { destinationTable: TABLE, useLegacySql: false, query: 'SELECT 1' } },
    },
    { name: 'with labels', other: { query, labels: { team: 'a' } } },
    { name: 'with a timeout', other: { query, jobTimeoutMs: '5' } },
    { name: 'with a limit of bytes', other: { query: { ...query, maximumBytesBilled: '5' } } },
    { name: 'with a priority', other: { query: { ...query, priority: 'BATCH' } } },
  ])('$name', ({ other }) => {
    expect(configurationHash(other)).toBe(hash);
  });
  test('a number in another form', () => {
    expect(configurationHash(parsed('{"a":[1.0,12345678901234567890]}'))).toBe(
      configurationHash(parsed('{"a":[10e-1,1.234567890123456789e19]}')),
    );
  });
});

describe('two that do not have not', () => {
  test.each<{ name: string; other: JsonObject }>([
    { name: 'another text', other: { query: { ...query, query: 'SELECT 2' } } },
    { name: 'another destination', other: { query: { ...query, destinationTable: null } } },
    { name: 'something more', other: { query, reservation: 'r' } },
    { name: 'another order of a list', other: { load: { sourceUris: ['b', 'a'] } } },
    { name: 'a text for a number', other: { load: { sourceUris: ['1'] } } },
  ])('$name', ({ other }) => {
    const pair = [{ query }, { load: { sourceUris: ['a', 'b'] } }, { load: { sourceUris: [1] } }];
    expect(pair.map(configurationHash)).not.toContain(configurationHash(other));
  });
  test('a digit beyond what a double holds', () => {
    const pair = ['{"a":9007199254740992}', '{"a":9007199254740993}'].map(parsed).map(configurationHash);
    expect(pair[0]).not.toBe(pair[1]);
  });
});

describe('what guards may set', () => {
  const sent = { query: { ...query, maximumBytesBilled: '1000' }, jobTimeoutMs: '5' };

  test.each<{ name: string; one: JsonObject; other: JsonObject }>([
    { name: 'beside other work', one: sent, other: { ...sent, query: { ...sent.query, query: 'SELECT 2' } } },
    { name: 'beside labels', one: sent, other: { ...sent, labels: { team: 'a' } } },
    {
      name: 'with the priority that is taken for granted',
      one: { query },
      other: { query: { ...query, priority: 'INTERACTIVE' } },
    },
    { name: 'as a number', one: sent, other: { ...sent, jobTimeoutMs: 5 } },
    { name: 'with a timeout of none', one: { query }, other: { query, jobTimeoutMs: '0' } },
  ])('hashes the same $name', ({ one, other }) => {
    expect(guardsHash(other)).toBe(guardsHash(one));
  });

  test('hashes otherwise with each other value', () => {
    const others: readonly JsonObject[] = [
      sent,
      { ...sent, jobTimeoutMs: '6' },
      { query: sent.query },
      { ...sent, query },
      { ...sent, query: { ...query, maximumBytesBilled: '1' } },
      { ...sent, query: { ...query, maximumBytesBilled: '0' } },
      { ...sent, query: { ...sent.query, priority: 'BATCH' } },
    ];
    expect(new Set(others.map(guardsHash))).toHaveProperty('size', others.length);
  });
});

test('the hash of a resource is that of what would be inserted for it', () => {
  const resource = resourceOf({ query }, 'SELECT');
  expect(hashesOfResource(resource)).toEqual([hash]);
  const { body } = sanitized(resource, { jobTimeoutMs: 5, maximumBytesBilled: 5, priority: 'BATCH' });
  expect(hashesOfResource(body)).toEqual([hash]);
});

test('what BigQuery filled in makes no difference', () => {
  const text = { query: 'CREATE TABLE sales.orders AS SELECT 1', useLegacySql: false };
  const filledIn = { ...text, destinationTable: TABLE, writeDisposition: 'WRITE_TRUNCATE' };
  const bare = configurationHash({ query: text });
  expect(hashesOfResource(resourceOf({ query: filledIn }, 'CREATE_TABLE_AS_SELECT'))).toEqual([bare]);
});

test('while BigQuery does not tell what kind of statement it is, a job may be any of what it may turn out to be', () => {
  const text = { query: 'CREATE TABLE sales.orders AS SELECT 1', useLegacySql: false };
  const filledIn = { ...text, destinationTable: TABLE, writeDisposition: 'WRITE_TRUNCATE' };
  const hashes = hashesOfResource(resourceOf({ query: filledIn }));
  expect(hashes).toContain(configurationHash({ query: text }));
  expect(hashes).toContain(configurationHash({ query: filledIn }));
  expect(hashes).not.toContain(configurationHash({ query: { ...text, query: 'DROP TABLE sales.orders' } }));
  expect(hashesOfResource(resourceOf({ load: { sourceUris: ['a'] } }))).toHaveLength(1);
});
