/** A clock that stands still until a test moves it. */
export class ManualClock {
  nowMs: number;

  constructor(nowMs = Date.UTC(2026, 0, 1)) {
    this.nowMs = nowMs;
  }

  now(): number {
    return this.nowMs;
  }

  /** What is slept has passed at once. */
  async sleep(ms: number): Promise<void> {
    this.nowMs += ms;
  }

  advance(ms: number): void {
    this.nowMs += ms;
  }
}
