import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT, repository, runScript } from './repository.ts';

interface Outcome {
  readonly title: string;
  readonly status: string;
}

/** A report as vitest 5 writes it, of one file with these tests. */
function report(
  tests: readonly Outcome[],
  file: { status: string; message: string } = { status: 'passed', message: '' },
) {
  const assertionResults = tests.map((one) => ({
    ...one,
    ancestorTitles: ['group'],
    fullName: `group ${one.title}`,
  }));
  return { success: true, testResults: [{ name: '/repo/test/a.test.ts', ...file, assertionResults }] };
}

function summary(content: unknown, environment: Readonly<Record<string, string>> = {}) {
  const root = repository({ 'report.json': JSON.stringify(content) });
  return runScript('ci-summary.ts', [join(root, 'report.json')], environment);
}

const PASSED = { title: 'holds', status: 'passed' };
const FAILED = { title: 'breaks', status: 'failed' };
const SKIPPED = { title: 'waits', status: 'skipped' };

test('all passed: one line, exit 0', async () => {
  expect(await summary(report([PASSED, PASSED]), { CI: 'true' })).toEqual({
    code: 0,
    lines: ['2 passed, 0 failed'],
  });
});

test('a failed test is named, exit 1', async () => {
  expect(await summary(report([PASSED, FAILED]))).toEqual({
    code: 1,
    lines: ['failed: /repo/test/a.test.ts > group > breaks', '1 passed, 1 failed'],
  });
});

test('a file that could not be run is a failure', async () => {
  const broken = report([], { status: 'failed', message: 'Cannot find module' });
  expect(await summary(broken)).toEqual({
    code: 1,
    lines: ['failed: /repo/test/a.test.ts: Cannot find module', '0 passed, 1 failed'],
  });
});

describe('a skipped test', () => {
  test('is only told on a developer’s machine', async () => {
    expect(await summary(report([PASSED, SKIPPED]))).toEqual({
      code: 0,
      lines: ['skipped: /repo/test/a.test.ts > group > waits', '1 passed, 0 failed'],
    });
  });

  test.for(['skipped', 'todo', 'pending', 'disabled'])('is a failure in CI, also as %s', async (status) => {
    expect(await summary(report([PASSED, { ...SKIPPED, status }]), { CI: 'true' })).toEqual({
      code: 1,
      lines: [
        'skipped, which is a failure in CI: /repo/test/a.test.ts > group > waits',
        '1 passed, 1 failed',
      ],
    });
  });
});

test('a run without a test is no success', async () => {
  expect(await summary(report([]))).toEqual({ code: 1, lines: ['no test ran', '0 passed, 0 failed'] });
});

test('a report that is not there, or is none, is a failure', async () => {
  const missing = await runScript('ci-summary.ts', [join(ROOT, 'no-such-report.json')]);
  expect(missing).toMatchObject({
    code: 1,
    lines: [expect.stringContaining('ENOENT'), '0 passed, 1 failed'],
  });
  const other = await summary({ results: [] });
  expect(other.code).toBe(1);
  expect(other.lines.at(-1)).toBe('0 passed, 1 failed');
});
