import type { Finding, Rule } from './rule.ts';
import { sequences } from './rule.ts';

// Put together, lest this file break its own rule.
const LATER = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`);

/** Each must say why: `biome-ignore lint/…: because …`. */
const SILENCED = /(?:@ts-expect-error|biome-ignore(?:-\w+)?\s+[\w/]+)\s*:?\s*(.*)/;
const NEVER = /@ts-(?:ignore|nocheck)/;
const SHORTEST_REASON = 10;

const RUNNERS = ['test', 'it', 'describe', 'suite'];
const MARKS = [
  { mark: 'only', why: 'keeps all other tests from running' },
  { mark: 'skip', why: 'never runs; use runIf with a condition that CI fulfils, or delete it' },
  { mark: 'todo', why: 'is no test; write it, or file an issue' },
];

/** Work that is put off belongs into an issue, and what silences a check gives its reason. */
export const nothingLeftBehind: Rule = {
  name: 'nothing-left-behind',
  check({ tokens }) {
    const comments = tokens.filter(({ kind }) => kind === 'comment');
    return [
      ...comments.flatMap(({ text, line }) => commentFindings(text, line)),
      ...RUNNERS.flatMap((runner) =>
        MARKS.flatMap(({ mark, why }) =>
          sequences(tokens, [runner, '.', mark]).map(({ line }) => ({
            line,
            message: `${runner}.${mark} ${why}`,
          })),
        ),
      ),
    ];
  },
};

function commentFindings(text: string, line: number): readonly Finding[] {
  const findings: Finding[] = [];
  const later = LATER.exec(text);
  if (later) findings.push({ line, message: `says ${later[1]}; do it, or file an issue` });
  if (NEVER.test(text)) findings.push({ line, message: 'silences the compiler; correct the types instead' });
  const silenced = SILENCED.exec(text);
  const reason = (silenced?.[1] ?? '').replace(/\*\/\s*$/, '').trim();
  if (silenced && (reason.length < SHORTEST_REASON || reason.startsWith('<'))) {
    findings.push({ line, message: 'silences a check without a reason; write why after a colon' });
  }
  return findings;
}
