import { expect, test } from 'vitest';
import { purgeGeneration } from '../../shared/policy/purge-generation.ts';
import { readPolicies } from '../../shared/policy/read-policies.ts';

const FILE = `
version: 1
mode: enforce
policies:
  - name: secrets
    match: { principals: ["etl@*"] }
    except: { labels: { keep: "yes" } }
    sensitive: { detectors: [credentials], patterns: { customer: 'CUST-[0-9]+' }, labels: { a: b }, datasets: ["hr_*"] }
    purge: { after: 15m, history: { acts: 5 } }
`;
const of = (text: string): string => purgeGeneration(readPolicies(text, 'x.yaml').policies.purge);

test.each([
  ['a comment', 'version: 1', 'version: 1 # one'],
  ['another wait', 'after: 15m', 'after: 5m'],
  ['another budget', 'acts: 5', 'acts: 6'],
  ['another breaker', 'mode: enforce', 'mode: enforce\nbreaker: { acts: 7 }'],
  [
    'a policy of another verb',
    'policies:',
    'policies:\n  - { name: x, limit: { runtime: 1h }, action: cancel }',
  ],
])('%s does not change it', (_, from, to) => {
  expect(FILE).toContain(from);
  expect(of(FILE.replace(from, to))).toBe(of(FILE));
});

test.each([
  ['the mode', 'enforce', 'observe'],
  ['the match', 'etl@*', 'dbt@*'],
  ['an exception', 'keep: "yes"', 'keep: "no"'],
  ['a detector', '[credentials]', '[credentials, iban]'],
  ['a pattern', 'CUST-[0-9]+', 'CUST-[0-9]*9'],
  ['a label', 'a: b', 'a: c'],
  ['a dataset', 'hr_*', 'pay_*'],
  ['that history is purged', ', history: { acts: 5 }', ''],
])('%s does', (_, from, to) => {
  expect(FILE).toContain(from);
  expect(of(FILE.replace(from, to))).not.toBe(of(FILE));
});
