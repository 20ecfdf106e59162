import { describe, expect, test } from 'vitest';
import { ALL_LIMITS } from '../../shared/limits/all-limits.ts';
import { SelectorEntry } from '../../shared/policy/policy.schema.ts';
import { drawFile } from './draw-policy.ts';
import { seeded } from './random.ts';

const POLICIES = Array.from({ length: 500 }, (_, seed) => drawFile(seeded(seed))).flatMap(
  ({ policies }) => policies,
);

/** The keys that some of them have, in the order of the alphabet. */
function keysOf(maps: readonly object[]): readonly string[] {
  return [...new Set(maps.flatMap((map) => Object.keys(map)))].sort();
}

describe('worlds draw policies from', () => {
  test('every limit that there is', () => {
    expect(keysOf(POLICIES.map(({ limits }) => limits))).toEqual(ALL_LIMITS.map(({ key }) => key).sort());
  });

  test('every key of a match', () => {
    expect(keysOf(POLICIES.map(({ match }) => match))).toEqual(Object.keys(SelectorEntry.shape).sort());
  });
});
