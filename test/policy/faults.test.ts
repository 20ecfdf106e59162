import { describe, expect, it, test } from 'vitest';
import { faultsOf } from './faults-of.ts';

interface Case {
  readonly name: string;
  /** The lines of one policy, or with `version` of a file. */
  readonly text: string;
  readonly expected: object;
}

/** A fault is expected on the first line of `text` after `- name: a`, which is line 4. */
function file(policy: string): string {
  return `version: 1\npolicies:\n  - name: a\n${policy.replace(/^/gm, '    ')}\n`;
}

const GOOD = 'limit: { runtime: 5m }\naction: alert';

const IN_POLICY: readonly Case[] = [
  {
    name: 'an unknown key',
    text: `macth: {}\n${GOOD}`,
    expected: {
      column: 5,
      length: 5,
      message: 'unknown key "macth" in policy "a"',
      value: 'macth',
      nearest: 'match',
    },
  },
  {
    name: 'a cancel by a projection',
    text: 'limit: { projectedCost: 5 USD }\naction: cancel\nmatch: { locations: EU }',
    expected: {
      column: 14,
      message:
        'policy "a" would cancel by "limit.projectedCost": nothing is cancelled by a projection; cancel by "cost", and put this into a policy that alerts',
      allowed: 'action: alert',
    },
  },
  {
    name: 'a basis without a cost',
    text: 'limit: { basis: estimate }\naction: alert',
    expected: { column: 14, message: 'policy "a" has a "basis" without the "cost" that it is the basis of' },
  },
  {
    name: 'a basis that there is not',
    text: 'limit: { cost: 5 USD, basis: estimat }\naction: alert\nmatch: { locations: EU }',
    expected: { column: 34, allowed: 'estimate', nearest: 'estimate' },
  },
  {
    name: 'money of another country',
    text: 'limit: { cost: 5 EUR, basis: estimate }\naction: alert',
    expected: { column: 20, message: expect.stringContaining('"EUR", and prices are in USD') },
  },
  {
    name: 'an unknown key that JavaScript knows',
    text: `__proto__: {}\n${GOOD}`,
    expected: { column: 5, message: 'unknown key "__proto__" in policy "a"' },
  },
  {
    name: 'an unknown key of a match',
    text: `match: { principal: x@y.z }\n${GOOD}`,
    expected: {
      column: 14,
      message: 'unknown key "principal" in match of policy "a"',
      nearest: 'principals',
    },
  },
  {
    name: 'a word in the wrong case',
    text: `match: { jobTypes: [LOAD, query] }\n${GOOD}`,
    expected: {
      column: 31,
      message: 'match.jobTypes of policy "a": "query" is none of the words allowed here',
      allowed: 'QUERY, LOAD, EXTRACT, COPY',
      nearest: 'QUERY',
    },
  },
  {
    name: 'a single word where a list may stand',
    text: `match: { priority: BATCHES }\n${GOOD}`,
    expected: { column: 24, message: expect.stringContaining('"BATCHES" is none'), nearest: 'BATCH' },
  },
  {
    name: 'an empty list',
    text: `match: { principals: [] }\n${GOOD}`,
    expected: {
      column: 26,
      message: 'match.principals of policy "a": [] is an empty list, which nothing can match',
    },
  },
  {
    name: 'labels without a pair',
    text: `except: { principals: x@y.z, labels: {} }\n${GOOD}`,
    expected: { column: 42, message: 'except.labels of policy "a": {} is an empty map, which asks nothing' },
  },
  {
    name: 'a label that YAML reads as a number',
    text: `match: { labels: { team: 007 } }\n${GOOD}`,
    expected: {
      column: 30,
      message: 'match.labels.team of policy "a": 7 is no text',
      nearest: '"7", in quotes',
    },
  },
  {
    name: 'a location with a star',
    text: `match: { locations: europe-* }\n${GOOD}`,
    expected: { column: 25, message: 'match.locations of policy "a": "europe-*" is no location' },
  },
  {
    name: 'a statement type in lower case',
    text: `match: { statementTypes: select }\n${GOOD}`,
    expected: {
      column: 30,
      message: expect.stringContaining('"select" is no statement type'),
      nearest: 'SELECT',
    },
  },
  {
    name: 'a key without a value',
    text: `match:\n${GOOD}`,
    expected: { message: 'match of policy "a": an empty value is no map of keys' },
  },
  {
    name: 'an except that exempts every job',
    text: `except: { principals: "*" }\n${GOOD}`,
    expected: {
      column: 13,
      message: 'policy "a" has an "except" that exempts every job: it could never fire',
    },
  },
  {
    name: 'an except that asks nothing',
    text: `except: [{ projects: x }, {}]\n${GOOD}`,
    expected: { column: 31, message: expect.stringContaining('exempts every job') },
  },
  {
    name: 'a negative limit',
    text: 'limit: { runtime: -5m }\naction: alert',
    expected: {
      column: 23,
      message: 'limit.runtime of policy "a": "-5m" is negative; a duration must be above zero',
    },
  },
  {
    name: 'a limit of zero',
    text: 'limit: { estimatedBytes: 0 TiB }\naction: alert',
    expected: { column: 30, message: expect.stringContaining('"0 TiB" is zero') },
  },
  {
    name: 'a limit without a unit',
    text: 'limit: { runtime: 30 }\naction: alert',
    expected: {
      column: 23,
      value: '30',
      message: expect.stringContaining('its unit is missing'),
      allowed: expect.stringContaining('30m'),
    },
  },
  {
    name: 'a size where a duration is wanted',
    text: 'limit: { slotTime: 10 TiB }\naction: alert',
    expected: {
      column: 24,
      message: 'limit.slotTime of policy "a": "10 TiB" has the unit "TiB", which is none',
    },
  },
  {
    name: 'a map where an amount is wanted, with a key that JavaScript would call',
    text: 'limit: { slotTime: { toString: 1 } }\naction: alert',
    expected: { column: 24, message: 'limit.slotTime of policy "a": a map is no duration' },
  },
  {
    name: 'an unknown limit',
    text: 'limit: { runtme: 5m }\naction: alert',
    expected: { column: 14, message: 'unknown key "runtme" in limit of policy "a"', nearest: 'runtime' },
  },
  {
    name: 'warnAt without a limit',
    text: 'limit: { warnAt: 80% }\naction: alert',
    expected: {
      column: 5,
      message: 'policy "a" has a "warnAt" without a limit to warn of',
      allowed: expect.stringContaining('runtime, pending, slotTime, averageSlots'),
    },
  },
  {
    name: 'warnAt at the limit',
    text: 'limit: { runtime: 5m, warnAt: 100% }\naction: alert',
    expected: { column: 35, message: 'limit.warnAt of policy "a": "100%" is all of the limit' },
  },
  {
    name: 'warnAt as a part of one',
    text: 'limit: { runtime: 5m, warnAt: 0.8 }\naction: alert',
    expected: { column: 35, value: '0.8', nearest: '80%' },
  },
  {
    name: 'warnAt beyond the limit',
    text: 'limit: { runtime: 5m, warnAt: 120% }\naction: alert',
    expected: { column: 35, allowed: 'a percentage above 0% and below 100%, such as 80%' },
  },
  {
    name: 'a limit that is no map',
    text: 'limit: 30m\naction: alert',
    expected: {
      column: 12,
      message: 'limit of policy "a": "30m" is no map of keys',
      allowed: 'a map of keys, such as limit: { runtime: 30m }',
      nearest: 'limit: { runtime: 30m }',
    },
  },
  {
    name: 'a match that is no map',
    text: `match: everything\n${GOOD}`,
    expected: { column: 12, allowed: 'a map of keys, such as match: { jobTypes: QUERY }' },
  },
  {
    name: 'a flag that YAML reads as text',
    text: `match: { dryRun: yes }\n${GOOD}`,
    expected: {
      column: 22,
      message: 'match.dryRun of policy "a": "yes" is neither true nor false',
      allowed: 'true, false',
      nearest: 'true',
    },
  },
  {
    name: 'a mode that is switched on',
    text: `mode: on\n${GOOD}`,
    expected: { column: 11, allowed: 'enforce, observe', nearest: 'enforce' },
  },
  {
    name: 'a mode that is false',
    text: `mode: false\n${GOOD}`,
    expected: { column: 11, allowed: 'enforce, observe', nearest: 'observe' },
  },
  {
    name: 'an empty limit',
    text: 'limit: {}\naction: alert',
    expected: { message: 'policy "a" has an empty "limit"' },
  },
  {
    name: 'an unknown action',
    text: 'limit: { runtime: 5m }\naction: cancle',
    expected: { line: 5, column: 13, nearest: 'cancel', allowed: 'alert, cancel' },
  },
  {
    name: 'a breaker that would never let anything through',
    text: `breaker: { acts: 0 }\n${GOOD}`,
    expected: { column: 22, message: 'breaker.acts of policy "a": 0 is no number of acts' },
  },
  {
    name: 'a share beyond all',
    text: `breaker: { share: 120% }\n${GOOD}`,
    expected: { column: 23, message: 'breaker.share of policy "a": "120%" is more than all' },
  },
];

