import type { SimulatorClock } from './clock.ts';

/** The longest that Node's timers count (2^31 - 1 ms); longer sleeps are taken in parts. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** Starts at the machine's time and runs `speed` times as fast. */
export class WallClock implements SimulatorClock {
  readonly #speed: number;
  readonly #startMs: number;
  readonly #machineNow: () => number;
  readonly #machineStart: number;

  constructor(options: { startMs: number; speed: number; monotonicNow: () => number }) {
    this.#speed = options.speed;
    this.#startMs = options.startMs;
    this.#machineNow = options.monotonicNow;
    this.#machineStart = options.monotonicNow();
  }

  now(): number {
    return Math.floor(this.#startMs + (this.#machineNow() - this.#machineStart) * this.#speed);
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const untilMs = this.now() + ms;
    for (let left = ms; left > 0; left = untilMs - this.now()) {
      await timer(Math.min(Math.ceil(left / this.#speed), LONGEST_TIMER_MS), signal);
    }
    signal?.throwIfAborted();
  }
}

function timer(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const handle = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    const abort = (): void => {
      clearTimeout(handle);
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
  });
}
