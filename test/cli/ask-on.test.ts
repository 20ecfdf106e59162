import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { askOn } from '../../cli/ask-on.ts';

test.each([
  { typed: 'yes\n', line: 'yes' },
  { typed: '\n', line: '' },
  { typed: '', line: '' },
  { typed: 'y\nand more\n', line: 'y' },
])('the answer to a question is one line: $typed', async ({ typed, line }) => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const answer = askOn(input, output)('Go on?');
  input.end(typed);
  expect(await answer).toBe(line);
  expect(String(output.read())).toBe('Go on? ');
});
