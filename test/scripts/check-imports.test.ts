import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importProblems } from '../../scripts/import-rules.ts';
import { importsOf } from '../../scripts/imports-of.ts';
import { Package } from '../../scripts/package.schema.ts';
import { sourceFiles } from '../../scripts/source-files.ts';
import { tokensOf } from '../../scripts/tokens.ts';
import { ROOT, repository, runScript } from './repository.ts';

const PACKAGES = { dependencies: ['zod', '@google-cloud/bigquery', 're2js'], devDependencies: ['vitest'] };

function problems(path: string, text: string): readonly string[] {
  return importProblems({ path, text, tokens: tokensOf(text) }, PACKAGES).map(({ message }) => message);
}

test('this repository is clean', () => {
  const manifest = Package.parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
  const packages = {
    dependencies: Object.keys(manifest.dependencies),
    devDependencies: Object.keys(manifest.devDependencies),
  };
  expect(sourceFiles(ROOT).flatMap((file) => importProblems(file, packages))).toEqual([]);
});

describe('every way to import is seen', () => {
  const cases = [
    ["import { x } from '../enforce/x.ts';", 'at-once'],
    ["import '../enforce/x.ts';", 'at-once'],
    ["import type { X } from '../enforce/x.ts';", 'never'],
    ["import { type X } from '../enforce/x.ts';", 'at-once'],
    ["import x, { y } from '../enforce/x.ts';", 'at-once'],
    ["export { x } from '../enforce/x.ts';", 'at-once'],
    ["export * from '../enforce/x.ts';", 'at-once'],
    ["export type { X } from '../enforce/x.ts';", 'never'],
    ["const x = await import('../enforce/x.ts');", 'later'],
    [`const x = \`\${await import('../enforce/x.ts')}\`;`, 'later'],
    [`const x = \`\${a}'\`; import { x } from '../enforce/x.ts';`, 'at-once'],
    ["let x: import('../enforce/x.ts').X;", 'never'],
    ["type X = Promise<import('../enforce/x.ts').X>;", 'never'],
    ["const x = require('../enforce/x.ts');", 'at-once'],
    ["const re = /'/; import { x } from '../enforce/x.ts';", 'at-once'],
  ] as const;
  test.for(cases)('%s', ([text, loads]) => {
    expect(importsOf(tokensOf(text))).toEqual([
      expect.objectContaining({ specifier: '../enforce/x.ts', loads, line: 1 }),
    ]);
    expect(problems('shared/judge/judge.ts', text)).toHaveLength(1);
  });
});

test.for([
  "// import { x } from '../enforce/x.ts'",
  'const text = "import { x } from \'../enforce/x.ts\'";',
  "const text = `import('../enforce/x.ts')`;",
  "const own = 'x'; export { own };",
  "export type Own = 'a' | 'b';",
  "log.import('../enforce/x.ts');",
  'import.meta.url;',
])('what is no import is not taken for one: %s', (text) => {
  expect(importsOf(tokensOf(text))).toEqual([]);
});

