/**
 * Real time, without the moments that the machine did not give to this process. Sped up, a pause of a tenth of
 * a second would be minutes, in which every job seems to have overrun; so a slow machine sees less of the
 * day, and the same precision. It stands still until it is started, so that start-up costs no time either.
 */
export class Stopwatch {
  readonly #longestStepMs: number;
  readonly #realNow: () => number;
  #elapsedMs = 0;
  #beatAtMs: number | undefined;

  /** @param longestStepMs so much passes at most in one turn of the event loop, however long it takes */
  constructor(longestStepMs: number, realNow: () => number = () => performance.now()) {
    this.#longestStepMs = longestStepMs;
    this.#realNow = realNow;
  }

  start(): void {
    this.#beatAtMs = this.#realNow();
    const beat = (): void => {
      this.#elapsedMs = this.now();
      this.#beatAtMs = this.#realNow();
    };
    setInterval(beat, Math.max(1, this.#longestStepMs / 2)).unref();
  }

  /** Milliseconds since the start; 0 before it. */
  readonly now = (): number => {
    if (this.#beatAtMs === undefined) return 0;
    return this.#elapsedMs + Math.min(this.#realNow() - this.#beatAtMs, this.#longestStepMs);
  };
}
