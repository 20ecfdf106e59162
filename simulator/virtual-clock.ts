import type { SimulatorClock } from './clock.ts';
import { Heap } from './heap.ts';

interface Timer {
  readonly atMs: number;
  readonly sequence: number;
  readonly fire: () => void;
}

/** Lets everything that is ready to run do so: a `setImmediate` comes after all microtasks. */
function drain(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * A clock on which time passes only when told to. Sleepers wake one at a time, in the order of their
 * times (ties: who slept first), and each runs until it waits again before the next one wakes; so the same
 * program gives the same trace.
 */
export class VirtualClock implements SimulatorClock {
  #now: number;
  #sequence = 0;
  /** Aborted timers stay in it with a `fire` that does nothing. */
  readonly #timers = new Heap<Timer>(isBefore);

  constructor(startMs: number) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      let waiting = true;
      const abort = (): void => {
        waiting = false;
        reject(signal?.reason);
      };
      const fire = (): void => {
        if (!waiting) return;
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#timers.add({ atMs: this.#now + Math.max(0, ms), sequence: this.#sequence++, fire });
    });
  }

  /** Moves to `ms`, waking on the way all who sleep until then. A time in the past does nothing but drain. */
  async advanceTo(ms: number): Promise<void> {
    await drain();
    for (
      let next = this.#timers.first();
      next !== undefined && next.atMs <= ms;
      next = this.#timers.first()
    ) {
      await this.#step();
    }
    this.#now = Math.max(this.#now, ms);
    await drain();
  }

  advanceBy(ms: number): Promise<void> {
    return this.advanceTo(this.#now + ms);
  }

  /** Passes time until `work` settles, and gives its result. Throws when nobody sleeps and it cannot settle. */
  async run<T>(work: T | Promise<T>): Promise<T> {
    let settled = false;
    const mark = (): void => {
      settled = true;
    };
    Promise.resolve(work).then(mark, mark);
    await drain();
    while (!settled) {
      if (this.#timers.size === 0) throw new Error('nothing is left to happen, and the work has not ended');
      await this.#step();
    }
    return work;
  }

  async #step(): Promise<void> {
    const timer = this.#timers.takeFirst();
    if (timer === undefined) return;
    this.#now = Math.max(this.#now, timer.atMs);
    timer.fire();
    await drain();
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence);
}
