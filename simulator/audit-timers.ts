import type { SimulatorClock } from './clock.ts';
import { Heap } from './heap.ts';

interface Appointment {
  readonly atMs: number;
  readonly sequence: number;
  readonly act: () => void;
}

/** Acts at given times, in their order, with one sleeper on the clock however many there are. */
export class AuditTimers {
  readonly #clock: SimulatorClock;
  readonly #appointments = new Heap<Appointment>(
    (a, b) => a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence),
  );
  #sequence = 0;
  #sleeper: { readonly untilMs: number; readonly alarm: AbortController } | undefined;

  constructor(clock: SimulatorClock) {
    this.#clock = clock;
  }

  /** Never for Infinity. */
  at(atMs: number, act: () => void): void {
    if (!Number.isFinite(atMs)) return;
    this.#appointments.add({ atMs, sequence: this.#sequence++, act });
    if (this.#sleeper !== undefined && this.#sleeper.untilMs <= atMs) return;
    this.#sleeper?.alarm.abort();
    this.#sleep(atMs);
  }

  #sleep(untilMs: number): void {
    const sleeper = { untilMs, alarm: new AbortController() };
    this.#sleeper = sleeper;
    const wake = (): void => {
      if (this.#sleeper !== sleeper) return;
      this.#sleeper = undefined;
      this.#actOnDue();
    };
    // An aborted sleep was replaced by an earlier one: nothing is lost.
    this.#clock
      .sleep(Math.max(0, untilMs - this.#clock.now()), sleeper.alarm.signal)
      .then(wake, () => undefined);
  }

  #actOnDue(): void {
    const nowMs = this.#clock.now();
    for (let next = this.#appointments.first(); next !== undefined; next = this.#appointments.first()) {
      if (next.atMs > nowMs) {
        if (this.#sleeper === undefined) this.#sleep(next.atMs);
        return;
      }
      this.#appointments.takeFirst();
      next.act();
    }
  }
}
