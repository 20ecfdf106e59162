import { describe, expect, test } from 'vitest';
import { describeError } from '../../functions/log.ts';

const MARKER = 'SECRET_MARKER_5b1c';

class ForeignError extends Error {
  override readonly name = 'ForeignError';
}

describe('of an error that is not ours', () => {
  const messages = [
    { name: 'of one line', message: `cannot read ${MARKER}` },
    {
      name: 'with a line that looks like a frame',
      message: `400 Syntax error:\n  at [1:8] SELECT ${MARKER}`,
    },
    {
      name: 'with real frames in it',
      message: `failed:\n${new Error('x').stack}\n    at ${MARKER} (a.ts:1:1)`,
    },
    { name: 'that begins as a stack does', message: `Error: Error: \n    at ${MARKER}` },
    { name: 'with carriage returns', message: `a\r\n\tat ${MARKER}\r\n at b` },
  ];
  test.each(messages)('the frames are told and a message $name is not', ({ message }) => {
    for (const error of [new Error(message), new ForeignError(message), new SyntaxError(message)]) {
      const { name, stack, ...more } = describeError(error);
      expect({ name, more }).toEqual({ name: error.name, more: {} });
      expect(stack).toMatch(/^ +at .*log\.test\.ts/);
      expect(stack).not.toContain(MARKER);
    }
  });

  test('nothing is told of a stack that holds another message than the error has', () => {
    for (const message of ['set anew', '', 'f', 'Error']) {
      const error = new Error(`first:\n  at ${MARKER}`);
      expect(error.stack).toContain(MARKER);
      error.message = message;
      expect(describeError(error)).toEqual({ name: 'Error', stack: '' });
    }
  });

  test('without a message the frames are told, and without a stack the name alone', () => {
    expect(describeError(new Error()).stack).toContain('log.test.ts');
    const error = new Error(MARKER);
    delete error.stack;
    expect(describeError(error)).toEqual({ name: 'Error', stack: '' });
  });
});
