import type { HoldDescription, HoldsVersion } from './holds-description.ts';
import type { PurgePlan } from './plan.ts';

/** The owner's holds file of a world, as it changes with time. */
export class HoldsFile {
  readonly #plan: PurgePlan | undefined;
  readonly #clock: { now(): number };
  #mended: HoldsVersion | undefined;

  constructor(plan: PurgePlan | undefined, clock: { now(): number }) {
    this.#plan = plan;
    this.#clock = clock;
  }

  /** Undefined where the owner names no such file. */
  now(): HoldsVersion | undefined {
    const { holds = [] } = this.#plan ?? {};
    const nowMs = this.#clock.now();
    return this.#mended ?? holds.findLast(({ fromMs }) => fromMs <= nowMs) ?? holds[0];
  }

  /** What is on hold; undefined where nobody can tell. */
  standing(): readonly HoldDescription[] | undefined {
    const now = this.now();
    return now ? now.description : [];
  }

  /** The owner mends a broken file, or does not. */
  mend(): void {
    const { holds = [], holdsStayBroken } = this.#plan ?? {};
    if (this.now()?.description || holdsStayBroken) return;
    this.#mended = holds.findLast(({ description }) => description);
  }
}