describe('the direction of imports', () => {
  const cases: readonly (readonly [from: string, to: string, allowed: boolean])[] = [
    ['shared/job/job.ts', '../units/bytes.ts', true],
    ['shared/job/job.ts', '../policy/glob.ts', false],
    ['shared/limits/limit.ts', '../policy/glob.ts', false],
    ['shared/policy/load.ts', '../limits/limit.ts', true],
    ['shared/judge/judge.ts', '../policy/policy.ts', true],
    ['shared/judge/judge.ts', '../ports/clock.ts', false],
    ['shared/ports/clock.ts', '../job/job.ts', false],
    ['shared/ledger/ledger.ts', '../judge/verdict.ts', true],
    ['shared/ledger/ledger.ts', '../ports/clock.ts', true],
    ['shared/ledger/ledger.ts', '../alert/alert.schema.ts', false],
    ['shared/enforce/enforce.ts', '../ledger/ledger.ts', true],
    ['shared/enforce/enforce.ts', '../watch/sweep.ts', false],
    ['shared/watch/sweep.ts', '../enforce/enforce.ts', true],
    ['shared/watch/sweep.ts', '../../functions/log.ts', false],
    ['functions/runtime.ts', '../shared/watch/sweep.ts', true],
    ['functions/runtime.ts', '../simulator/server.ts', false],
    ['cli/main.ts', '../shared/ledger/ledger.ts', true],
    ['cli/main.ts', '../functions/settings.schema.ts', false],
    ['simulator/server.ts', './clock.ts', true],
    ['simulator/server.ts', '../shared/ports/clock.ts', false],
    ['demo/main.ts', '../simulator/server.ts', true],
    ['demo/main.ts', '../test/watchdog.ts', false],
    ['shared/watch/sweep.ts', '../../test/watchdog.ts', false],
    ['test/watch/sweep.test.ts', '../../simulator/server.ts', true],
  ];
  test.for(cases)('%s → %s: %s', ([from, to, allowed]) => {
    expect(problems(from, `import type { X } from '${to}';`)).toHaveLength(allowed ? 0 : 1);
  });

  test('a folder that stands in no layer is told', () => {
    expect(problems('shared/new/x.ts', 'export {};')).toEqual([expect.stringContaining('is in no layer')]);
  });
});

describe('packages', () => {
  const cases: readonly (readonly [path: string, text: string, says: RegExp | undefined])[] = [
    ['shared/job/job.ts', "import { createHash } from 'node:crypto';", undefined],
    [
      'shared/job/job.ts',
      "import { readFileSync } from 'node:fs';",
      /shared\/job is pure and may import only zod,/,
    ],
    ['shared/ports/log.ts', "import * as z from 'zod';", /is pure and may import no package/],
    ['shared/job/job.ts', "import * as z from 'zod';", undefined],
    ['shared/job/job.ts', "import { z } from 'zod';", /write import \* as z from 'zod'/],
    ['shared/ledger/x.ts', "import { test } from 'vitest';", /not in the dependencies of package\.json/],
    ['test/ledger/x.test.ts', "import { test } from 'vitest';", undefined],
    ['test/ledger/x.test.ts', "import x from 'left-pad';", /not in the dependencies of package\.json/],
    [
      'shared/bigquery/x.ts',
      "import { BigQuery } from '@google-cloud/bigquery';",
      /slow to load: use import type/,
    ],
    ['shared/bigquery/x.ts', "import type { BigQuery } from '@google-cloud/bigquery';", undefined],
    ['shared/bigquery/x.ts', "const b = await import('@google-cloud/bigquery');", undefined],
    ['shared/sensitive/x.ts', "import { RE2JS } from 're2js';", undefined],
    ['shared/bigquery/x.ts', "import { RE2JS } from 're2js';", /which is shared\/sensitive's alone/],
    ['functions/x.ts', 'const x = await import(name);', /imports a computed name/],
  ];
  test.for(cases)('%s: %s', ([path, text, says]) => {
    expect(problems(path, text)).toEqual(says ? [expect.stringMatching(says)] : []);
  });
});

test('the script prints FILE:LINE with what is allowed, and exits 1', async () => {
  const root = repository({
    'shared/judge/judge.ts': "\n// A comment.\nimport { x } from '../enforce/enforce.ts';\n",
    'functions/index.ts': "import { x } from '../shared/judge/judge.ts';\n",
  });
  expect(await runScript('check-imports.ts', [root])).toEqual({
    code: 1,
    lines: [
      'shared/judge/judge.ts:3 imports shared/enforce/enforce.ts; shared/judge may import its own folder and shared/units, shared/job, shared/cost, shared/limits, shared/retry, shared/sensitive, shared/policy',
      'imports: 2 files, 1 problems',
    ],
  });
});

test('the script exits 0 when there is nothing to say', async () => {
  const root = repository({ 'shared/judge/judge.ts': 'export {};\n' });
  expect(await runScript('check-imports.ts', [root])).toEqual({
    code: 0,
    lines: ['imports: 1 files, 0 problems'],
  });
});
