import { isIn, PRODUCT } from '../source-files.ts';
import type { Rule } from './rule.ts';

const MOST_LINES = 300;

/** A file is one idea: a longer one holds two. */
export const shortFiles: Rule = {
  name: 'short-files',
  check({ path, text }) {
    const lines = text.split('\n').length - 1;
    if (!isIn(path, [...PRODUCT, 'scripts']) || lines <= MOST_LINES) return [];
    return [
      {
        line: MOST_LINES + 1,
        message: `has ${lines} lines, more than ${MOST_LINES}; it holds two ideas: split it`,
      },
    ];
  },
};
