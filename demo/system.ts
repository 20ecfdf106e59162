import type { Runtime } from '../functions/runtime.ts';
import type { Alert } from '../shared/alert/alert.schema.ts';
import { SqliteStore } from '../shared/ledger/sqlite-store.ts';
import { serve } from '../simulator/server.ts';
import { Simulator } from '../simulator/simulator.ts';
import { WallClock } from '../simulator/wall-clock.ts';
import { AlertFeed } from './alert-feed.ts';
import { DAY_STARTS_MS, planDay } from './day.ts';
import { diceOf } from './dice.ts';
import { PROJECTS } from './kind.ts';
import { PushSubscription } from './pubsub.ts';
import { secondLives } from './second-lives.ts';
import { type ServedVerb, serveFunction, TICK_MS } from './served-function.ts';
import { tellsOfAnEnd } from './sinks.ts';
import { Stopwatch } from './stopwatch.ts';
import { Witness } from './witness.ts';

/** In simulated time: no pause of the machine makes a job overrun by more. */
const LONGEST_STEP_MS = 7_200;

export interface SystemOptions {
  readonly seed: number;
  readonly policies: string;
  /** How much faster than life its time passes. */
  readonly speed: number;
  told(alert: Alert): void;
}

/** The whole of it: a jobs API with its day of jobs, Pub/Sub, a scheduler, and the real functions. */
export interface System {
  readonly clock: WallClock;
  readonly simulator: Simulator;
  readonly witness: Witness;
  readonly feed: AlertFeed;
  /** Of `cancel`; all functions read one policy file. */
  readonly runtime: Runtime;
  /** Lets time pass. */
  start(): void;
  /** From then on nothing is delivered, and nothing told. */
  stop(): void;
  close(): Promise<void>;
}

/** @throws what `openRuntime` throws */
export async function openSystem({ seed, policies, speed, told }: SystemOptions): Promise<System> {
  const stopwatch = new Stopwatch(LONGEST_STEP_MS / speed);
  const clock = new WallClock({ startMs: DAY_STARTS_MS, speed, monotonicNow: stopwatch.now });
  const plan = planDay(seed);
  const simulator = new Simulator({
    clock,
    random: diceOf(seed).next,
    lifeOfInserted: secondLives(plan),
  });
  const witness = new Witness(simulator);
  const over = new AbortController();
  const feed = new AlertFeed((alert) => {
    if (!over.signal.aborted) told(alert);
  });
  const bigquery = await serve({ simulator: witness, clock, port: 0 });
  const store = new SqliteStore({ path: ':memory:', clock });
  const open = async (verb: ServedVerb, index: number) => {
    const served = await serveFunction(verb, {
      clock,
      random: diceOf(seed + 1 + index).next,
      policies,
      store,
      bigquery: bigquery.address,
      writeLine: (line) => feed.writeLine(line),
    });
    const { address: endpoint } = served;
    const subscription = new PushSubscription({ subscription: verb, endpoint, clock, stopped: over.signal });
    return { ...served, subscription };
  };
  const all = await Promise.all([open('cancel', 0), open('retry', 1), open('purge', 2)]);
  const [cancel, retry, purge] = all;
  for (const job of plan) simulator.start(job);
  simulator.onEntry((entry) => {
    witness.noteEntry(entry);
    void cancel.subscription.deliver(entry);
    if (!tellsOfAnEnd(entry)) return;
    for (const { subscription } of [retry, purge]) void subscription.deliver(entry);
  });
  return {
    clock,
    simulator,
    witness,
    feed,
    runtime: cancel.runtime,
    start: () => {
      stopwatch.start();
      for (const { subscription } of all)
        for (const projectId of PROJECTS) void keepSweeping(projectId, subscription, clock, over.signal);
    },
    stop: () => over.abort(),
    close: async () => {
      for (const served of all) served.close();
      await bigquery.close();
    },
  };
}

/** Cloud Scheduler's part. A tick waits for the one before it, as Pub/Sub delivers what has one ordering key. */
async function keepSweeping(
  projectId: string,
  subscription: PushSubscription,
  clock: WallClock,
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted) {
    const next = clock.sleep(TICK_MS, over).catch(() => undefined);
    await subscription.deliver({ sweep: { projectId } });
    await next;
  }
}
