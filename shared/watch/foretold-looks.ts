import type { Clock } from '../ports/clock.ts';

/** So many looks of a sweep may only foretell at once, and so many more each second: 180 in a minute. */
const AT_ONCE = 60;
const PER_SECOND = 2;
const SECOND_MS = 1_000;

/**
 * Bounds the looks of one sweep at jobs that would cross a limit if they went on as before. Jobs that stand still
 * just below it would else be looked at without end, and acts would wait for their turns and share the budget.
 */
export class ForetoldLooks {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #startedAtMs: number;
  #taken = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
    this.#startedAtMs = clock.now();
  }

  /** Whether one more look may be had by now. */
  take(): boolean {
    const forMs = Math.max(0, this.#clock.now() - this.#startedAtMs);
    if (this.#taken >= AT_ONCE + Math.floor((forMs * PER_SECOND) / SECOND_MS)) return false;
    this.#taken += 1;
    return true;
  }
}
