import { cancelWork } from '../functions/cancel-work.ts';
import { handlePush } from '../functions/push.ts';
import { SqliteStore } from '../shared/ledger/sqlite-store.ts';
import type { SimulatorMethod } from '../simulator/faults.ts';
import { DOCUMENTED_QUOTAS } from '../simulator/quotas.ts';
import { Simulator } from '../simulator/simulator.ts';
import { VirtualClock } from '../simulator/virtual-clock.ts';
import { seeded } from '../test/simulator/playground.ts';
import { openWatchdog, pushBody, START_MS } from '../test/watchdog.ts';
import { countedCalls } from './counted-calls.ts';
import { slowStore } from './slow-store.ts';
import type { SweepWork } from './sweep-floor.ts';
import { SWEEP_POLICIES, type SweptJobs, startJobs } from './sweep-jobs.ts';

export interface SweepScene extends Omit<SweepWork, 'offenders'> {
  readonly limit: SweptJobs['limit'];
  /** How long a call of the ledger takes. */
  readonly ledgerMs: number;
}

/** How the sweeps of a scene went, on virtual time. */
export interface PlayedSweeps {
  readonly offenders: number;
  /** From the messages until the last cancel reached BigQuery. */
  readonly lastCancelMs: number;
  readonly calls: ReadonlyMap<SimulatorMethod, number>;
}

/**
 * One sweep message for each project at the same moment, to one instance of the function, with every call of
 * the jobs API taking `callMs`, and of the ledger `ledgerMs`, on the virtual clock; computing takes no time.
 *
 * @throws SweepsFellShort
 */
export async function playSweeps(scene: SweepScene): Promise<PlayedSweeps> {
  const clock = new VirtualClock(START_MS);
  const { faults, calls } = countedCalls(scene.callMs);
  const simulator = new Simulator({ clock, random: seeded(7), quotas: DOCUMENTED_QUOTAS, faults });
  const projects = Array.from({ length: scene.projects }, (_, index) => `project-${index}`);
  const offenders = startJobs(simulator, projects, { ...scene, nowMs: START_MS });
  const watchdog = await openWatchdog({
    policies: SWEEP_POLICIES,
    clock,
    simulator,
    store: slowStore(new SqliteStore({ path: ':memory:', clock }), clock, () => scene.ledgerMs),
    environment: { WATCHDOG_PROJECTS: projects.join(',') },
  });
  const sentAtMs = clock.now();
  const outcomes = await clock.run(
    Promise.all(
      projects.map((projectId) =>
        handlePush(pushBody({ sweep: { projectId } }), watchdog.runtime, cancelWork),
      ),
    ),
  );
  const cancels = simulator.writes.filter(({ method, effective }) => method === 'cancel' && effective);
  const answered = outcomes.filter(({ status }) => status === 204).length;
  if (cancels.length !== offenders || answered !== projects.length)
    throw new SweepsFellShort(offenders, cancels.length, projects.length, answered);
  return { offenders, lastCancelMs: Math.max(...cancels.map(({ atMs }) => atMs)) - sentAtMs, calls };
}

/** The sweeps did not do what they are timed for. */
export class SweepsFellShort extends Error {
  override readonly name = 'SweepsFellShort';
  readonly offenders: number;
  readonly cancelled: number;
  readonly messages: number;
  readonly acknowledged: number;

  constructor(offenders: number, cancelled: number, messages: number, acknowledged: number) {
    super(
      `${cancelled} of ${offenders} offenders were cancelled and ${acknowledged} of ${messages} sweep messages acknowledged; expected all: run the tests of shared/watch`,
    );
    this.offenders = offenders;
    this.cancelled = cancelled;
    this.messages = messages;
    this.acknowledged = acknowledged;
  }
}