describe('each fault of a policy stands alone, with its place, what is allowed and what was meant', () => {
  test.each(IN_POLICY)('$name', ({ text, expected }) => {
    expect(faultsOf(file(text))).toEqual([
      expect.objectContaining({ severity: 'fault', line: 4, ...expected }),
    ]);
  });
});

const IN_FILE: readonly Case[] = [
  {
    name: 'no version',
    text: 'policies: []',
    expected: { line: 1, column: 1, message: 'the file has no "version"', allowed: '1' },
  },
  {
    name: 'another version',
    text: 'version: 2\npolicies: []',
    expected: { line: 1, column: 10, message: 'version: 2 must be 1' },
  },
  {
    name: 'no policies',
    text: 'version: 1',
    expected: { line: 1, column: 1, message: 'the file has no "policies"' },
  },
  {
    name: 'a misspelt mode',
    text: 'version: 1\nmode: enforced\npolicies: []',
    expected: {
      line: 2,
      column: 7,
      message: 'mode: "enforced" is none of the words allowed here',
      nearest: 'enforce',
    },
  },
  {
    name: 'a misspelt price',
    text: 'version: 1\npricing: { US: { usdPerTib: 5 } }\npolicies: []',
    expected: {
      line: 2,
      column: 18,
      message: 'unknown key "usdPerTib" in pricing.US',
      nearest: 'usdPerTiB',
    },
  },
  {
    name: 'an edition that there is not',
    text: 'version: 1\npricing: { US: { usdPerSlotHour: { ENTERPRISEPLUS: 1 } } }\npolicies: []',
    expected: { line: 2, column: 36, nearest: 'ENTERPRISE_PLUS' },
  },
  {
    name: 'a price with a unit',
    text: 'version: 1\npricing: { US: { usdPerTiB: 5 USD } }\npolicies: []',
    expected: { line: 2, column: 29, message: 'pricing.US.usdPerTiB: "5 USD" is no price' },
  },
  {
    name: 'a price below nothing',
    text: 'version: 1\npricing: { US: { usdPerSlotHour: { STANDARD: -1 } } }\npolicies: []',
    expected: { line: 2, column: 46, message: 'pricing.US.usdPerSlotHour.STANDARD: -1 is no price' },
  },
  {
    name: 'a location without prices',
    text: 'version: 1\npricing: { US: 5 }\npolicies: []',
    expected: { line: 2, column: 16, message: 'pricing.US: 5 is no map of keys' },
  },
  {
    name: 'a policy without a name',
    text: 'version: 1\npolicies:\n  - action: alert\n    limit: { runtime: 1m }',
    expected: { line: 3, column: 5, message: 'policy number 1 has no "name"' },
  },
  {
    name: 'a name with a space',
    text: 'version: 1\npolicies:\n  - { name: a b, action: alert, limit: { runtime: 1m } }',
    expected: { line: 3, column: 13, message: 'name of policy "a b": "a b" is no name for a policy' },
  },
  {
    name: 'a name given twice',
    text: 'version: 1\npolicies:\n  - &a { name: a, action: alert, limit: { runtime: 1m } }\n  - *a',
    expected: { line: 3, message: 'two policies have the name "a", the first in line 3; rename one' },
  },
  {
    name: 'a cancel of everything',
    text: 'version: 1\npolicies:\n  - { name: a, action: cancel, match: { principals: ["x@y.z", "*"] } }',
    expected: {
      line: 3,
      column: 13,
      message:
        'policy "a" has neither a limit nor a match that narrows it: it fires on every job and would cancel it',
    },
  },
  {
    name: 'a policy without an action',
    text: 'version: 1\npolicies:\n  - { name: a, limit: { runtime: 1m } }',
    expected: {
      line: 3,
      column: 13,
      message: 'policy "a" has no "action"',
      allowed: expect.stringContaining('alert, cancel'),
    },
  },
];

