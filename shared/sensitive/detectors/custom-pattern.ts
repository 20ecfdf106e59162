import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js';
import type { Detector } from '../detector.ts';
import { InvalidPatternError } from '../errors.ts';

/**
 * So many instructions a pattern may compile to: a text takes time in proportion to them. With these it is about 2 s for
 * a megabyte at the worst, in which an instance does nothing else.
 */
const MOST_STEPS = 256;

/**
 * A detector of the owner's own, in the syntax of RE2: linear in the length of the text, whatever the pattern.
 *
 * @param name as findings call it
 * @throws InvalidPatternError when the pattern does not compile, is too large, or matches every text
 */
export function customPattern(name: string, pattern: string): Detector {
  const compiled = compile(pattern);
  const steps = compiled.programSize();
  if (steps > MOST_STEPS) {
    const fault = `it has ${steps} steps, and at most ${MOST_STEPS} are allowed: write lower counts, or such as {8,} for {8,900}`;
    throw new InvalidPatternError(pattern, fault);
  }
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
