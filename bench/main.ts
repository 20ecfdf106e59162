import { writeFileSync } from 'node:fs';
import { ALL_PARTS } from './all-parts.ts';
import { helpText, readArguments, UsageError } from './arguments.ts';
import { aimless, type PartReport, rowOf } from './report.ts';
import { tableOf } from './table.ts';

/** `npm run bench -- [--only a,b,…] [--quick] [--json FILE]`: what the watchdog costs, in ratios (docs/bench.md). */
async function main(): Promise<void> {
  const { help, letters, quick, json } = readArguments(
    process.argv.slice(2),
    ALL_PARTS.map(({ letter }) => letter),
  );
  if (help) {
    process.stdout.write(helpText(ALL_PARTS));
    return;
  }
  const ranAt = new Date().toISOString();
  process.stdout.write(quick ? 'A smoke run: its figures mean nothing.\n\n' : '');
  const parts: PartReport[] = [];
  for (const part of ALL_PARTS.filter(({ letter }) => letters.includes(letter))) {
    const progress = (line: string): void => void process.stderr.write(`${part.letter}: ${line}\n`);
    const measures = await part.measure({ quick, progress });
    const report = {
      letter: part.letter,
      title: part.title,
      rows: (quick ? measures.map(aimless) : measures).map(rowOf),
    };
    parts.push(report);
    process.stdout.write(`${tableOf(report)}\n`);
  }
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ ranAt, quick, parts }, undefined, 2)}\n`);
}

main().catch((error: unknown) => {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 2;
});
