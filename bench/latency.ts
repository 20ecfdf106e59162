/** How long calls take: half of them less than `medianMs`, with a long tail above, as calls over a network have. */
export interface Latency {
  readonly medianMs: number;
  /** Of the logarithm: at 0.6 one call in a hundred takes more than four times the median. */
  readonly sigma: number;
}

/** Draws times from a log-normal distribution, in whole milliseconds. */
export function drawing({ medianMs, sigma }: Latency, random: () => number): () => number {
  return () => Math.round(medianMs * Math.exp(sigma * standardNormal(random)));
}

/** Box and Muller's. */
function standardNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
