/**
 * `node scripts/ci-summary.ts [REPORT]`: the last word on a test run, from the report that
 * `vitest run --reporter=default --reporter=json --outputFile=test-results.json` wrote.
 */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { summarise, verdict } from './test-summary.ts';
import { VitestReport } from './vitest-report.schema.ts';

const [path = 'test-results.json'] = process.argv.slice(2);

function readReport(): VitestReport | string {
  try {
    const parsed = VitestReport.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success
      ? parsed.data
      : `it is no report of vitest's JSON reporter: ${z.prettifyError(parsed.error)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const report = readReport();
if (typeof report === 'string') {
  process.stdout.write(
    `cannot read the test report ${path} (${report}); run vitest with --reporter=json first\n`,
  );
  process.stdout.write('0 passed, 1 failed\n');
  process.exitCode = 1;
} else {
  const { lines, ok } = verdict(summarise(report), process.env['CI'] === 'true');
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = ok ? 0 : 1;
}
