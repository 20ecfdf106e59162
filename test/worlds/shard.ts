import { describe, expect, test } from 'vitest';
import { Counts } from './counts.ts';
import { COVERAGE } from './coverage.ts';
import { runWorld } from './run-world.ts';

/** Test files run beside each other, so the worlds are dealt out to several. */
export const SHARDS = 4;
const USUAL = 1_000;
const LONGEST_MS = 3_600_000;

/** Lives every fourth world of so many from seed 1 on, and looks whether enough happened in them. */
export function describeShard(shard: number, wanted = String(USUAL)): void {
  const worlds = Number(wanted);
  const seeds = Array.from({ length: worlds }, (_, index) => index + 1).filter(
    (seed) => seed % SHARDS === shard,
  );
  const counts = new Counts();

  describe(`worlds, part ${shard + 1} of ${SHARDS}`, () => {
    test(`all that must hold holds in ${seeds.length} worlds`, { timeout: LONGEST_MS }, async () => {
      for (const seed of seeds) {
        const { violations, counts: seen } = await runWorld(seed);
        counts.merge(seen);
        expect(
          violations.map(({ invariant, rule, what }) => `${invariant} (${rule}): ${what}`),
          `world ${seed} is broken; see it with: npm run world -- --seed ${seed}`,
        ).toEqual([]);
      }
    });

    // Fewer worlds than usual may well lack some of it.
    test.skipIf(worlds < USUAL)('the worlds are not hollow: every kind of thing happened in them', () => {
      const rare = Object.entries(COVERAGE).filter(([kind, least]) => happened(kind, counts) < least);
      expect(rare.map(([kind]) => `${kind}: ${happened(kind, counts)}`)).toEqual([]);
    });
  });
}

/** Kinds that differ only in what they hit count together: `crash after ledger write` is a `crash after`. */
function happened(kind: string, { all }: Counts): number {
  return [...all].filter(([what]) => what.startsWith(kind)).reduce((sum, [, count]) => sum + count, 0);
}
