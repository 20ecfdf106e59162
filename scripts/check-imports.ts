/** `node scripts/check-imports.ts [ROOT]`: holds the direction of imports of `import-table.ts`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importProblems } from './import-rules.ts';
import { Package } from './package.schema.ts';
import { formatProblems } from './problem.ts';
import { rootOf } from './root-of.ts';
import { sourceFiles } from './source-files.ts';

const root = rootOf(process.argv.slice(2));
const manifest = Package.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
const packages = {
  dependencies: Object.keys(manifest.dependencies),
  devDependencies: Object.keys(manifest.devDependencies),
};
const files = sourceFiles(root);
const problems = files.flatMap((file) => importProblems(file, packages));
process.stdout.write(formatProblems(problems));
process.stdout.write(`imports: ${files.length} files, ${problems.length} problems\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
