import { describe, expect, it, test } from 'vitest';
import type { PurgePolicy } from '../../shared/policy/policy.ts';
import { readPolicies } from '../../shared/policy/read-policies.ts';
import { withMode } from '../../shared/policy/with-mode.ts';
import { brief, faultsOf } from './faults-of.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A file of one policy with these keys. */
function file(own: string): string {
  return `version: 1\npolicies:\n  - { name: a, ${own} }\n`;
}

function policy(own: string): PurgePolicy {
  const { cancel, retry, purge } = readPolicies(file(own), 'f').policies;
  const [only] = purge;
  if (only === undefined || purge.length + cancel.length + retry.length > 1) throw new Error('not one purge');
  return only;
}

const CARDS = 'sensitive: { detectors: creditCard }';

describe('a purge', () => {
  it('of no keys has every default', () => {
    expect(policy(`${CARDS}, purge: {}`)).toEqual({
      name: 'a',
      mode: 'observe',
      match: {},
      excepts: [],
      rule: {
        sensitive: { detectors: ['creditCard'], patterns: [] },
        afterMs: 15 * MINUTE_MS,
        afterFailureMs: DAY_MS,
      },
      breaker: { acts: 50, perMs: HOUR_MS, share: 0.2 },
    });
  });

  it('of all keys has each as it is written', () => {
    const { rule, mode, match, excepts, breaker } = policy(
      `mode: enforce, breaker: { acts: 7 }, match: { projects: p }, except: { principals: x@y.z },
       sensitive: { detectors: [email, credentials], patterns: { customerId: 'CUST-[0-9]{8}' },
         labels: { sensitivity: "restr*" }, principals: "*@HR.example.com", datasets: ["hr_*", other.hr], tables: crm.x },
       purge: { after: 0s, afterFailure: 180d, history: { acts: 500, per: 12h, quota: 5% } }`,
    );
    const { detectors, patterns, labels, ...keys } = rule.sensitive;
    expect(detectors.toSorted()).toEqual(['credentials', 'email']);
    expect(patterns.map(({ name }) => name)).toEqual(['customerId']);
    expect(patterns[0]?.finds({ text: 'CUST-00000001', isSql: false })).toBe(true);
    expect(labels?.get('sensitivity')?.matches('restricted')).toBe(true);
    expect(keys.principals?.[0]?.matches('ann@hr.EXAMPLE.com')).toBe(true);
    expect([keys.datasets, keys.tables].map((globs) => globs?.map(({ text }) => text))).toEqual([
      ['hr_*', 'other.hr'],
      ['crm.x'],
    ]);
    expect(rule).toMatchObject({
      afterMs: 0,
      afterFailureMs: 180 * DAY_MS,
      history: { acts: 500, perMs: 12 * HOUR_MS, quotaShare: 0.05 },
    });
    expect({
      mode,
      breaker: breaker.acts,
      projects: match.projects?.length,
      excepts: excepts.length,
    }).toEqual({
      mode: 'enforce',
      breaker: 7,
      projects: 1,
      excepts: 1,
    });
  });

  it('has a budget of the past with what it does not say', () => {
    expect(policy(`${CARDS}, purge: { history: { acts: 1 } }`).rule.history).toEqual({
      acts: 1,
      perMs: DAY_MS,
      quotaShare: 0.2,
    });
  });

  test.each(['0', '0s', '"0.0 min"', '0d'])('may wait for nothing, written %s', (after) => {
    expect(policy(`${CARDS}, purge: { after: ${after} }`).rule.afterMs).toBe(0);
  });

  it('may have its mode set from outside', () => {
    const { policies } = readPolicies(file(`${CARDS}, purge: {}`), 'f');
    expect(withMode(policies, 'enforce').purge.map(({ mode }) => mode)).toEqual(['enforce']);
  });

  it('stands beside policies of other verbs, each in its own part', () => {
    const text = `${file(`${CARDS}, purge: {}`)}  - { name: b, limit: { runtime: 1m }, action: cancel }
  - { name: c, match: { principals: e@p.iam.gserviceaccount.com }, retry: {} }\n`;
    const { cancel, retry, purge } = readPolicies(text, 'f').policies;
    expect([cancel, retry, purge].map((part) => part.map(({ name }) => name))).toEqual([['b'], ['c'], ['a']]);
  });

  it('is set aside whole with what this version does not carry out', () => {
    expect(readPolicies(file(`when: x, ${CARDS}, purge: {}`), 'f').policies.purge).toEqual([]);
  });
});

