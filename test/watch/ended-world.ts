import { createJobsClient } from '../../shared/bigquery/backing-off-client.ts';
import { CallBudget } from '../../shared/bigquery/budget.ts';
import type { EnforcePorts } from '../../shared/enforce/ports.ts';
import type { Job } from '../../shared/job/job.ts';
import type { SweepMark } from '../../shared/ledger/ledger.ts';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import type { LedgerStore } from '../../shared/ledger/store.ts';
import { openLedger } from '../../shared/ledger/stored-ledger.ts';
import { type SweepLease, takeSweepLease } from '../../shared/watch/sweep-lease.ts';
import { type WhatEnded, whatEnded } from '../../shared/watch/what-ended.ts';
import type { SimulatorRequest, SimulatorResponse } from '../../simulator/request.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { simulatedJobsApi } from '../simulated-jobs-api.ts';
import { seeded } from '../simulator/playground.ts';
import { openWatchdog, START_MS } from '../watchdog.ts';

export const PROJECT = 'my-project';

export interface SweepOptions {
  /** How long the function may take. */
  readonly seconds?: number;
  /** It dies at so many calls after its start, before or after what the last one does. */
  readonly diesAt?: number;
  readonly isDoneFirst?: boolean;
  /** Two sweeps at once: as after a pause that outlasted the lease. */
  readonly ignoresLease?: boolean;
  readonly judge?: (job: Job) => Promise<void>;
}

/** One sweep: what it was given, what it did. */
export interface SweepTold {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly before: SweepMark | undefined;
  readonly result: WhatEnded | 'died' | 'lease-held' | Error;
  /** The ids of the jobs that were handed over, as often as they were. */
  readonly handed: readonly string[];
}

export interface EndedWorld {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly sweeps: SweepTold[];
  readonly store: LedgerStore;
  /** A ledger that is lost leaves an empty one. */
  loseLedger(): void;
  begin(options?: SweepOptions): Promise<SweepTold>;
  sweep(options?: SweepOptions): Promise<SweepTold>;
}

/** What becomes of an answer on its way. */
export type SpoilAnswer = (request: SimulatorRequest, answer: SimulatorResponse) => SimulatorResponse;

const unspoilt: SpoilAnswer = (_request, answer) => answer;

/** Sweeps for what ended, each by an instance of its own, over one simulator and one ledger on virtual time. */
export async function openEndedWorld({
  pageSize = 7,
  wrap = (store: LedgerStore) => store,
  spoil = unspoilt,
} = {}): Promise<EndedWorld> {
  const clock = new VirtualClock(START_MS);
  const random = seeded(11);
  const simulator = new Simulator({ clock, random });
  const openStore = (): LedgerStore => wrap(new SqliteStore({ path: ':memory:', clock }));
  let store = openStore();
  const { runtime } = await openWatchdog({ policies: 'version: 1\npolicies: []\n', clock, simulator });
  const sweeps: SweepTold[] = [];
  let ids = 0;

  async function begin(options: SweepOptions = {}): Promise<SweepTold> {
    const { seconds = 300, ignoresLease = false, judge = async () => undefined } = options;
    const gate = new Gate(options);
    const api = simulatedJobsApi((request) =>
      gate.call(async () => spoil(request, await simulator.handle(request))),
    );
    const jobs = createJobsClient({
      api,
      clock,
      random,
      budget: new CallBudget(clock),
      redactionKey: undefined,
      pageSize,
    });
    const ports: EnforcePorts = {
      ...runtime.ports,
      jobs,
      ledger: openLedger(gatedStore(store, gate), clock),
    };
    const before = (await openLedger(store, clock).sweepMark('cancel', PROJECT))?.mark;
    const startedAtMs = clock.now();
    const span = {
      startedAtMs,
      deadlineAtMs: startedAtMs + seconds * 1_000,
      horizonAtMs: startedAtMs + 59_000,
    };
    const handed: string[] = [];
    const work = async (): Promise<SweepTold['result']> => {
      const lease = ignoresLease ? NO_LEASE : await takeSweepLease(PROJECT, `sweep-${++ids}`, span, ports);
      if (!lease) return 'lease-held';
      try {
        return await whatEnded(PROJECT, lease, span, ports, (job) =>
          gate.call(async (): Promise<'judged'> => {
            await judge(job);
            handed.push(job.name.jobId);
            return 'judged';
          }),
        );
      } finally {
        await lease.release();
      }
    };
    const result = await Promise.race([work().catch(asError), gate.died]);
    const told = { startedAtMs, endedAtMs: clock.now(), before, result, handed };
    sweeps.push(told);
    return told;
  }

  return {
    clock,
    simulator,
    sweeps,
    get store() {
      return store;
    },
    loseLedger: () => {
      store = openStore();
    },
    begin,
    sweep: (options) => clock.run(begin(options)),
  };
}

const NO_LEASE: SweepLease = {
  position: undefined,
  goOnFrom: () => undefined,
  notWholeSinceMs: 0,
  isAfterDeath: false,
  becomeWhole: () => undefined,
  renew: async () => undefined,
  release: async () => undefined,
};

/** All that a sweep awaits goes through here, and after its death none of it settles. */
class Gate {
  readonly died: Promise<'died'>;
  #die: (told: 'died') => void = () => undefined;
  #isDead = false;
  #calls = 0;
  readonly #diesAt: number;
  readonly #isDoneFirst: boolean;

  constructor({ diesAt = Number.POSITIVE_INFINITY, isDoneFirst = false }: SweepOptions) {
    this.#diesAt = diesAt;
    this.#isDoneFirst = isDoneFirst;
    this.died = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  async call<T>(effect: () => Promise<T>): Promise<T> {
    await this.#alive();
    this.#calls += 1;
    const isLast = this.#calls >= this.#diesAt;
    if (isLast && !this.#isDoneFirst) await this.#end();
    const [result] = await Promise.allSettled([effect()]);
    if (isLast) await this.#end();
    await this.#alive();
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  }

  async #end(): Promise<void> {
    this.#isDead = true;
    this.#die('died');
    await this.#alive();
  }

  async #alive(): Promise<void> {
    if (this.#isDead) await new Promise(() => undefined);
  }
}

function gatedStore(store: LedgerStore, gate: Gate): LedgerStore {
  return {
    place: store.place,
    get: (...args) => gate.call(() => store.get(...args)),
    find: (...args) => gate.call(() => store.find(...args)),
    count: (...args) => gate.call(() => store.count(...args)),
    write: (...args) => gate.call(() => store.write(...args)),
    increment: (...args) => gate.call(() => store.increment(...args)),
    close: () => store.close(),
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
