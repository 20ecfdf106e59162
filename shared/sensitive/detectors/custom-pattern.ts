import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js';
import type { Detector } from '../detector.ts';
import { InvalidPatternError } from '../errors.ts';

/**
 * A detector of the owner's own, in the syntax of RE2: linear in the length of the text, whatever the pattern.
 *
 * @param name as findings call it
 * @throws InvalidPatternError when the pattern does not compile, or matches every text
 */
export function customPattern(name: string, pattern: string): Detector {
  const compiled = compile(pattern);
  if (compiled.test(''))
    throw new InvalidPatternError(pattern, 'it matches the empty text, and so every text');
  return { name, pattern, finds: ({ text }) => compiled.test(text) };
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) {
      throw new InvalidPatternError(pattern, error.getDescription(), error.getPattern() ?? undefined);
    }
    if (error instanceof RE2JSException) throw new InvalidPatternError(pattern, error.message);
    throw error;
  }
}
