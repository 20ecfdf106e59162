import { describe, expect, test } from 'vitest';
import { helpText, readArguments, UsageError } from '../../bench/arguments.ts';

const KNOWN = ['a', 'b', 'c'];

describe('the command line of the bench', () => {
  test.for([
    { argv: [], expected: { help: false, letters: KNOWN, quick: false, json: undefined } },
    { argv: ['--help'], expected: { help: true, letters: KNOWN, quick: false, json: undefined } },
    { argv: ['-h', '--quick'], expected: { help: true, letters: KNOWN, quick: true, json: undefined } },
    {
      argv: ['--only', 'c, a', '--quick', '--json', 'f.json'],
      expected: { help: false, letters: ['a', 'c'], quick: true, json: 'f.json' },
    },
  ])('$argv', ({ argv, expected }) => {
    expect(readArguments(argv, KNOWN)).toEqual(expected);
  });

  test('its help names every option and part', () => {
    const help = helpText([{ letter: 'a', title: 'what an event costs' }]);
    for (const told of ['--only', '--quick', '--json FILE', 'a  what an event costs']) {
      expect(help).toContain(told);
    }
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
