import type { Rule } from './rule.ts';

const VAGUE = ['utils', 'util', 'helpers', 'helper', 'common', 'misc'];

/** A file or folder is named after its one idea; these names hold anything. */
export const noVagueNames: Rule = {
  name: 'no-vague-names',
  check({ path }) {
    const vague = path.split(/[/.-]/).find((word) => VAGUE.includes(word.toLowerCase()));
    if (vague === undefined) return [];
    return [{ line: 1, message: `is named "${vague}", which says nothing; name it after what it exports` }];
  },
};
