import { describe, expect, test } from 'vitest';
import { type JsonObject, jsonAt, parseJson } from '../../shared/retry/json.ts';
import type { RetryGuards } from '../../shared/retry/retry-rule.ts';
import { resourceOf, sanitized, TABLE } from './failed-job.ts';

const SELECT = { query: 'SELECT 1', useLegacySql: false };

function guardedQuery(query: JsonObject, guards: RetryGuards, rest: JsonObject = {}) {
  return sanitized(resourceOf({ ...rest, query: { ...SELECT, ...query } }, 'SELECT'), guards);
}

describe('the timeout only tightens', () => {
  const guards = { jobTimeoutMs: 60_000 };
  test.each<{ name: string; own: JsonObject; expected: unknown; kind?: string }>([
    { name: 'none', own: {}, expected: '60000', kind: 'added' },
    { name: 'a longer one', own: { jobTimeoutMs: '60001' }, expected: '60000', kind: 'set' },
    { name: 'the same', own: { jobTimeoutMs: '60000' }, expected: '60000' },
    { name: 'a shorter one', own: { jobTimeoutMs: '59999' }, expected: '59999' },
    { name: 'a number', own: { jobTimeoutMs: 59_999 }, expected: 59_999 },
    { name: 'zero, which is none', own: { jobTimeoutMs: '0' }, expected: '60000', kind: 'set' },
    { name: 'nonsense', own: { jobTimeoutMs: null }, expected: '60000', kind: 'set' },
  ])('$name', ({ own, expected, kind }) => {
    const { body, changes } = guardedQuery({}, guards, own);
    expect(jsonAt(body, 'configuration', 'jobTimeoutMs')).toBe(expected);
    expect(changes.find(({ path }) => path === 'configuration.jobTimeoutMs')?.kind).toBe(kind);
  });

  test('of every kind of job', () => {
    const { body } = sanitized(resourceOf({ load: { destinationTable: TABLE } }), {
      ...guards,
      maximumBytesBilled: 5,
      priority: 'BATCH',
    });
    expect(jsonAt(body, 'configuration', 'jobTimeoutMs')).toBe('60000');
    expect(jsonAt(body, 'configuration', 'load')).toEqual({ destinationTable: TABLE });
    expect(jsonAt(body, 'configuration', 'query')).toBeUndefined();
  });
});

describe('the bytes only go down', () => {
  test.each<{ name: string; own: JsonObject; most: number; expected: unknown }>([
    { name: 'none', own: {}, most: 1_000, expected: '1000' },
    { name: 'more', own: { maximumBytesBilled: '1001' }, most: 1_000, expected: '1000' },
    { name: 'less', own: { maximumBytesBilled: '999' }, most: 1_000, expected: '999' },
    { name: 'none at all', own: { maximumBytesBilled: '0' }, most: 1_000, expected: '0' },
    {
      name: 'one more than a double tells',
      own: { maximumBytesBilled: '9007199254740993' },
      most: 9_007_199_254_740_992,
      expected: '9007199254740992',
    },
  ])('$name', ({ own, most, expected }) => {
    const { body } = guardedQuery(own, { maximumBytesBilled: most });
    expect(jsonAt(body, 'configuration', 'query', 'maximumBytesBilled')).toBe(expected);
  });

  test('a number that no double holds is compared as it is', () => {
    const own = parseJson('{"maximumBytesBilled":9007199254740993}');
    const { body } = guardedQuery(Object(own), { maximumBytesBilled: 9_007_199_254_740_992 });
    expect(jsonAt(body, 'configuration', 'query', 'maximumBytesBilled')).toBe('9007199254740992');
  });
});

test('the priority becomes BATCH', () => {
  const { body, changes } = guardedQuery({ priority: 'INTERACTIVE' }, { priority: 'BATCH' });
  expect(jsonAt(body, 'configuration', 'query', 'priority')).toBe('BATCH');
  expect(changes).toContainEqual(
    expect.objectContaining({ path: 'configuration.query.priority', kind: 'set' }),
  );
});

test('without guards what the job has itself stays', () => {
  const own = { maximumBytesBilled: '5', priority: 'INTERACTIVE' };
  const { body, changes } = guardedQuery(own, {}, { jobTimeoutMs: '7' });
  expect(jsonAt(body, 'configuration')).toMatchObject({ jobTimeoutMs: '7', query: own });
  expect(changes.filter(({ path }) => /timeout|bytes|priority/i.test(path))).toEqual([]);
});
