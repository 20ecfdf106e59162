import { describe, expect, test } from 'vitest';
import { NoValuesError, spreadOf } from '../../bench/spread.ts';

describe('the spread of values', () => {
  test.for([
    { name: 'of one value is that value', values: [7], quartiles: [7, 7, 7], ends: [7, 7] },
    { name: 'lies on values where it can', values: [5, 1, 3, 2, 4], quartiles: [2, 3, 4], ends: [1, 5] },
    {
      name: 'lies between two values else',
      values: [4, 1, 2, 3],
      quartiles: [1.75, 2.5, 3.25],
      ends: [1, 4],
    },
    {
      name: 'goes by size and not by digits',
      values: [10, 9, 100],
      quartiles: [9.5, 10, 55],
      ends: [9, 100],
    },
  ])('$name', ({ values, quartiles, ends }) => {
    const { lowerQuartile, median, upperQuartile, least, most, count } = spreadOf(values);
    expect([lowerQuartile, median, upperQuartile]).toEqual(quartiles);
    expect([least, most, count]).toEqual([...ends, values.length]);
  });

  test('has a 99th percentile', () => {
    expect(spreadOf(Array.from({ length: 101 }, (_, value) => value)).p99).toBe(99);
  });

  test('of nothing is refused', () => {
    expect(() => spreadOf([])).toThrow(NoValuesError);
  });
});
