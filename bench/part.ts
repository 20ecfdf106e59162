import type { Spread } from './spread.ts';

/** Which value of a spread a target speaks of. */
export type Statistic = keyof Spread;

/** What is aimed at: one value of the spread, on one side of a bound. */
export interface Target {
  readonly of: Statistic;
  readonly side: 'at most' | 'at least';
  readonly bound: number;
}

/** One row of the report. */
export interface Measure {
  /** What was measured, against what. */
  readonly what: string;
  /**
   * `x`: a ratio of two things measured side by side in this run, the only way in which speed and memory are
   * told. The others are exact, from virtual time or by counting (`share`: of a whole), and the same on every machine.
   */
  readonly unit: 'x' | 'virtual ms' | 'per virtual s' | 'calls' | 'share';
  /** One value a round, or one for each thing observed. */
  readonly values: readonly number[];
  readonly target?: Target;
  /** How it was measured, where the name does not say it: what was extrapolated, say. */
  readonly note?: string;
}

/** What a part is told of the run. */
export interface Run {
  /** Does everything once and small: shows that the bench works, and measures nothing. */
  readonly quick: boolean;
  /** Says to the person who waits what is being measured. */
  progress(line: string): void;
}

/** A letter of `--only`: one question that the bench answers. */
export interface Part {
  readonly letter: string;
  /** As a heading of the report, and of docs/bench.md. */
  readonly title: string;
  measure(run: Run): Promise<readonly Measure[]>;
}
