import { cancelWork } from '../functions/cancel-work.ts';
import type { Outcome } from '../functions/outcome.ts';
import { purgeWork } from '../functions/purge-work.ts';
import { handlePush } from '../functions/push.ts';
import { retryWork } from '../functions/retry-work.ts';
import { openRuntime, type Parts, type Runtime } from '../functions/runtime.ts';
import { JobAlert } from '../shared/alert/alert.schema.ts';
import { SqliteStore } from '../shared/ledger/sqlite-store.ts';
import type { LedgerStore } from '../shared/ledger/store.ts';
import { OwnerFileUnreadable } from '../shared/owner-files/errors.ts';
import { Simulator } from '../simulator/simulator.ts';
import { VirtualClock } from '../simulator/virtual-clock.ts';
import { type Handle, simulatedImpersonator, simulatedJobsApi } from './simulated-jobs-api.ts';
import { seeded } from './simulator/playground.ts';

export const START_MS = Date.UTC(2026, 8, 1, 12, 0, 0);

const WORKS = { cancel: cancelWork, retry: retryWork, purge: purgeWork };

export interface WatchdogOptions {
  /** Which function; `cancel` if not said. */
  readonly verb?: keyof typeof WORKS;
  readonly policies: string;
  /** The text of the file of legal holds; none if not said. */
  readonly holds?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly parts?: Partial<Parts>;
  readonly simulator?: Simulator;
  readonly clock?: VirtualClock;
  readonly store?: LedgerStore;
}

/**
 * A function as it is composed for the cloud, on virtual time: a simulator in process, a ledger in
 * memory, and what was published and logged at hand.
 */
export interface Watchdog {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly runtime: Runtime;
  readonly store: LedgerStore;
  /** CloudEvents, in the order of their publishing. */
  readonly alerts: Record<string, unknown>[];
  /** Sweeps that were sent on, as `VERB PROJECT`, of history with its range after it. */
  readonly continuations: string[];
  /** The lines of the log. */
  readonly lines: string[];
  /** Replaces the policy file. */
  setPolicies(text: string): void;
  /** Replaces the file of legal holds; undefined: it cannot be read. */
  setHolds(text: string | undefined): void;
  /** Pushes a message and passes time until it is answered. */
  push(content: unknown): Promise<Outcome>;
  sweep(projectId?: string): Promise<Outcome>;
  /** The steps told of a job, in order: `cancelling`, `cancelled`, … */
  stepsOf(jobId: string): string[];
}

export async function openWatchdog(options: WatchdogOptions): Promise<Watchdog> {
  const { verb = 'cancel', clock = new VirtualClock(START_MS) } = options;
  const random = seeded(7);
  const simulator = options.simulator ?? new Simulator({ clock, random });
  const store = options.store ?? new SqliteStore({ path: ':memory:', clock });
  const alerts: Record<string, unknown>[] = [];
  const lines: string[] = [];
  const continuations: string[] = [];
  let policies = options.policies;
  let holds = options.holds;
  const environment = {
    WATCHDOG_POLICIES: 'policies.yaml',
    WATCHDOG_LEDGER: 'sqlite::memory:',
    WATCHDOG_PROJECTS: 'my-project,other-project',
    WATCHDOG_SWEEP_TOPICS: '',
    ...options.environment,
  };
  const parts: Parts = {
    jobsApi: () => {
      const handle: Handle = (request) => simulator.handle(request);
      return simulatedJobsApi(handle, { impersonator: simulatedImpersonator(handle, clock) });
    },
    store: () => store,
    policyFile: () => ({
      read: async () => ({ text: policies, generation: policies }),
      describe: () => 'policies.yaml',
    }),
    holdsFile: () =>
      options.holds === undefined
        ? undefined
        : {
            read: async () => {
              if (holds === undefined) throw new OwnerFileUnreadable('holds.yaml', 'it is gone');
              return { text: holds, generation: holds };
            },
            describe: () => 'holds.yaml',
          },
    publisher: () => ({ publish: async (event) => void alerts.push({ ...event }) }),
    sweepMessages: () => ({
      has: (verb) => environment.WATCHDOG_SWEEP_TOPICS.includes(`${verb}=`),
      publish: async (verb, projectId, history) =>
        void continuations.push(
          [verb, projectId, ...(history ? [history.fromMs, history.toMs] : [])].join(' '),
        ),
    }),
    ...options.parts,
  };
  const world = { clock, random, environment, writeLine: (line: string) => void lines.push(line) };
  const runtime = await clock.run(openRuntime(verb, world, parts));
  const push = (content: unknown): Promise<Outcome> =>
    clock.run(handlePush(pushBody(content), runtime, WORKS[verb]));
  return {
    clock,
    simulator,
    runtime,
    store,
    alerts,
    continuations,
    lines,
    setPolicies: (text) => {
      policies = text;
    },
    setHolds: (text) => {
      holds = text;
    },
    push,
    sweep: (projectId = 'my-project') => push({ sweep: { projectId } }),
    stepsOf: (jobId) =>
      jobAlerts(alerts).flatMap(({ data }) => (data.job.jobId === jobId ? [data.step] : [])),
  };
}

/** The alerts about jobs, each held to the published schema. */
export function jobAlerts(alerts: readonly Record<string, unknown>[]): JobAlert[] {
  return alerts
    .filter(({ type }) => String(type).startsWith('bigquery-watchdog.job.'))
    .map((event) => JobAlert.parse(event));
}

/** A push request's body around this content. */
export function pushBody(content: unknown): unknown {
  const data = Buffer.from(JSON.stringify(content)).toString('base64');
  return { message: { data, messageId: '1' }, subscription: 'projects/p/subscriptions/s' };
}
