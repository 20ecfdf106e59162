import { VirtualClock } from '../simulator/virtual-clock.ts';

/** Shows another time than the clock that it follows, as that of a machine whose time is wrong; time passes alike. */
export class OffsetClock extends VirtualClock {
  readonly #followed: VirtualClock;
  readonly #aheadMs: number;

  constructor(followed: VirtualClock, aheadMs: number) {
    super(followed.now());
    this.#followed = followed;
    this.#aheadMs = aheadMs;
  }

  override now(): number {
    return this.#followed.now() + this.#aheadMs;
  }

  override sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#followed.sleep(ms, signal);
  }

  override advanceTo(ms: number): Promise<void> {
    return this.#followed.advanceTo(ms - this.#aheadMs);
  }

  override run<T>(work: Promise<T>): Promise<T> {
    return this.#followed.run(work);
  }
}
