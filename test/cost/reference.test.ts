import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { LIST_PRICES, LIST_PRICES_SOURCE } from '../../shared/cost/price-table.ts';

const text = await readFile(new URL('../../docs/cost.md', import.meta.url), 'utf8');

describe('docs/cost.md', () => {
  it('lists the prices that are counted by, with their source', () => {
    const rows = [...text.matchAll(/^\| ([\w-]+) \| ([\d. |]+) \|$/gm)].map(
      ([, location = '', cells = '']) => {
        const [usdPerTiB, STANDARD, ENTERPRISE, ENTERPRISE_PLUS] = cells.split(' | ').map(Number);
        return [
          location.toLowerCase(),
          { usdPerTiB, usdPerSlotHour: { STANDARD, ENTERPRISE, ENTERPRISE_PLUS } },
        ] as const;
      },
    );
    expect(new Map(rows)).toEqual(LIST_PRICES);
    expect(text).toContain(LIST_PRICES_SOURCE);
  });

  it('names every model and every reason', async () => {
    const code = await readFile(new URL('../../shared/cost/job-cost.ts', import.meta.url), 'utf8');
    const types = code.slice(code.indexOf('export type JobCost'), code.indexOf('/**\n * The cost of a job'));
    const words = [...types.matchAll(/'([a-z-]+)'/g)].map(([, word]) => word);
    expect(words.length).toBeGreaterThan(10);
    for (const word of words.filter((found) => found !== 'free')) expect(text).toContain(`\`${word}\``);
  });
});
