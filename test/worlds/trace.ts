/** What happened in a world, one line each, for people. Costs nothing when nobody reads it. */
export class Trace {
  readonly lines: string[] = [];
  readonly #now: () => number;
  readonly #startMs: number;
  readonly #isOn: boolean;

  constructor(isOn: boolean, startMs: number, now: () => number) {
    this.#isOn = isOn;
    this.#startMs = startMs;
    this.#now = now;
  }

  add(who: string, what: () => string): void {
    if (!this.#isOn) return;
    const seconds = ((this.#now() - this.#startMs) / 1_000).toFixed(3).padStart(9);
    this.lines.push(`${seconds}  ${who.padEnd(9)} ${what()}`);
  }
}
