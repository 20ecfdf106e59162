import { describe, expect, test } from 'vitest';

/**
 * Tests that need what not every machine has: where it is missing they are skipped, and their title says so.
 * In CI that is a failure.
 *
 * @param found what they need, or a sentence that says why it is not there
 */
export function describeWherePossible<T extends object>(
  title: string,
  found: T | string,
  body: (found: T) => void,
): void {
  if (typeof found !== 'string') {
    describe(title, () => body(found));
    return;
  }
  const skipped = `${title}: SKIPPED, ${found}`;
  test.runIf(process.env['CI'] === 'true')(`${title} must run in CI`, () => expect.fail(skipped));
  describe.skipIf(true)(skipped, () => test('is not run', () => undefined));
}
