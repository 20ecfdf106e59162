import { cancelWork } from '../functions/cancel-work.ts';
import { handlePush } from '../functions/push.ts';
import { SqliteStore } from '../shared/ledger/sqlite-store.ts';
import type { JobScript } from '../simulator/job-script.ts';
import { DOCUMENTED_QUOTAS } from '../simulator/quotas.ts';
import { Simulator } from '../simulator/simulator.ts';
import { VirtualClock } from '../simulator/virtual-clock.ts';
import { seeded } from '../test/simulator/playground.ts';
import { openWatchdog, pushBody, START_MS, type Watchdog } from '../test/watchdog.ts';
import { drawing, type Latency } from './latency.ts';
import { slowStore } from './slow-store.ts';

/** One way of crossing a limit. */
export interface Crossing {
  /** The policy's `limit`, in YAML. */
  readonly limit: string;
  readonly by: 'event' | 'tick';
  /** A job that crosses the limit at that time. */
  job(crossesAtMs: number): Partial<JobScript> & { readonly createdAtMs: number };
  /** From when on the watchdog is timed; without it from the crossing, which it cannot know of before. */
  readonly timedFrom?: 'arrival of the entry';
}

const PROJECT = 'my-project';
const TICK_MS = 60_000;

/** Assumptions, of a day on which Google's services answer as usual: docs/bench.md says so. */
const JOBS_API: Latency = { medianMs: 120, sigma: 0.6 };
const LEDGER: Latency = { medianMs: 12, sigma: 0.6 };
const ENTRY: Latency = { medianMs: 1_500, sigma: 0.6 };

/**
 * Lets so many jobs cross the limit, each at a random moment of as many seconds, and resolves to how long after it
 * each cancel reached BigQuery, in milliseconds on the virtual clock. Only events come, or only ticks.
 *
 * @throws NotCancelled
 */
export async function playCrossings(crossing: Crossing, jobs: number, seed: number): Promise<number[]> {
  const random = seeded(seed);
  const clock = new VirtualClock(START_MS);
  const callMs = drawing(JOBS_API, random);
  const faults = (): { kind: 'slow'; ms: number } => ({ kind: 'slow', ms: callMs() });
  const simulator = new Simulator({ clock, random, quotas: DOCUMENTED_QUOTAS, faults });
  const store = slowStore(new SqliteStore({ path: ':memory:', clock }), clock, drawing(LEDGER, random));
  const watchdog = await openWatchdog({ policies: policiesOf(crossing), clock, simulator, store });
  const timedFromMs = new Map<string, number>();
  const firstMs = clock.now() + 2 * TICK_MS;
  const endMs = firstMs + jobs * 1_000;
  const arrivals = crossing.by === 'event' ? deliverEntries(watchdog, drawing(ENTRY, random)) : undefined;
  for (let job = 0; job < jobs; job += 1) {
    const jobId = `job-${job}`;
    const crossesAtMs = Math.floor(firstMs + random() * (endMs - firstMs));
    timedFromMs.set(jobId, crossesAtMs);
    const script = {
      runMs: Number.POSITIVE_INFINITY,
      principal: 'ada@example.com',
      ...crossing.job(crossesAtMs),
    };
    simulator.start({ ...script, projectId: PROJECT, jobId });
  }
  if (arrivals === undefined) await tickUntil(endMs + 2 * TICK_MS, watchdog);
  else await clock.advanceTo(endMs + 2 * TICK_MS);
  const from = crossing.timedFrom === undefined ? timedFromMs : (arrivals ?? timedFromMs);
  return waitsOf(simulator, timedFromMs.keys(), from);
}

/** Every job is guilty here: a breaker would do its duty. */
function policiesOf({ limit }: Crossing): string {
  return `
version: 1
mode: enforce
breaker: { acts: 10000, per: 1h, share: 100% }
policies:
  - { name: crossed, limit: { ${limit} }, action: cancel }
`;
}

/** Pushes each audit entry some time after it was written. Returns when the first of each job arrived. */
function deliverEntries(
  { simulator, clock, runtime }: Watchdog,
  delayMs: () => number,
): ReadonlyMap<string, number> {
  const arrivals = new Map<string, number>();
  simulator.onEntry((entry) => {
    const deliver = async (): Promise<void> => {
      await clock.sleep(delayMs());
      const jobId = /\/jobs\/(job-\d+)/.exec(JSON.stringify(entry))?.[1] ?? '';
      if (!arrivals.has(jobId)) arrivals.set(jobId, clock.now());
      await handlePush(pushBody(entry), runtime, cancelWork);
    };
    // It answers whatever happens; what was not done is missed below.
    deliver().catch(() => undefined);
  });
  return arrivals;
}

async function tickUntil(endMs: number, watchdog: Watchdog): Promise<void> {
  const { clock } = watchdog;
  for (let atMs = clock.now(); atMs < endMs; atMs += TICK_MS) {
    await clock.advanceTo(atMs);
    await watchdog.sweep(PROJECT);
  }
}

function waitsOf(
  simulator: Simulator,
  jobIds: Iterable<string>,
  fromMs: ReadonlyMap<string, number>,
): number[] {
  const cancelledAtMs = new Map<string, number>();
  for (const { method, job, atMs, effective } of simulator.writes) {
    if (method === 'cancel' && effective && !cancelledAtMs.has(job.jobId)) cancelledAtMs.set(job.jobId, atMs);
  }
  return [...jobIds].map((jobId) => {
    const waitMs = (cancelledAtMs.get(jobId) ?? Number.NaN) - (fromMs.get(jobId) ?? Number.NaN);
    if (Number.isNaN(waitMs)) throw new NotCancelled(jobId);
    return waitMs;
  });
}

/** A job crossed its limit, and was left alone. */
export class NotCancelled extends Error {
  override readonly name = 'NotCancelled';
  readonly jobId: string;

  constructor(jobId: string) {
    super(
      `${jobId} crossed its limit and was not cancelled; expected every job to be: run the tests of shared/watch`,
    );
    this.jobId = jobId;
  }
}
