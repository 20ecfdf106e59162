import { runWorld } from './run-world.ts';

/** `npm run world -- --seed N`: lives one world and prints what happened in it. */
const [flag, value] = process.argv.slice(2);
const seed = Number(value);
if (flag !== '--seed' || value === undefined || !Number.isSafeInteger(seed) || seed < 0) {
  process.stderr.write('usage: npm run world -- --seed N, with N a whole number of at least 0\n');
  process.exit(2);
}
const { trace, violations } = await runWorld(seed, true);
process.stdout.write(`${trace.join('\n')}\n`);
for (const { invariant, rule, what } of violations) {
  process.stdout.write(`world ${seed} breaks "${invariant}" (${rule}): ${what}\n`);
}
process.stdout.write(
  `world ${seed}: ${violations.length === 0 ? 'all holds' : `${violations.length} broken`}\n`,
);
process.exitCode = violations.length === 0 ? 0 : 1;
