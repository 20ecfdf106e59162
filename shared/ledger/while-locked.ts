import type { Clock } from '../ports/clock.ts';
import { isLocked } from './sqlite-faults.ts';

/** Together with what SQLite itself waits each time, about 5 s. */
const MOST_ROUNDS = 20;
const PAUSE_MS = 200;

/** Without `sleep` nothing is tried twice, and SQLite has to wait by itself. */
export type LockClock = Pick<Clock, 'now'> & Partial<Pick<Clock, 'sleep'>>;

/** How long SQLite itself waits for a lock, in the one thread there is. */
export function lockTimeoutMs({ sleep }: LockClock): number {
  return sleep === undefined ? 5_000 : 50;
}

/**
 * Does work on a file that other processes lock, again for as long as it fails by a lock. Between two
 * tries everything else goes on: SQLite waits in the one thread there is, so it is let wait only shortly, and
 * once for all who want the file: after a try in vain they pause together.
 */
export class WhileLocked {
  readonly #clock: LockClock;
  #pause: Promise<void> | undefined;

  constructor(clock: LockClock) {
    this.#clock = clock;
  }

  /** Where nobody pauses, the first try is made before this returns. */
  try<T>(work: () => T): T | Promise<T> {
    if (this.#clock.sleep === undefined) return work();
    return this.#pause === undefined ? this.#once(work, MOST_ROUNDS) : this.#later(work, MOST_ROUNDS);
  }

  #once<T>(work: () => T, rounds: number): T | Promise<T> {
    try {
      return work();
    } catch (error) {
      if (!isLocked(error) || rounds <= 1) throw error;
      this.#pause ??= this.#together();
      return this.#later(work, rounds - 1);
    }
  }

  async #together(): Promise<void> {
    try {
      await this.#clock.sleep?.(PAUSE_MS);
    } finally {
      this.#pause = undefined;
    }
  }

  async #later<T>(work: () => T, rounds: number): Promise<T> {
    await this.#pause;
    // Who came first after the pause tried in vain: that holds for all, but the last word is one's own try.
    return this.#pause !== undefined && rounds > 1 ? this.#later(work, rounds - 1) : this.#once(work, rounds);
  }
}
