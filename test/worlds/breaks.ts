import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { BREAKS } from './breaks/all-breaks.ts';
import type { Break } from './breaks/break.ts';

// `npm run world:breaks [-- --write] [-- --only=NAME|NAME]`: breaks each rule on purpose, in a copy of the repository, and
// lives worlds until one of them notices. Fails when none does, or when a break no longer fits the code. `--only` takes
// parts of names; `--write` then leaves the other rows of docs/worlds.md as they are.

const ROOT = join(import.meta.dirname, '..', '..');
const PAGE = join(ROOT, 'docs', 'worlds.md');
const MOST_WORLDS = 1_000;
const MOST_MS = 600_000;
const COPIED = ['functions', 'shared', 'simulator', 'test', 'package.json'];

const Caught = z.object({
  worlds: z.number(),
  invariant: z.string().optional(),
  what: z.string().optional(),
});
type Caught = z.infer<typeof Caught>;

const run = promisify(execFile);

async function main(): Promise<void> {
  const only = process.argv.find((word) => word.startsWith('--only='))?.slice('--only='.length);
  const chosen = BREAKS.filter(
    ({ name }) => only === undefined || only.split('|').some((words) => name.includes(words)),
  );
  const waiting = [...chosen];
  const caught = new Map<Break, Caught>();
  const work = async (): Promise<void> => {
    const copy = makeCopy();
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const result = await tryBreak(next, copy);
      caught.set(next, result);
      const told = result.invariant
        ? `caught after ${result.worlds} worlds: ${result.invariant}`
        : `NOT CAUGHT: ${result.what}`;
      process.stdout.write(`${next.name} (${next.rule}): ${told}\n`);
    }
    rmSync(copy, { recursive: true });
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
  if (process.argv.includes('--write')) writePage(caught);
  const missed = chosen.filter((one) => caught.get(one)?.invariant === undefined);
  process.stdout.write(`${chosen.length - missed.length} of ${chosen.length} breaks were caught\n`);
  process.exitCode = missed.length === 0 ? 0 : 1;
}

/** A copy beside which the work tree stays as it is; the packages are shared. */
function makeCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), 'watchdog-breaks-'));
  for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

async function tryBreak({ file, from, to }: Break, copy: string): Promise<Caught> {
  const path = join(copy, file);
  const whole = readFileSync(path, 'utf8');
  const places = whole.split(from).length - 1;
  if (places !== 1) {
    return { worlds: 0, what: `its text stands ${places} times in ${file}; rewrite the break` };
  }
  writeFileSync(
    path,
    whole.replace(from, () => to),
  );
  try {
    const hunt = join(copy, 'test', 'worlds', 'hunt.ts');
    const { stdout } = await run(process.execPath, [hunt, String(MOST_WORLDS)], {
      cwd: copy,
      timeout: MOST_MS,
    });
    const result = Caught.parse(JSON.parse(stdout));
    return result.invariant ? result : { ...result, what: `${result.worlds} worlds noticed nothing` };
  } catch (error) {
    return { worlds: 0, what: `the broken copy does not run: ${String(error).slice(0, 400)}` };
  } finally {
    writeFileSync(path, whole);
  }
}

const BEGIN = '<!-- breaks: written by npm run world:breaks -- --write -->';
const END = '<!-- end of breaks -->';

function writePage(caught: ReadonlyMap<Break, Caught>): void {
  const page = readFileSync(PAGE, 'utf8');
  const rows = BREAKS.map((one) => {
    const start = `| ${one.name} | ${one.rule} |`;
    const before = page.split('\n').find((line) => line.startsWith(start));
    const { invariant = 'nothing', worlds = 0 } = caught.get(one) ?? {};
    return !caught.has(one) && before ? before : `${start} ${invariant} | ${worlds} |`;
  });
  const table = [
    '| What was broken | Rule | What caught it | After worlds |',
    '| --- | --- | --- | --- |',
    ...rows,
  ];
  const [before = ''] = page.split(BEGIN);
  const after = page.split(END)[1] ?? '\n';
  writeFileSync(PAGE, `${before}${BEGIN}\n\n${table.join('\n')}\n\n${END}${after}`);
}

await main();
