import { expect, test } from 'vitest';
import { HoldsNotEditableError, withHold, withoutHold } from '../../../shared/policy/holds/edit-holds.ts';
import { readHolds } from '../../../shared/policy/holds/read-holds.ts';

const HOLD = {
  id: 'case-2',
  reason: 'Litigation: "ACME"',
  until: '2027-01-31',
  by: 'jane',
  match: { jobs: ['shop:EU.a'], created: { from: '2026-01-01' } },
};

const TEXT = `# our holds
version: 1
holds:
  - id: first # why
    reason: |
      two
      lines
    until: indefinite
    match: {principals: ["a@example.com"], labels: {case: "7"}}

  # the second
  - {id: second, reason: r, until: 2027-01-01, match: {projects: shop}}
`;

test('a hold comes after those that are there, whose text stays as it was', () => {
  const text = withHold(TEXT, HOLD, 'holds.yaml');
  expect(text.startsWith(TEXT)).toBe(true);
  expect(text.slice(TEXT.length)).toBe(`  - id: case-2
    reason: 'Litigation: "ACME"'
    until: 2027-01-31
    by: jane
    match:
      jobs:
        - shop:EU.a
      created:
        from: 2026-01-01
`);
  expect(readHolds(text, 'holds.yaml').all.map(({ id }) => id)).toEqual(['first', 'second', 'case-2']);
});

test.for([
  { title: 'no file', text: undefined },
  { title: 'an empty list', text: 'version: 1\nholds: [] # none yet\n' },
])('the first hold of $title', ({ text }) => {
  const one = withHold(text, HOLD, 'holds.yaml');
  expect(one).toContain('\n  - id: case-2\n');
  expect(one.includes('none yet')).toBe(text !== undefined);
  expect(readHolds(one, 'holds.yaml').all).toMatchObject([{ id: 'case-2', by: 'jane' }]);
});

test('text that reads as something else in YAML is written so that it is read as it was meant', () => {
  const odd = { ...HOLD, id: '17', reason: '# no: comment', by: 'true' };
  expect(readHolds(withHold(TEXT, odd, 'h'), 'h').all.at(-1)).toMatchObject({
    id: '17',
    reason: '# no: comment',
    by: 'true',
  });
});

test('a hold is taken out, and nothing else', () => {
  const text = withoutHold(TEXT, 'first', 'holds.yaml');
  expect(text).toContain('# our holds');
  expect(text).toContain('# the second');
  expect(readHolds(text, 'holds.yaml').all.map(({ id }) => id)).toEqual(['second']);
  const none = withoutHold(text, 'second', 'holds.yaml');
  expect(readHolds(none, 'holds.yaml').all).toEqual([]);
});

test('what another hold refers to is not taken out from under it', () => {
  const text =
    'version: 1\nholds:\n' +
    '  - { id: a, reason: r, until: indefinite, match: &who { projects: shop } }\n' +
    '  - { id: b, reason: r, until: indefinite, match: *who }\n';
  expect(() => withoutHold(text, 'a', 'holds.yaml')).toThrow(HoldsNotEditableError);
  expect(readHolds(withoutHold(text, 'b', 'holds.yaml'), 'h').all).toMatchObject([{ id: 'a' }]);
});
