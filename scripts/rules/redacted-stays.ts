import { isIn, PRODUCT } from '../source-files.ts';
import { type Rule, sequences } from './rule.ts';

/** Who may read a job's text: only the parsers, which wrap it. */
const READERS = ['shared/job'];

/** What is taken out of its wrapper can leak. */
export const redactedStays: Rule = {
  name: 'redacted-stays',
  check({ path, tokens }) {
    if (!isIn(path, PRODUCT) || isIn(path, READERS)) return [];
    return sequences(tokens, ['.', 'expose', '(']).map(({ line }) => ({
      line,
      message: `takes the text of a job out of its wrapper; only ${READERS.join(', ')} may`,
    }));
  },
};
