/** Randomness, handed in: a number of at least 0 and below 1. */
export type Random = () => number;
