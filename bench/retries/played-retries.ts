import { handlePush } from '../../functions/push.ts';
import { retryWork } from '../../functions/retry-work.ts';
import { JobAlert } from '../../shared/alert/alert.schema.ts';
import type { SimulatorMethod } from '../../simulator/faults.ts';
import { DOCUMENTED_QUOTAS } from '../../simulator/quotas.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { seeded } from '../../test/simulator/playground.ts';
import { openWatchdog, pushBody, START_MS, type Watchdog } from '../../test/watchdog.ts';
import { countedCalls } from '../counted-calls.ts';
import { FAILED_IN, RETRY_POLICIES, startEndedJobs } from './failed-jobs.ts';
import type { RetryScene } from './retry-floor.ts';

/** One sweep, on virtual time. */
export interface PlayedSweep {
  /** From the message until the last retry was inserted, or its outcome told. */
  readonly lastMs: number;
  readonly calls: ReadonlyMap<SimulatorMethod, number>;
}

export interface PlayedRetries {
  /** The sweep that finds the failures and starts their retries. */
  readonly starting: PlayedSweep;
  /** The first one to which all of those have ended. */
  readonly settling: PlayedSweep;
}

const TICK_MS = 60_000;
/** Longer than a retry takes in the simulator. */
const RETRY_MS = 2_000;

/**
 * Two sweeps of one project, by one instance of the function: the first comes at a tick when jobs have failed, the
 * second at the first tick when their retries have succeeded. Every call takes `callMs` on the virtual clock, the
 * ledger and computing take no time, and no event tells of anything.
 *
 * @throws RetriesFellShort
 */
export async function playRetries(scene: RetryScene): Promise<PlayedRetries> {
  const clock = new VirtualClock(START_MS);
  const { faults, calls } = countedCalls(scene.callMs);
  const simulator = new Simulator({ clock, random: seeded(7), quotas: DOCUMENTED_QUOTAS, faults });
  const recoveredAtMs: number[] = [];
  const publish = async (event: { readonly type: string }): Promise<void> => {
    if (JobAlert.safeParse(event).data?.data.step === 'recovered') recoveredAtMs.push(clock.now());
  };
  const watchdog = await openWatchdog({
    policies: RETRY_POLICIES,
    verb: 'retry',
    clock,
    simulator,
    environment: { WATCHDOG_PROJECTS: FAILED_IN },
    parts: { publisher: () => ({ publish }) },
  });
  const insertedAtMs = (): number[] =>
    simulator.writes
      .filter(({ method, effective }) => method === 'insert' && effective)
      .map(({ atMs }) => atMs);
  // The one before: what ends after it is the next one's.
  await sweep(watchdog);
  startEndedJobs(simulator, scene, { fromMs: clock.now(), toMs: tickAfter(clock.now()) });
  await clock.advanceTo(tickAfter(clock.now()));
  const starting = await timed('started', scene, insertedAtMs, { watchdog, calls });
  await clock.advanceTo(tickAfter(clock.now() + RETRY_MS));
  const settling = await timed('settled', scene, () => recoveredAtMs, { watchdog, calls });
  return { starting, settling };
}

function tickAfter(ms: number): number {
  return START_MS + (Math.floor((ms - START_MS) / TICK_MS) + 1) * TICK_MS;
}

interface Playing {
  readonly watchdog: Watchdog;
  readonly calls: Map<SimulatorMethod, number>;
}

/** A sweep after which so much must have been done to every failure. */
async function timed(
  what: 'started' | 'settled',
  { failures }: RetryScene,
  doneAtMs: () => readonly number[],
  { watchdog, calls }: Playing,
): Promise<PlayedSweep> {
  calls.clear();
  const sentAtMs = watchdog.clock.now();
  const status = await sweep(watchdog);
  const done = doneAtMs();
  if (done.length !== failures || status !== 204)
    throw new RetriesFellShort(what, failures, done.length, status);
  return { lastMs: Math.max(...done) - sentAtMs, calls: new Map(calls) };
}

async function sweep({ clock, runtime }: Watchdog): Promise<number> {
  const message = pushBody({ sweep: { projectId: FAILED_IN } });
  return (await clock.run(handlePush(message, runtime, retryWork))).status;
}

/** A sweep did not do what it is timed for. */
export class RetriesFellShort extends Error {
  override readonly name = 'RetriesFellShort';
  readonly failures: number;
  readonly done: number;
  readonly status: number;

  constructor(what: 'started' | 'settled', failures: number, done: number, status: number) {
    super(
      `${done} retries of ${failures} failures were ${what} and the sweep was answered ${status}; expected all and 204: run the tests of shared/watch`,
    );
    this.failures = failures;
    this.done = done;
    this.status = status;
  }
}
