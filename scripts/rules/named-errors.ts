import { isIn, PRODUCT } from '../source-files.ts';
import { codeOf, type Token } from '../tokens.ts';
import type { Rule } from './rule.ts';

/** Logs and JSON tell an error by its name, which stays "Error" unless the class sets it. */
export const namedErrors: Rule = {
  name: 'named-errors',
  check({ path, tokens }) {
    if (!isIn(path, PRODUCT)) return [];
    const code = codeOf(tokens);
    return code.flatMap((token, at) => {
      const [keyword, name, extend, base] = code.slice(at, at + 4).map(({ text }) => text);
      if (keyword !== 'class' || extend !== 'extends' || !/Error$/.test(base ?? '')) return [];
      const isAbstract = code[at - 1]?.text === 'abstract';
      if (isAbstract || setsName(bodyOf(code, at))) return [];
      const message = `error class ${name} has no name of its own; write: override readonly name = '${name}'`;
      return [{ line: token.line, message }];
    });
  },
};

function bodyOf(code: readonly Token[], start: number): readonly Token[] {
  const open = code.findIndex(({ text }, at) => at > start && text === '{');
  let depth = 0;
  const end = code.findIndex(({ text, kind }, at) => {
    if (at < open || kind !== 'other') return false;
    if (text === '{') depth += 1;
    if (text === '}') depth -= 1;
    return depth === 0;
  });
  return code.slice(open, end);
}

/** `name = '…'`, `name: string = '…'`, `this.name = '…'`. */
function setsName(body: readonly Token[]): boolean {
  return body.some(({ text }, at) => {
    if (text !== 'name') return false;
    const next = body[at + 1]?.text === ':' ? body[at + 3] : body[at + 1];
    return next?.text === '=';
  });
}
