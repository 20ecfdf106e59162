/** `node scripts/check-house-rules.ts [ROOT]`: holds the rules of `rules/`. */
import { formatProblems } from './problem.ts';
import { rootOf } from './root-of.ts';
import { ALL_RULES } from './rules/all-rules.ts';
import { problemsOf } from './rules/rule.ts';
import { sourceFiles } from './source-files.ts';

const files = sourceFiles(rootOf(process.argv.slice(2)));
const problems = files.flatMap((file) => problemsOf(file, ALL_RULES));
process.stdout.write(formatProblems(problems));
process.stdout.write(`house rules: ${files.length} files, ${problems.length} problems\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
