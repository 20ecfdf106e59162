import { describe, expect, test } from 'vitest';
import { type Crossing, playCrossings } from '../../bench/played-crossings.ts';

const SECOND_MS = 1_000;

const ROWS: readonly (Crossing & { readonly name: string })[] = [
  {
    name: 'by event',
    by: 'event',
    limit: 'runtime: 30s',
    job: (crossesAtMs) => ({ createdAtMs: crossesAtMs - 30 * SECOND_MS }),
  },
  {
    name: 'by event, from its arrival',
    by: 'event',
    timedFrom: 'arrival of the entry',
    limit: 'estimatedBytes: 1 GiB',
    job: (crossesAtMs) => ({ createdAtMs: crossesAtMs, estimatedBytes: 2 ** 40 }),
  },
  {
    name: 'by tick',
    by: 'tick',
    limit: 'runtime: 5m',
    job: (crossesAtMs) => ({ createdAtMs: crossesAtMs - 300 * SECOND_MS }),
  },
];

describe('from a limit’s crossing to the cancel call', () => {
  test.for(ROWS)('$name: never before, and soon after', async (row) => {
    const waitsMs = await playCrossings(row, 15, 3);
    expect(waitsMs).toHaveLength(15);
    expect(Math.min(...waitsMs)).toBeGreaterThan(0);
    expect(Math.max(...waitsMs)).toBeLessThan(4 * SECOND_MS);
  });

  test('the same seed gives the same times', async () => {
    const [row] = ROWS;
    const play = async (seed: number) => (row === undefined ? [] : playCrossings(row, 5, seed));
    expect(await play(1)).toEqual(await play(1));
    expect(await play(1)).not.toEqual(await play(2));
  });
});
