import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { askOn } from '../../cli/ask-on.ts';

test.each([
  { typed: 'yes\n', line: 'yes', shown: 'Go on? ' },
  { typed: '\n', line: '', shown: 'Go on? ' },
  // Nothing was typed that would have ended the line.
  { typed: '', line: '', shown: 'Go on? \n' },
  { typed: 'y\nand more\n', line: 'y', shown: 'Go on? ' },
])('the answer to a question is one line: $typed', async ({ typed, line, shown }) => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const answer = askOn(input, output)('Go on?');
  input.end(typed);
  expect(await answer).toBe(line);
  expect(String(output.read())).toBe(shown);
});
