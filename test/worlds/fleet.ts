import type { Verb } from '../../shared/ledger/verb.schema.ts';
import { Instance, type InstanceParts } from './instance.ts';
import type { WorldPlan } from './plan.ts';
import type { Answer, Delivery } from './pubsub.ts';
import type { Random } from './random.ts';
import { SWEEP_TOPICS, Ticker } from './ticker.ts';

/** What all instances of a world have in common. */
export type Shared = Pick<InstanceParts, 'scene' | 'clock' | 'trace' | 'store' | 'onLine' | 'onFreeze'>;

/** An instance of `cancel` is i1, i2, …; one of `retry` is r1, r2, …; one of `purge` is p1, p2, … */
const LETTER: Readonly<Record<Verb, string>> = { cancel: 'i', retry: 'r', purge: 'p' };

/** `tick`, and the instances that live, at most so many of each verb: one that died is followed by a new one. */
export class Fleet {
  readonly #plan: WorldPlan;
  readonly #random: Random;
  readonly #ticker: Ticker;
  readonly #shared: Shared;
  readonly #offsets: readonly number[];
  readonly #slots: Readonly<Record<Verb, (Instance | undefined)[]>>;
  readonly #born: Record<Verb, number> = { cancel: 0, retry: 0, purge: 0 };

  /** @param offsets how far the clock of each place for an instance is off, as it changes */
  constructor(plan: WorldPlan, random: Random, shared: Shared, offsets: readonly number[]) {
    this.#plan = plan;
    this.#random = random;
    this.#shared = shared;
    this.#ticker = new Ticker(plan.projects, shared.clock, shared.scene, (line) => {
      shared.trace.add('tick', () => `logs ${line.trimEnd()}`);
    });
    this.#offsets = offsets;
    this.#slots = {
      cancel: emptySlots(plan.instances),
      retry: emptySlots(plan.retry?.instances ?? 1),
      purge: emptySlots(plan.purge?.instances ?? 1),
    };
  }

  async push(delivery: Delivery): Promise<Answer> {
    const { verb } = delivery.message;
    const slots = this.#slots[verb];
    const slot = this.#random.int(0, slots.length - 1);
    if (delivery.message.kind === 'tick') return this.#ticker.push(delivery);
    let instance = slots[slot];
    if (!instance || instance.gate.isDead) {
      instance = this.#newInstance(verb, slot);
      slots[slot] = instance;
    }
    const { id } = instance;
    this.#shared.trace.add(`d${delivery.id}`, () => `goes to ${id}`);
    return instance.push(delivery);
  }

  #newInstance(verb: Verb, slot: number): Instance {
    const id = `${LETTER[verb]}${++this.#born[verb]}`;
    const { projects, tickMs, timeoutMs, dryRun, sweepTopics, purge } = this.#plan;
    return new Instance({
      ...this.#shared,
      id,
      verb,
      offsetMs: () => this.#offsets[slot] ?? 0,
      random: this.#random.fork(),
      timeoutMs,
      environment: {
        WATCHDOG_POLICIES: 'policies.yaml',
        WATCHDOG_LEDGER: 'sqlite::memory:',
        WATCHDOG_PROJECTS: projects.join(','),
        WATCHDOG_TICK_SECONDS: String(tickMs / 1_000),
        CLOUD_RUN_TIMEOUT_SECONDS: String(timeoutMs / 1_000),
        ...(purge?.holds && { WATCHDOG_HOLDS: 'holds.yaml' }),
        ...(dryRun && { WATCHDOG_DRY_RUN: 'true' }),
        ...(sweepTopics && { WATCHDOG_SWEEP_TOPICS: SWEEP_TOPICS }),
      },
    });
  }
}

function emptySlots(count: number): undefined[] {
  return Array.from({ length: count }, () => undefined);
}
