import { isIn, PRODUCT } from '../source-files.ts';
import { codeOf, type Token } from '../tokens.ts';
import type { Rule } from './rule.ts';

const SEVERITIES = ['debug', 'info', 'notice', 'warning', 'error'];

/** Lines are counted and found by their message, so values go into fields; it also keeps text of a job out. */
export const staticLogMessages: Rule = {
  name: 'static-log-messages',
  check({ path, tokens }) {
    if (!isIn(path, PRODUCT)) return [];
    const code = codeOf(tokens);
    return code.flatMap((token, at) => {
      if (!isLog(code, at) || isStatic(firstArgument(code, at + 4))) return [];
      const message = `log.${code[at + 2]?.text}() has a message that is not one fixed string; put values into fields`;
      return [{ line: token.line, message }];
    });
  },
};

/** `log` `.` severity `(`. */
function isLog(code: readonly Token[], at: number): boolean {
  const [log, dot, severity, open] = code.slice(at, at + 4).map(({ text }) => text);
  return log === 'log' && dot === '.' && SEVERITIES.includes(severity ?? '') && open === '(';
}

function firstArgument(code: readonly Token[], start: number): readonly Token[] {
  let depth = 0;
  const end = code.findIndex(({ text, kind }, at) => {
    if (at < start || kind === 'string' || kind === 'template') return false;
    if (depth === 0 && [',', ')'].includes(text)) return true;
    if (['(', '[', '{'].includes(text)) depth += 1;
    if ([')', ']', '}'].includes(text)) depth -= 1;
    return false;
  });
  return code.slice(start, end);
}

/** A string, or a choice between two. */
function isStatic(argument: readonly Token[]): boolean {
  const question = argument.findIndex(({ text, kind }) => text === '?' && kind === 'other');
  const told = question === -1 ? argument : argument.slice(question + 1);
  const kinds = told.map(({ kind, text }) => (kind === 'other' ? text : kind)).join(' ');
  return kinds === 'string' || (question !== -1 && kinds === 'string : string');
}
