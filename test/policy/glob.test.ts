import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { compileGlob } from '../../shared/policy/glob.ts';

describe('a glob covers the whole string', () => {
  test.each([
    ['*', '', true],
    ['*', 'anything at all', true],
    ['*@example.com', 'ada@example.com', true],
    ['*@example.com', 'ada@example.com.evil.org', false],
    ['etl-*@p.iam.gserviceaccount.com', 'etl-7@p.iam.gserviceaccount.com', true],
    ['etl-*@p.iam.gserviceaccount.com', 'my-etl-7@p.iam.gserviceaccount.com', false],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['ab*ba', 'aba', false],
    ['*ab*ab*', 'abab', true],
    ['*ab*ab*', 'aab', false],
    ['a**b', 'ab', true],
    ['plain', 'plain', true],
    ['plain', 'Plain', false],
    ['', '', true],
    ['', 'x', false],
    ['a.c', 'abc', false],
    ['[a-z]?', 'b1', false],
    ['*\n*', 'two\nlines', true],
  ])('%j and %j: %s', (pattern, value, expected) => {
    expect(compileGlob(pattern).matches(value)).toBe(expected);
  });
});

it('reads past case where it is told to', () => {
  expect(compileGlob('OnCall@*', { ignoreCase: true }).matches('oncall@Example.com')).toBe(true);
});

it('keeps its text as it was written', () => {
  expect(compileGlob('OnCall@*', { ignoreCase: true }).text).toBe('OnCall@*');
});

it('agrees with the definition', () => {
  const pattern = fc.stringMatching(/^[ab*]{0,8}$/);
  const value = fc.stringMatching(/^[ab]{0,10}$/);
  fc.assert(
    fc.property(pattern, value, (text, tried) => {
      expect(compileGlob(text).matches(tried)).toBe(covers(text, tried));
    }),
    { numRuns: 5_000 },
  );
});

it('is not led astray by many stars', () => {
  const glob = compileGlob(`${'*a'.repeat(2_000)}*b`);
  expect(glob.matches('a'.repeat(200_000))).toBe(false);
});

/** By definition, slow and plain: a star is nothing, or any one character and then the star again. */
function covers(pattern: string, value: string): boolean {
  if (pattern === '') return value === '';
  if (pattern.startsWith('*')) {
    return covers(pattern.slice(1), value) || (value !== '' && covers(pattern, value.slice(1)));
  }
  return value.startsWith(pattern.charAt(0)) && covers(pattern.slice(1), value.slice(1));
}
