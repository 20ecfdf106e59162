import { AsyncLocalStorage } from 'node:async_hooks';
import { cancelWork } from '../../functions/cancel-work.ts';
import { purgeWork } from '../../functions/purge-work.ts';
import { handlePush } from '../../functions/push.ts';
import { retryWork } from '../../functions/retry-work.ts';
import { openRuntime, type Runtime } from '../../functions/runtime.ts';
import type { Work } from '../../functions/work.ts';
import type { Verb } from '../../shared/ledger/verb.schema.ts';
import { partsOf } from './instance-ports.ts';
import { PortGate, type WorldClock } from './port-gate.ts';
import type { Answer, Delivery } from './pubsub.ts';
import type { Random } from './random.ts';
import type { Scene } from './scene.ts';
import type { SharedStore, StoreUser } from './shared-store.ts';
import type { Trace } from './trace.ts';

export interface InstanceParts {
  readonly id: string;
  readonly verb: Verb;
  readonly scene: Scene;
  readonly clock: WorldClock;
  readonly offsetMs: () => number;
  readonly random: Random;
  readonly trace: Trace;
  readonly store: SharedStore;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly onLine: (instance: string, line: string) => void;
  readonly onFreeze: (instance: string) => void;
}

/** Which delivery the code that runs now works for. */
export const currentDelivery = new AsyncLocalStorage<Delivery>();

const WORK: Readonly<Record<Verb, Work>> = { cancel: cancelWork, retry: retryWork, purge: purgeWork };

/** One instance of the function `cancel`, `retry` or `purge`: the real composition and the real handler, on ports that fail. */
export class Instance implements StoreUser {
  readonly id: string;
  readonly gate: PortGate;
  readonly #parts: InstanceParts;
  readonly #runtime: Promise<Runtime>;
  #holder: string | undefined;

  constructor(parts: InstanceParts) {
    this.id = parts.id;
    this.#parts = parts;
    const { scene, clock, random, trace } = parts;
    this.gate = new PortGate({
      id: parts.id,
      clock,
      random: random.fork(),
      trace,
      counts: scene.counts,
      rates: () => ({ ...scene.rates(), slow: scene.rates().apiFault / 10 }),
      onFreeze: () => parts.onFreeze(parts.id),
    });
    this.#runtime = this.#open();
    // A failed start is told to whoever waits for it.
    this.#runtime.catch(() => undefined);
  }

  /** What the product calls this instance; unknown until it has started. */
  get holder(): string | undefined {
    return this.#holder;
  }

  now(): number {
    return this.#parts.clock.now() + this.#parts.offsetMs();
  }

  async #open(): Promise<Runtime> {
    const { id, verb, scene, random, store, environment, onLine } = this.#parts;
    const runtime = await openRuntime(
      verb,
      {
        clock: { now: () => this.now(), sleep: (ms, signal) => this.gate.sleep(ms, signal) },
        random: random.fork().next,
        environment,
        writeLine: (line) => onLine(id, line),
      },
      partsOf(id, this.gate, store.as(this), scene),
    );
    this.#holder = runtime.ports.holder;
    return runtime;
  }

  /** As the platform answers for it: 504 when it takes too long; then it may die or, worse, go on. */
  async push(delivery: Delivery): Promise<Answer> {
    const { clock, timeoutMs, scene, random } = this.#parts;
    const timeout = clock.sleep(timeoutMs).then(() => 'timeout' as const);
    const death = this.gate.died.then(() => 'gone' as const);
    const answer = await Promise.race([
      currentDelivery.run(delivery, () => this.#handle(delivery)),
      timeout,
      death,
    ]);
    if (answer !== 'timeout') return answer;
    scene.counts.add('function timeout');
    if (random.chance(0.6)) this.gate.kill('killed after its timeout');
    return { status: 504 };
  }

  async #handle(delivery: Delivery): Promise<Answer> {
    let runtime: Runtime;
    try {
      runtime = await this.#runtime;
    } catch {
      this.gate.kill('did not start');
      return { status: 503 };
    }
    return handlePush(delivery.message.body, runtime, WORK[this.#parts.verb]);
  }
}
