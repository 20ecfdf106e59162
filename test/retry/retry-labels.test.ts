import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../shared/retry/json.ts';
import { labelKey, labelled, labelText } from '../../shared/retry/retry-labels.ts';

const origin = { projectId: 'shop', location: 'US', jobId: 'Nightly-Report_1' };
const OURS = { 'bq-watchdog-origin': 'nightly-report_1', 'bq-watchdog-attempt': '2' };

function labels(given: JsonObject, wanted: Readonly<Record<string, string>> = {}): unknown {
  const more = new Map(Object.entries(wanted));
  return labelled(given, { origin, attempt: 2, labels: more }).object['labels'];
}

function many(count: number): JsonObject {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`label${index}`, 'x']));
}

test('a retry says which job it repeats, and the how manieth time', () => {
  expect(labels({})).toEqual(OURS);
  expect(labels({ labels: { team: 'a' } })).toEqual({ team: 'a', ...OURS });
});

test("the user's labels stay, an exemption among them, and what is called as ours", () => {
  const users = { watchdog: 'exempt', 'bq-watchdog-origin': 'mine', 'bq-watchdog-attempt': '7' };
  expect(labels({ labels: users }, { watchdog: 'retry' })).toEqual(users);
});

test.each([
  { count: 64, added: [] },
  { count: 63, added: ['bq-watchdog-origin'] },
  { count: 62, added: ['bq-watchdog-origin', 'bq-watchdog-attempt'] },
  { count: 61, added: ['bq-watchdog-origin', 'bq-watchdog-attempt', 'retried'] },
])("of $count labels of the user's all stay, and ours take what is left", ({ count, added }) => {
  const after = Object.keys(Object(labels({ labels: many(count) }, { retried: 'yes' })));
  expect(after).toEqual([...Object.keys(many(count)), ...added]);
});

test('when there is no room, nothing is told to have changed', () => {
  const given = { labels: many(64) };
  expect(labelled(given, { origin, attempt: 1 })).toEqual({ object: given, changes: [] });
});

test("a policy's label is made valid", () => {
  expect(labels({}, { cost: 'Retry!', '9Ärger': 'x', '!': 'y' })).toEqual({
    cost: 'retry_',
    ...OURS,
    ärger: 'x',
  });
});

test('a label called __proto__ is a label like any other', () => {
  const given: JsonObject = JSON.parse('{"labels":{"__proto__":"x"}}');
  expect(Object.keys(Object(labels(given)))).toEqual(['__proto__', ...Object.keys(OURS)]);
});

describe('valid texts', () => {
  test.each([
    ['Airflow.dag:run', 'airflow_dag_run'],
    ['x'.repeat(64), 'x'.repeat(63)],
    ['日本'.repeat(40), `${'日本'.repeat(31)}日`],
    ['', ''],
  ])('%s', (text, expected) => {
    expect(labelText(text)).toBe(expected);
  });
  test.each([
    ['Team', 'team'],
    ['_9-team', 'team'],
    ['123', ''],
  ])('key %s', (text, expected) => {
    expect(labelKey(text)).toBe(expected);
  });
});
