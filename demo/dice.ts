/** Draws that are the same in each run of the same seed. */
export interface Dice {
  /** At least 0 and below 1. */
  next(): number;
  between(least: number, most: number): number;
  pick<T>(first: T, ...others: readonly T[]): T;
}

/** mulberry32: small, fast, and good enough to draw a day of jobs. */
export function diceOf(seed: number): Dice {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    between: (least, most) => least + next() * (most - least),
    pick: (first, ...others) => [first, ...others][Math.floor(next() * (others.length + 1))] ?? first,
  };
}
