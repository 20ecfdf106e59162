import { describe, expect, test } from 'vitest';
import type { Measure } from '../../bench/part.ts';
import { aimless, rowOf } from '../../bench/report.ts';
import { tableOf } from '../../bench/table.ts';

const measure = (more: Partial<Measure>): Measure => ({
  what: 'a / b',
  unit: 'x',
  values: [1, 2, 3],
  ...more,
});

describe('a target is met', () => {
  test.for<{ name: string; target: Measure['target']; met: boolean | undefined }>([
    { name: 'at its bound', target: { of: 'median', side: 'at most', bound: 2 }, met: true },
    { name: 'not above it', target: { of: 'median', side: 'at most', bound: 1.99 }, met: false },
    { name: 'at its bound from above', target: { of: 'median', side: 'at least', bound: 2 }, met: true },
    { name: 'not below it', target: { of: 'median', side: 'at least', bound: 2.01 }, met: false },
    { name: 'by the value that it speaks of', target: { of: 'most', side: 'at most', bound: 2 }, met: false },
    { name: 'by nothing where there is none', target: undefined, met: undefined },
  ])('$name', ({ target, met }) => {
    expect(rowOf(measure(target === undefined ? {} : { target })).met).toBe(met);
  });

  test('by nothing in a smoke run', () => {
    const row = rowOf(aimless(measure({ target: { of: 'median', side: 'at most', bound: 1 } })));
    expect({ target: row.target, met: row.met }).toEqual({ target: undefined, met: undefined });
  });
});

test('a table tells each row with its spread, what was aimed at, and its note', () => {
  const rows = [
    rowOf(measure({ target: { of: 'median', side: 'at most', bound: 1.5 } })),
    rowOf(measure({ what: 'calls of a sweep', unit: 'calls', values: [1_234.5], note: 'counted' })),
  ];
  expect(tableOf({ letter: 'z', title: 'Nothing', rows })).toBe(`## z. Nothing

| what             | in    | median | quartiles   | p99  | of  | target             |        |
| ---------------- | ----- | ------ | ----------- | ---- | --- | ------------------ | ------ |
| a / b            | x     | 2      | 1.5 – 2.5   | 2.98 | 3   | median at most 1.5 | MISSED |
| calls of a sweep | calls | 1235   | 1235 – 1235 | 1235 | 1   |                    |        |

- calls of a sweep: counted
`);
});