describe('is refused', () => {
  test.each<[string, string, ...string[]]>([
    [
      'without a sensitive',
      'purge: {}',
      '3:16 policy "a" has a "purge" and does not say which jobs are sensitive',
    ],
    ['without a purge', CARDS, '3:16 policy "a" says which jobs are sensitive and has no "purge"'],
    [
      'beside an action and a limit',
      `${CARDS}, purge: {}, action: alert, limit: { runtime: 1m }`,
      '3:65 policy "a" has "action" beside "purge": one is about jobs that run, the other about jobs that ended',
      '3:80 policy "a" has "limit" beside "purge": one is about jobs that run, the other about jobs that ended',
    ],
    [
      'beside a retry, whose own faults are told, too',
      `${CARDS}, purge: {}, match: { principals: e@p.iam.gserviceaccount.com }, retry: {}, action: alert`,
      '3:117 policy "a" has "retry" beside "purge": one runs jobs again, the other deletes them',
      '3:128 policy "a" has "action" beside "retry": one is about jobs that run, the other about jobs that failed',
    ],
    ['with an empty sensitive', 'sensitive: {}, purge: {}', '3:16 policy "a" has an empty "sensitive"'],
    [
      'with a detector that there is not',
      'sensitive: { detectors: [creditcrd] }, purge: {}',
      '3:41 sensitive.detectors of policy "a": "creditcrd" is none of the words allowed here',
    ],
    [
      'with a pattern that is none',
      "sensitive: { patterns: { x: 'a(b', y: 'a*' } }, purge: {}",
      '3:44 sensitive.patterns.x of policy "a": "a(b" cannot be used: missing closing )',
      '3:54 sensitive.patterns.y of policy "a": "a*" cannot be used: it matches the empty text, and so every text',
    ],
    [
      'with a pattern that tells where it is wrong',
      "sensitive: { patterns: { x: 'ab(?<=c)d' } }, purge: {}",
      '3:44 sensitive.patterns.x of policy "a": "ab(?<=c)d" cannot be used: invalid named capture at "(?<=c)d"',
    ],
    [
      'with a pattern that has the name of a detector',
      'sensitive: { patterns: { email: x, labels: x, "1x": x, y: 5 } }, purge: {}',
      '3:48 sensitive.patterns.email of policy "a": "x" has the name of a detector that is built in',
      '3:59 sensitive.patterns.labels of policy "a": "x" has the name of a key of "sensitive", which findings call by it',
      '3:68 sensitive.patterns.1x of policy "a": "x" has a name that no detector can have',
      '3:74 sensitive.patterns.y of policy "a": 5 is no text',
    ],
    [
      'with patterns that are none',
      'sensitive: { patterns: [x], labels: {} }, purge: {}',
      '3:39 sensitive.patterns of policy "a": a list is no map',
      '3:52 sensitive.labels of policy "a": {} is an empty map, which asks nothing',
    ],
    [
      'with no patterns',
      'sensitive: { patterns: {} }, purge: {}',
      '3:39 sensitive.patterns of policy "a": {} is an empty map, which finds nothing',
    ],
    [
      'with a wait that outlasts the job',
      `${CARDS}, purge: { after: 180d1ms, afterFailure: 181d }`,
      '3:70 purge.after of policy "a": "180d1ms" is longer than BigQuery keeps a job',
      '3:93 purge.afterFailure of policy "a": "181d" is longer than BigQuery keeps a job',
    ],
    [
      'with a wait that is negative',
      `${CARDS}, purge: { after: -1m }`,
      '3:70 purge.after of policy "a": "-1m" is negative; a duration must be above zero',
    ],
    [
      'with a history without acts',
      `${CARDS}, purge: { history: { per: 1h } }`,
      '3:63 policy "a" has a "history" without "acts": how many jobs of the past may be purged',
    ],
    [
      'with a history of nothing',
      `${CARDS}, purge: { history: { acts: 0, quota: 101% } }`,
      '3:80 purge.history.acts of policy "a": 0 is no number of acts',
      '3:90 purge.history.quota of policy "a": "101%" is more than all',
    ],
    [
      'with unknown keys, each in its map',
      `sensitive: { detector: email }, purge: { afer: 1m, history: { act: 1 } }`,
      '3:29 unknown key "detector" in sensitive of policy "a"',
      '3:57 unknown key "afer" in purge of policy "a"',
      '3:78 unknown key "act" in purge.history of policy "a"',
    ],
    [
      'when everybody is sensitive, and no match narrows it',
      `sensitive: { principals: "*@*" }, match: { dryRun: false }, purge: {}`,
      '3:29 policy "a" takes every job for sensitive and would purge it: its "principals" are everybody, and no match narrows it',
    ],
    [
      'when every table is sensitive, and no match narrows it',
      'sensitive: { datasets: ["hr", "*"], tables: "*.*.*" }, purge: {}',
      '3:29 policy "a" takes every job with a table for sensitive and would purge it: its "datasets" are all there are, and no match narrows it',
      '3:52 policy "a" takes every job with a table for sensitive and would purge it: its "tables" are all there are, and no match narrows it',
    ],
    [
      'when a pattern finds something in any query, and no match narrows it',
      `sensitive: { patterns: { any: ".", word: "select", card: "[0-9]{16}" } }, purge: {}`,
      '3:41 policy "a" takes nearly every job for sensitive and would purge it: its pattern "any" finds something in "SELECT 1", and no match narrows it',
      '3:51 policy "a" takes nearly every job for sensitive and would purge it: its pattern "word" finds something in "select 1", and no match narrows it',
    ],
    [
      'with a pattern that takes too long',
      'sensitive: { patterns: { long: "a[a-z ]{1,900}[0-9]" } }, purge: {}',
      '3:47 sensitive.patterns.long of policy "a": "a[a-z ]{1,900}[0-9]" cannot be used: it has 1803 steps, and at most 256 are allowed: write lower counts, or such as {8,} for {8,900}',
    ],
    ['with no map', `${CARDS}, purge: 15m`, '3:61 purge of policy "a": "15m" is no map of keys'],
  ])('%s', (_name, own, ...expected) => {
    expect(faultsOf(file(own)).map(brief)).toEqual(expected);
  });

  test.each([
    [`${CARDS}, purge: 15m`, 'purge: { after: 15m }'],
    ['sensitive: { detectors: [creditcrd] }, purge: {}', 'creditCard'],
    [`${CARDS}, purge: { afer: 1m }`, 'after'],
    [`${CARDS}, purge: { history: { act: 1 } }`, 'acts'],
  ])('%s, with what was meant', (own, nearest) => {
    expect(faultsOf(file(own)).map((fault) => fault.nearest)).toEqual([nearest]);
  });

  test('without a verb, with all that there are', () => {
    expect(faultsOf(file('match: { projects: p }')).map(({ allowed }) => allowed)).toEqual([
      'alert, cancel; or a "retry" or a "purge" instead',
    ]);
  });
});