describe('each fault of the file stands alone', () => {
  test.each(IN_FILE)('$name', ({ text, expected }) => {
    expect(faultsOf(text)).toEqual([expect.objectContaining({ severity: 'fault', ...expected })]);
  });
});

test.each([
  'principals: "*@*"',
  'principals: "*@*.*", projects: "**"',
  'dryRun: false',
  'continuous: false',
  'dryRun: false, continuous: false, principals: "*"',
  'priority: [INTERACTIVE, BATCH]',
  'jobTypes: [COPY, LOAD, QUERY, EXTRACT]',
])('a cancel without a limit on { %s } is one of everything', (match) => {
  const text = `version: 1\npolicies:\n  - { name: a, action: cancel, match: { ${match} } }`;
  expect(faultsOf(text).map(({ message }) => message)).toEqual([
    'policy "a" has neither a limit nor a match that narrows it: it fires on every job and would cancel it',
  ]);
});

test.each([
  'principals: "*@example.com"',
  'dryRun: true',
  'continuous: true',
  'priority: BATCH',
  'jobTypes: QUERY, dryRun: false',
])('a cancel without a limit on { %s } is taken', (match) => {
  const text = `version: 1\npolicies:\n  - { name: a, action: cancel, match: { ${match} } }`;
  expect(faultsOf(text)).toEqual([]);
});

it('tells all faults at once, in the order of the file, whatever else is wrong', () => {
  const text = [
    'version: 3',
    'mode: off',
    'policies:',
    '  - { name: a, action: kill, limit: { runtime: 0s } }',
    '  - { name: b, action: cancel }',
    '  - { name: b, action: cancel, limit: { pending: 5 } }',
  ].join('\n');
  expect(faultsOf(text).map(({ line, column }) => `${line}:${column}`)).toEqual([
    '1:10',
    '2:7',
    '4:24',
    '4:48',
    '5:13',
    '6:13',
    '6:50',
  ]);
});
