import { describe, expect, test } from 'vitest';
import { ALL_RULES } from '../../scripts/rules/all-rules.ts';
import { problemsOf } from '../../scripts/rules/rule.ts';
import { sourceFiles } from '../../scripts/source-files.ts';
import { tokensOf } from '../../scripts/tokens.ts';
import { ROOT, repository, runScript } from './repository.ts';

/** The names of the rules that a file breaks. */
function broken(path: string, text: string): readonly string[] {
  return problemsOf({ path, text, tokens: tokensOf(text) }, ALL_RULES).map(
    ({ message }) => /\[([\w-]+)\]$/.exec(message)?.[1] ?? '',
  );
}

test('this repository is clean', () => {
  expect(sourceFiles(ROOT).flatMap((file) => problemsOf(file, ALL_RULES))).toEqual([]);
});

type Case = readonly [path: string, text: string, rule?: string];

/** What breaks each rule, and what comes close and does not. */
const CASES: Readonly<Record<string, readonly Case[]>> = {
  'the machine is used in composition roots only': [
    ['shared/watch/sweep.ts', 'const now = Date.now();', 'no-machine'],
    ['shared/watch/sweep.ts', 'const now = new Date();', 'no-machine'],
    ['shared/watch/sweep.ts', 'const then = new Date(ms);'],
    ['functions/push.ts', 'const x = Math.random();', 'no-machine'],
    ['cli/commands/acts.ts', 'const x = process.env;', 'no-machine'],
    ['cli/commands/acts.ts', "const x = process.env['HOME'];", 'no-machine'],
    ['cli/main.ts', 'const x = process.env; const now = Date.now();'],
    ['functions/machine.ts', 'const x = Math.random();'],
    ['simulator/server.ts', 'setTimeout(work, 10);', 'no-machine'],
    ['simulator/wall-clock.ts', 'setTimeout(work, 10);'],
    ['shared/watch/sweep.ts', '// Not Date.now(), for worlds have their own time.\nconst x = "Date.now()";'],
    ['test/watch/sweep.test.ts', 'const now = Date.now(); const env = process.env;'],
    ['test/watch/sweep.test.ts', 'const x = Math.random();', 'no-machine'],
    ['test/worlds/world.ts', 'const now = Date.now();', 'no-machine'],
    ['test/worlds/main.ts', 'const now = Date.now();'],
  ],
  'log messages are fixed': [
    ['shared/watch/sweep.ts', "log.info('sweep done', { jobs });"],
    ['shared/watch/sweep.ts', "ports.log.warning(bad ? 'one' : 'other', { jobs });"],
    ['shared/watch/sweep.ts', `this.#ports.log.info(\`sweep of \${project}\`);`, 'static-log-messages'],
    ['shared/watch/sweep.ts', 'log.info(`sweep`);', 'static-log-messages'],
    ['shared/watch/sweep.ts', "log.error('sweep of ' + project);", 'static-log-messages'],
    ['shared/watch/sweep.ts', 'log.error(message, { error });', 'static-log-messages'],
    ['shared/watch/sweep.ts', 'log.error(bad ? message : other);', 'static-log-messages'],
    ['shared/watch/sweep.ts', 'console.error(message); catalog.info(message); log.with({ verb }); '],
  ],
  'text of a job stays in its wrapper': [
    ['shared/enforce/tell.ts', 'const sql = job.query.expose();', 'redacted-stays'],
    ['shared/job/redacted.ts', 'const sql = job.query.expose();'],
    ['test/job/redacted.test.ts', 'const sql = job.query.expose();'],
  ],
  'errors have names': [
    ['shared/job/errors.ts', 'class BadError extends Error {}', 'named-errors'],
    [
      'shared/job/errors.ts',
      "class BadError extends OtherError { constructor() { super('x'); } }",
      'named-errors',
    ],
    ['shared/job/errors.ts', "class GoodError extends Error { override readonly name = 'GoodError'; }"],
    [
      'shared/job/errors.ts',
      "class GoodError extends Error { override readonly name: string = 'GoodError'; }",
    ],
    [
      'shared/job/errors.ts',
      "class GoodError extends Error { constructor() { super(`{`); this.name = 'G'; } }",
    ],
    ['shared/job/errors.ts', 'abstract class BaseError extends Error {}'],
    [
      'shared/job/errors.ts',
      "class A extends Error { }\nclass B extends Error { readonly name = 'B'; }",
      'named-errors',
    ],
  ],
  'nothing is cast': [
    ['shared/job/job.ts', 'const job = value as Job;', 'no-casts'],
    ['shared/job/job.ts', 'const job = value as unknown;', 'no-casts'],
    ['shared/job/job.ts', 'const run = value as () => void;', 'no-casts'],
    ['shared/job/job.ts', "const words = ['a'] as const;"],
    ['shared/job/job.ts', "import * as z from 'zod'; import { a as b } from './a.ts'; export { b as c };"],
    ['shared/job/job.ts', 'const as = 1; rows.as(2); // as Job'],
  ],
  'schemas have their types': [
    ['shared/job/x.schema.ts', 'export const Raw = z.object({});', 'schema-and-type'],
    ['shared/job/x.schema.ts', 'export const Raw = z.object({});\nexport type Raw = z.infer<typeof Raw>;'],
    ['shared/job/x.schema.ts', 'const Inner = z.object({}); export const text = z.string();'],
  ],
  'files of the product are short': [
    ['shared/job/job.ts', 'x;\n'.repeat(301), 'short-files'],
    ['shared/job/job.ts', 'x;\n'.repeat(300)],
    ['test/job/job.test.ts', 'x;\n'.repeat(301)],
  ],
  'names say what a file holds': [
    ['shared/job/utils.ts', '', 'no-vague-names'],
    ['shared/helpers/job.ts', '', 'no-vague-names'],
    ['test/job/test-helpers.ts', '', 'no-vague-names'],
    ['shared/job/common.schema.ts', '', 'no-vague-names'],
    ['shared/job/utility-rates.ts', ''],
  ],
  'nothing is left behind': [
    ['shared/job/job.ts', `// ${'TO'}DO: later`, 'nothing-left-behind'],
    ['shared/job/job.ts', `/* ${'FIX'}ME */`, 'nothing-left-behind'],
    ['shared/job/job.ts', `const text = '${'TO'}DO';`],
    ['test/job/job.test.ts', "test.only('x', () => {});", 'nothing-left-behind'],
    ['test/job/job.test.ts', "describe.skip('x', () => {});", 'nothing-left-behind'],
    ['test/job/job.test.ts', "test.todo('x');", 'nothing-left-behind'],
    ['test/job/job.test.ts', "test.runIf(ci)('x', () => {});"],
    ['shared/job/job.ts', '// @ts-ignore: because it is so', 'nothing-left-behind'],
    ['shared/job/job.ts', '// @ts-expect-error', 'nothing-left-behind'],
    ['shared/job/job.ts', '// @ts-expect-error: the types of the package lack it'],
    ['shared/job/job.ts', '// biome-ignore lint/style/useConst: <explanation>', 'nothing-left-behind'],
    ['shared/job/job.ts', '// biome-ignore lint/style/useConst: it is assigned by the caller'],
  ],
  'tests replace nothing': [
    ['test/job/job.test.ts', "vi.mock('../../shared/job/job.ts');", 'real-modules-in-tests'],
    ['test/job/job.test.ts', "vi.spyOn(ledger, 'win');", 'real-modules-in-tests'],
    ['test/job/job.test.ts', 'const call = vi.fn();'],
  ],
};

describe.for(Object.entries(CASES))('%s', ([, cases]) => {
  const named = cases.map(([path, text, rule]) => ({
    path,
    text,
    rule,
    shown: text.slice(0, 60).replaceAll('\n', ' '),
  }));
  test.for(named)('$path: $shown', ({ path, text, rule }) => {
    expect(new Set(broken(path, text))).toEqual(new Set(rule === undefined ? [] : [rule]));
  });
});

test('every rule is broken by some case', () => {
  const rules = Object.values(CASES).flatMap((cases) => cases.map(([, , rule]) => rule));
  expect(new Set(ALL_RULES.map(({ name }) => name).filter((name) => !rules.includes(name)))).toEqual(
    new Set(),
  );
});

test('the script prints FILE:LINE with what to do instead, and exits 1', async () => {
  const root = repository({ 'shared/watch/sweep.ts': '/* two\nlines */ const now = Date.now();\n' });
  expect(await runScript('check-house-rules.ts', [root])).toEqual({
    code: 1,
    lines: [
      'shared/watch/sweep.ts:2 uses Date.now, which only composition roots may; take a Clock [no-machine]',
      'house rules: 1 files, 1 problems',
    ],
  });
});
