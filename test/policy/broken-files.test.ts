import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { PolicyFileError } from '../../shared/policy/errors.ts';
import { MAX_FILE_LENGTH } from '../../shared/policy/load.ts';
import { readPolicies } from '../../shared/policy/read-policies.ts';
import { brief, faultsOf } from './faults-of.ts';

const bomb = [
  'version: 1',
  'policies: []',
  'a: &a [x, x, x, x, x, x, x, x, x, x]',
  ...'bcdefgh'.split('').map((name, index) => {
    const before = `*${'abcdefg'.charAt(index)}`;
    return `${name}: &${name} [${Array(10).fill(before).join(', ')}]`;
  }),
].join('\n');

describe('a text that is no policy file is refused, with the place', () => {
  test.each<{ readonly name: string; readonly text: string; readonly expected: readonly string[] }>([
    { name: 'an empty file', text: '', expected: ['1:1 the file is empty'] },
    { name: 'nothing but comments', text: '# soon\n', expected: ['1:1 the file is empty'] },
    { name: 'a lone word', text: 'policies', expected: ['1:1 the file: "policies" is no map of keys'] },
    { name: 'a list', text: '- a\n', expected: ['1:1 the file: a list is no map of keys'] },
    {
      name: 'several documents',
      text: 'version: 1\npolicies: []\n---\nversion: 1\n',
      expected: [
        '2:11 the file has no policy: nothing is watched',
        '3:1 the file holds several documents; write one, without a second "---"',
      ],
    },
    {
      name: 'several documents, the first of which has a fault',
      text: 'version: 2\npolicies: []\n---\nversion: 3\n',
      expected: [
        '1:10 version: 2 must be 1',
        '3:1 the file holds several documents; write one, without a second "---"',
      ],
    },
    {
      name: 'a tab that indents',
      text: 'version: 1\npolicies:\n\t- name: a\n',
      expected: ['3:1 a tab cannot indent in YAML; use spaces'],
    },
    {
      name: 'a bracket left open',
      text: 'version: 1\npolicies: [',
      expected: [
        '2:12 this is no valid YAML: flow sequence in block collection must be sufficiently indented and end with a ]',
      ],
    },
    {
      name: 'a line that is indented too far',
      text: 'version: 1\npolicies:\n  - name: a\n      action: alert\n',
      expected: [
        '3:11 a key stands where none can: the next line is indented too far, or a text that holds ": " lacks its quotes',
      ],
    },
    {
      name: 'a line that is indented too little',
      text: 'version: 1\npolicies:\n  - name: a\n   action: alert\n',
      expected: [
        '4:1 this line is indented as nothing before it: the keys of one map begin in one column, and each item of a list with "- "',
      ],
    },
    {
      name: 'a tag',
      text: 'version: 1\npolicies: !js/function []\n',
      expected: ['2:11 this is no valid YAML: unresolved tag: !js/function'],
    },
    {
      name: 'a key given twice',
      text: 'version: 1\nmode: observe\npolicies: []\nmode: enforce\n',
      expected: [
        '3:11 the file has no policy: nothing is watched',
        '4:1 the key "mode" is given twice, first in line 2; keep one',
      ],
    },
    {
      name: 'a key that is no text',
      text: 'version: 1\npolicies: []\n? [a]\n: b\n7: c\n',
      expected: [
        '2:11 the file has no policy: nothing is watched',
        '3:3 a key must be text; write it in quotes if it is meant',
        '5:1 a key must be text; write it in quotes if it is meant',
      ],
    },
    {
      name: 'an alias of nothing',
      text: 'version: 1\npolicies: *none\n',
      expected: [
        '2:11 the alias *none has no anchor &none before it',
        '2:11 policies: an empty value is no list',
      ],
    },
    {
      name: 'exploding aliases',
      text: bomb,
      expected: [
        '5:40 the file holds more than 50000 values once its aliases are followed; write it out more plainly',
      ],
    },
    {
      name: 'a value that holds itself',
      text: 'version: 1\npolicies: &p [*p]\n',
      expected: ['2:14 the file is nested deeper than 40 levels; write it out more plainly'],
    },
    {
      name: 'a merge key, which this file has not',
      text: 'version: 1\npolicies:\n  - &a { name: a, limit: { runtime: 5m }, action: alert }\n  - { <<: *a, name: b }\n',
      expected: ['4:7 unknown key "<<" in policy "b"'],
    },
  ])('$name', ({ text, expected }) => {
    expect(faultsOf(text).map(brief)).toEqual(expected);
  });
});

it('refuses a file of 10 MB before it parses it', () => {
  const text = `version: 1\npolicies: []\n${'#'.repeat(10_000_000)}`;
  expect(faultsOf(text)).toEqual([
    {
      severity: 'fault',
      line: 1,
      column: 1,
      length: 0,
      message: 'the file has 10000024 characters, more than such a file can mean',
      value: '10000024 characters',
      allowed: 'at most 1048576 characters',
    },
  ]);
});

it('takes a file of just the bound', () => {
  const head = 'version: 1\npolicies: []\n#';
  const full = head.padEnd(MAX_FILE_LENGTH, '#');
  expect(faultsOf(full)).toEqual([]);
  expect(faultsOf(`${full}#`)).toHaveLength(1);
});

it('refuses nesting that a parser could fall over', () => {
  for (const opening of ['[', '{a: ', '- ', '&a ']) {
    expect(faultsOf(opening.repeat(5_000))).not.toEqual([]);
  }
});

it('names one text of the file by its hash', () => {
  const text = 'version: 1\npolicies: []\n';
  const { policies } = readPolicies(text, 'policies.yaml');
  expect(policies.generation).toBe(createHash('sha256').update(text).digest('hex'));
});

describe('whatever the text, it is read or refused as a policy file', () => {
  const fragment = fc.constantFrom(
    ...[
      'version: 1\n',
      'policies:\n',
      '  - name: a\n',
      '    limit: ',
      '{ runtime: 5m }',
      '{}',
      '[',
      ']',
      '\n',
      '    action: cancel\n',
    ],
    ...[
      '    except: ',
      '    match: ',
      '{ labels: { __proto__: x } }',
      '{ toString: 1 }',
      '&a ',
      '*a',
      '? ',
      '!!set ',
      '%YAML 1.1\n---\n',
    ],
    ...[
      'constructor: ',
      'principals: ',
      '"*"',
      '- ',
      '\t',
      '\u0000',
      '\u2028',
      'null',
      '1e999',
      '{ valueOf: [] }',
      '|\n  x\n',
      ', ',
    ],
  );
  const like = fc.array(fragment, { maxLength: 20 }).map((parts) => parts.join(''));
  const value = fc.jsonValue().map((json) => JSON.stringify(json));
  const entry = fc.record(
    { name: value, match: value, except: value, limit: value, action: value, breaker: value },
    { requiredKeys: [] },
  );
  const shaped = entry.map((keys) => {
    const lines = Object.entries(keys).map(([key, json]) => `    ${key}: ${json}\n`);
    return `version: 1\npolicies:\n  -\n${lines.join('')}`;
  });

  test.each([
    ['any text', fc.string({ unit: 'binary', maxLength: 200 })],
    ['pieces of policy files', like],
    ['policies with any values', shaped],
  ])('%s', (_name, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        try {
          expect(readPolicies(text, 'f').policies.generation).toHaveLength(64);
        } catch (error) {
          expect(error).toBeInstanceOf(PolicyFileError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
