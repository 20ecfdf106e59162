import { codeOf } from '../tokens.ts';
import type { Rule } from './rule.ts';

/** A cast silences the compiler where a check would tell the truth. `as const` only says more. */
export const noCasts: Rule = {
  name: 'no-casts',
  check({ tokens }) {
    const code = codeOf(tokens);
    let inList = false;
    return code.flatMap(({ text, kind, line }, at) => {
      // `as` in the lists of imports and exports renames.
      if (kind === 'word' && (text === 'import' || text === 'export'))
        inList = /^[{*]|^type$/.test(code[at + 1]?.text ?? '');
      if (text === ';' || kind === 'string') inList = false;
      const before = code[at - 1];
      const next = code[at + 1];
      if (text !== 'as' || kind !== 'word' || inList || next?.text === 'const' || before?.text === '.')
        return [];
      if (next === undefined || before === undefined || !['word', 'other'].includes(next.kind)) return [];
      if (/^[:=,;)?]$/.test(next.text) || before.text === ';' || before.text === '{') return [];
      // A method named `as`.
      if (next.text === '(' && before.text === '}') return [];
      return [{ line, message: `casts with "as ${next.text}"; check the value, or correct the types` }];
    });
  },
};
