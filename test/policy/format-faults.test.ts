import { describe, expect, it } from 'vitest';
import { PolicyFileError } from '../../shared/policy/errors.ts';
import { formatFaults } from '../../shared/policy/format-faults.ts';
import { readPolicies } from '../../shared/policy/read-policies.ts';
import { faultsOf } from './faults-of.ts';

/** What a person is shown for a text. */
function report(text: string): string {
  return formatFaults(text, 'policies.yaml', faultsOf(text));
}

describe('faults are printed as compilers print them', () => {
  it('shows the line with the place marked, what is allowed, and what was meant', () => {
    const text = [
      'version: 1',
      'policies:',
      '  - name: interactive-runtime',
      '    limit: { runtime: 1 hour }',
      '    action: cancle',
    ].join('\r\n');
    expect(report(text)).toBe(
      [
        'policies.yaml:4:23: limit.runtime of policy "interactive-runtime": "1 hour" has the unit "hour", which is none',
        '    4 |     limit: { runtime: 1 hour }',
        '      |                       ^^^^^^',
        '  allowed: 30m, 1h30m, 1.5h, 90s, 500ms, 2d (units d, h, m or min, s, ms)',
        '  did you mean 1h?',
        'policies.yaml:5:13: action of policy "interactive-runtime": "cancle" is none of the words allowed here',
        '    5 |     action: cancle',
        '      |             ^^^^^^',
        '  allowed: alert, cancel',
        '  did you mean cancel?',
      ].join('\n'),
    );
  });

  it('says which of them are warnings', () => {
    const text = 'version: 1\npolicies: []\n';
    expect(formatFaults(text, 'p.yaml', readPolicies(text, 'p.yaml').warnings)).toBe(
      [
        'p.yaml:2:11: warning: the file has no policy: nothing is watched',
        '    2 | policies: []',
        '      |           ^^',
      ].join('\n'),
    );
  });

  it('shows the part of a long line that matters', () => {
    const text = `version: 1\nmode: ${' '.repeat(300)}off # ${'x'.repeat(300)}\npolicies: []\n`;
    const [, line = '', mark = ''] = report(text).split('\n').slice(-5);
    expect(line).toMatch(/^ {4}2 \| … {60}off # x+…$/);
    expect(line.indexOf('off')).toBe(mark.indexOf('^^^'));
  });

  it('keeps the mark under its place where tabs and wide characters go before it', () => {
    const text = 'version: 1\npolicies: []\n"\u{1f5ff}":\t7';
    const [line = '', mark = ''] = report(text).split('\n').slice(-3);
    expect([line, mark]).toEqual(['    3 | "\u{1f5ff}":\t7', '      | ^^^']);
    const [tabbed = '', below = ''] = report('{ version: 1, policies: [],\tmode: off }')
      .split('\n')
      .slice(-4);
    expect(tabbed).toBe('    1 | { version: 1, policies: [],\tmode: off }');
    expect(below).toBe(`      | ${' '.repeat(27)}\t${' '.repeat(6)}^^^`);
  });

  it('lets no control character through', () => {
    const text = 'version: 1\npolicies: []\n"\\u202e\u001b[2Jkey": 1\n# \u001b[31m';
    expect(report(text)).not.toMatch(/[^\P{C}\n\t]/u);
  });

  it('stops at a hundred and says how many are left', () => {
    const text = `version: 1\npolicies:\n${'  - { name: "" }\n'.repeat(130)}`;
    expect(report(text)).toMatch(/\nand \d+ more$/);
    expect(report(text).match(/^policies\.yaml:/gm)).toHaveLength(100);
  });
});

it('a refused file says its first fault and how many more there are, warnings not counted', () => {
  const text = [
    'version: 1',
    'mode: off',
    'policies:',
    '  - { name: a, action: kill }',
    '  - { name: b, action: alert }',
  ].join('\n');
  const error = new PolicyFileError(text, 'policies.yaml', faultsOf(text));
  expect(error.message).toBe('policies.yaml:2:7: mode: "off" is none of the words allowed here (and 1 more)');
  expect(error.report).toContain('policies.yaml:4:24: action of policy "a"');
  expect(error.report).toContain('policies.yaml:5:13: warning: policy "b"');
});
