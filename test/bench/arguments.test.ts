import { describe, expect, test } from 'vitest';
import { readArguments, UsageError } from '../../bench/arguments.ts';

const KNOWN = ['a', 'b', 'c'];

describe('the command line of the bench', () => {
  test.for([
    { argv: [], expected: { letters: KNOWN, quick: false, json: undefined } },
    {
      argv: ['--only', 'c, a', '--quick', '--json', 'f.json'],
      expected: { letters: ['a', 'c'], quick: true, json: 'f.json' },
    },
  ])('$argv', ({ argv, expected }) => {
    expect(readArguments(argv, KNOWN)).toEqual(expected);
  });

  test.for([
    { argv: ['--only', 'a,x'], fault: '--only names no part "x": there are a, b, c' },
    { argv: ['--only', ''], fault: '--only names no part ""' },
    { argv: ['--fast'], fault: "'--fast'" },
    { argv: ['a'], fault: "'a'" },
  ])('$argv is refused', ({ argv, fault }) => {
    expect(() => readArguments(argv, KNOWN)).toThrow(UsageError);
    expect(() => readArguments(argv, KNOWN)).toThrow(fault);
  });
});
