import type { Measure, Part, Target } from './part.ts';
import { type Spread, spreadOf } from './spread.ts';

/** One row of the report, as it is printed and as it stands in the JSON file. */
export interface Row extends Omit<Measure, 'values'> {
  readonly spread: Spread;
  /** Absent where nothing is aimed at. */
  readonly met?: boolean;
}

/** What one part found. */
export interface PartReport extends Pick<Part, 'letter' | 'title'> {
  readonly rows: readonly Row[];
}

/** A measure as a row: how its values lie, and whether they are where they should be. */
export function rowOf({ values, ...measure }: Measure): Row {
  const spread = spreadOf(values);
  const { target } = measure;
  return { ...measure, spread, ...(target && { met: isMet(target, spread) }) };
}

/** Of a smoke run nothing is aimed at, for its figures mean nothing. */
export function aimless({ target: _, ...measure }: Measure): Measure {
  return measure;
}

function isMet({ of, side, bound }: Target, spread: Spread): boolean {
  return side === 'at most' ? spread[of] <= bound : spread[of] >= bound;
}
