import type { VitestReport } from './vitest-report.schema.ts';

export interface Summary {
  readonly passed: number;
  /** Each test that failed, and each file that could not be run. */
  readonly failed: readonly string[];
  /** Each test that did not run, whatever kept it from running. */
  readonly skipped: readonly string[];
}

export function summarise({ testResults }: VitestReport): Summary {
  const tests = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ status, ancestorTitles, title }) => ({
      status,
      test: [name, ...ancestorTitles, title].join(' > '),
    })),
  );
  const broken = testResults
    .filter(({ status, assertionResults }) => {
      return status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
    })
    .map(({ name, message }) => `${name}: ${message}`);
  const named = (statuses: (status: string) => boolean) =>
    tests.filter(({ status }) => statuses(status)).map(({ test }) => test);
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: [...named((status) => status === 'failed'), ...broken],
    skipped: named((status) => status !== 'passed' && status !== 'failed'),
  };
}

/**
 * What is printed, the last line being `N passed, N failed`, and whether all is well. In CI everything that
 * a test needs is there, so a test that is skipped is one that failed.
 */
export function verdict({ passed, failed, skipped }: Summary, ci: boolean): { lines: string[]; ok: boolean } {
  const failures = ci ? failed.length + skipped.length : failed.length;
  return {
    lines: [
      ...failed.map((test) => `failed: ${test}`),
      ...skipped.map((test) => `skipped${ci ? ', which is a failure in CI' : ''}: ${test}`),
      ...(passed + failures === 0 ? ['no test ran'] : []),
      `${passed} passed, ${failures} failed`,
    ],
    ok: failures === 0 && passed > 0,
  };
}
