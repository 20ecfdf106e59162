/** How values lie: what a table tells of rounds or of observations. */
export interface Spread {
  readonly count: number;
  readonly least: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
  readonly p99: number;
  readonly most: number;
}

/**
 * The spread of some values. Between two of them a quantile is interpolated.
 *
 * @throws NoValuesError for none
 */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new NoValuesError();
  const sorted = values.toSorted((a, b) => a - b);
  return {
    count: sorted.length,
    least: quantile(sorted, 0),
    lowerQuartile: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    upperQuartile: quantile(sorted, 0.75),
    p99: quantile(sorted, 0.99),
    most: quantile(sorted, 1),
  };
}

/** Nothing was measured, so there is nothing to tell. */
export class NoValuesError extends Error {
  override readonly name = 'NoValuesError';

  constructor() {
    super('a spread of no values was asked for: expected at least one round or observation');
  }
}

function quantile(sorted: readonly number[], part: number): number {
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}