describe('is warned of', () => {
  const warnings = (own: string, more = '') =>
    readPolicies(file(own) + more, 'f').warnings.map(({ column, message }) => `${column} ${message}`);

  test.each<[string, string, ...string[]]>([
    [
      'everybody, where a match narrows it, is fine',
      'match: { projects: hr }, sensitive: { principals: "*", datasets: "*", tables: "*", patterns: { any: . } }, purge: {}',
    ],
    [
      'words that no job can have',
      'sensitive: { principals: ["user:ann@x.com"], datasets: ["p:ds", "a,b", p.ds.t, hr, "*:p.hr"], tables: [people, p.ds.t], labels: { A: b } }, purge: {}',
      '42 sensitive of policy "a": "user:ann@x.com" begins as a member of an IAM policy does, and a principal is the address alone; it finds nothing',
      '72 sensitive of policy "a": "p:ds" holds a colon, and a project ends with a dot here; it finds nothing',
      '80 sensitive of policy "a": "a,b" holds a comma or a space, which no dataset is named with; it finds nothing',
      '87 sensitive of policy "a": "p.ds.t" has more parts than project.dataset; it finds nothing',
      '119 sensitive of policy "a": "people" is no dataset.table and no pattern; it finds nothing',
      '149 sensitive of policy "a": no label can hold "A": capital letters, or over 63 characters; it finds nothing',
    ],
    [
      'a share, by which nothing is weighed',
      `${CARDS}, purge: {}, breaker: { share: 10% }`,
      '76 policy "a" has a "share", by which only cancels are weighed: its "acts" alone bound what is purged',
    ],
    [
      'an except made of labels alone',
      `${CARDS}, purge: {}, except: { labels: { keep: x } }`,
      '73 policy "a" exempts by labels alone, and any user can set a label: name principals or projects beside them',
    ],
  ])('%s', (_name, own, ...expected) => {
    expect(warnings(own)).toEqual(expected);
  });

  const again = (match: string, deadline = '6h') =>
    `  - { name: b, match: { principals: "etl@p.iam.gserviceaccount.com"${match} }, retry: { deadline: ${deadline} } }\n`;
  const TOLD = (column: number, own: string, deadline: string) =>
    `${column} policy "a" would purge failed jobs ${own} after their end ("afterFailure"), and "b" may run some again for ${deadline} ("deadline"): those are purged only after that`;

  test.each<[string, string, string, ...string[]]>([
    [
      'a failure purged before its retries end',
      `${CARDS}, purge: { afterFailure: 1h }`,
      again(''),
      TOLD(63, '1 h', '6 h'),
    ],
    [
      'the usual wait beside a deadline of days',
      `${CARDS}, purge: {}`,
      again('', '2d'),
      TOLD(61, '24 h', '48 h'),
    ],
    ['a wait as long as the deadline is fine', `${CARDS}, purge: { afterFailure: 6h }`, again('')],
    [
      'so are other projects',
      `match: { projects: q }, ${CARDS}, purge: { afterFailure: 1h }`,
      again(', projects: p'),
    ],
    [
      'so are other people',
      `match: { principals: "*@example.com" }, ${CARDS}, purge: { afterFailure: 1h }`,
      again(''),
    ],
    [
      'so are other locations',
      `match: { locations: [eu] }, ${CARDS}, purge: { afterFailure: 1h }`,
      again(', locations: region-us'),
    ],
    [
      'but not patterns that may meet',
      `match: { principals: "*@*", projects: "p-*", jobTypes: [QUERY, LOAD] }, ${CARDS}, purge: { afterFailure: 1h }`,
      again(', projects: "*-x", jobTypes: LOAD'),
      TOLD(135, '1 h', '6 h'),
    ],
  ])('%s', (_name, own, more, ...expected) => {
    expect(warnings(own, more)).toEqual(expected);
  });
});
