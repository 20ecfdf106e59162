import { isIn } from '../source-files.ts';
import { type Rule, sequences } from './rule.ts';

const MOCKS = ['mock', 'doMock', 'spyOn', 'stubGlobal', 'useFakeTimers'];

/** Our modules take what they need as arguments, so a test hands in another one and replaces nothing. */
export const realModulesInTests: Rule = {
  name: 'real-modules-in-tests',
  check({ path, tokens }) {
    if (!isIn(path, ['test'])) return [];
    return MOCKS.flatMap((mock) =>
      sequences(tokens, ['vi', '.', mock]).map(({ line }) => ({
        line,
        message: `vi.${mock} replaces a module or the machine; hand in a port instead`,
      })),
    );
  },
};
