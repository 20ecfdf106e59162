import { describe, expect, test } from 'vitest';
import { customPattern } from '../../shared/sensitive/detectors/custom-pattern.ts';
import { InvalidPatternError } from '../../shared/sensitive/errors.ts';

const finds = (pattern: string, text: string): boolean =>
  customPattern('own', pattern).finds({ text, isSql: false });

describe('a pattern of the owner', () => {
  test.for<readonly [pattern: string, text: string, found: boolean]>([
    ['MRN-[0-9]{7}', "WHERE id = 'MRN-1234567'", true],
    ['MRN-[0-9]{7}', "WHERE id = 'MRN-123456'", false],
    ['(?i)patient', 'SELECT * FROM PATIENTS', true],
    ['^MRN', 'a MRN', false],
  ])('%s in %s: %s', ([pattern, text, found]) => {
    expect(finds(pattern, text)).toBe(found);
  });

  test('is linear where others backtrack', () => {
    expect(finds('(a+)+$', `${'a'.repeat(100_000)}b`)).toBe(false);
  });

  test('may have 256 steps', () => {
    expect(finds('x{254}', 'x'.repeat(254))).toBe(true);
  });

  test.for<readonly [pattern: string, message: RegExp]>([
    ['a(b', /^the pattern "a\(b" cannot be used: missing closing \); write it in the syntax of RE2$/],
    ['a[z-b]', /invalid character class range at "z-b"/],
    ['(?=x)y', /invalid or unsupported Perl syntax at "\(\?="/],
    ['x{2000}', /invalid repeat count at "\{2000\}"/],
    ['x{255}', /it has 257 steps, and at most 256 are allowed: write lower counts, or such as \{8,\} for/],
    ['x*', /matches the empty text, and so every text/],
    ['', /matches the empty text/],
  ])('%s is refused, and says why', ([pattern, message]) => {
    expect(() => customPattern('own', pattern)).toThrow(InvalidPatternError);
    expect(() => customPattern('own', pattern)).toThrow(message);
  });
});
