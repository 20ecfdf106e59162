import type { Counts } from './counts.ts';
import type { Random } from './random.ts';
import type { Trace } from './trace.ts';

/** The world's own clock; it may tell nothing of an instance's. */
export interface WorldClock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface GateRates {
  readonly crash: number;
  readonly freeze: number;
  readonly latencyMs: number;
  readonly slow: number;
}

export interface GateParts {
  readonly id: string;
  readonly clock: WorldClock;
  readonly random: Random;
  readonly trace: Trace;
  readonly counts: Counts;
  readonly rates: () => GateRates;
  readonly onFreeze: () => void;
}

/**
 * All that one instance awaits goes through here. It takes a while, and the instance may die or freeze at
 * any of it: then no promise of its ports settles any more, or not for a while. Half of the time the effect
 * of the call at which it happens has happened, half not.
 */
export class PortGate {
  readonly died: Promise<void>;
  #isDead = false;
  #frozenUntilMs = 0;
  #die: () => void = () => undefined;
  readonly #parts: GateParts;

  constructor(parts: GateParts) {
    this.#parts = parts;
    this.died = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  kill(why: string): void {
    if (this.#isDead) return;
    this.#isDead = true;
    this.#parts.counts.add(`death: ${why}`);
    this.#parts.trace.add(this.#parts.id, () => `dies: ${why}`);
    this.#die();
  }

  async call<T>(name: string, effect: () => Promise<T>): Promise<T> {
    const { random, rates, clock } = this.#parts;
    await this.#alive();
    const { latencyMs, slow } = rates();
    const waitMs = random.chance(slow) ? random.int(2_000, 30_000) : random.int(0, latencyMs);
    const isEffectFirst = random.chance(0.5);
    if (this.#fallsHere(name, effect)) await this.#alive();
    if (waitMs > 0 && !isEffectFirst) {
      await clock.sleep(waitMs);
      await this.#alive();
    }
    const [result] = await Promise.allSettled([effect()]);
    if (waitMs > 0 && isEffectFirst) await clock.sleep(waitMs);
    await this.#alive();
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  }

  /** Sleeping is awaiting too. */
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await this.#alive();
    if (this.#fallsHere('sleep')) await this.#alive();
    try {
      await this.#parts.clock.sleep(ms, signal);
    } finally {
      await this.#alive();
    }
  }

  /** Whether the instance dies or freezes at this call. */
  #fallsHere(name: string, effect?: () => Promise<unknown>): boolean {
    const { random, rates, clock, trace, id, counts, onFreeze } = this.#parts;
    const { crash, freeze } = rates();
    const drawn = random.next();
    if (drawn >= crash + freeze) return false;
    if (drawn < crash) {
      const isDone = random.chance(0.5);
      if (isDone) effect?.().catch(() => undefined);
      this.kill(`crash ${isDone ? 'after' : 'before'} ${name}`);
      return true;
    }
    this.#frozenUntilMs = clock.now() + random.int(5_000, 400_000);
    counts.add(`freeze: ${name}`);
    trace.add(id, () => `freezes at ${name} for ${(this.#frozenUntilMs - clock.now()) / 1_000} s`);
    onFreeze();
    return true;
  }

  async #alive(): Promise<void> {
    const { clock } = this.#parts;
    while (!this.#isDead && clock.now() < this.#frozenUntilMs)
      await clock.sleep(this.#frozenUntilMs - clock.now());
    if (this.#isDead) await new Promise(() => undefined);
  }
}
