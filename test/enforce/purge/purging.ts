import { openLog } from '../../../functions/log.ts';
import { createJobsClient } from '../../../shared/bigquery/backing-off-client.ts';
import { CallBudget } from '../../../shared/bigquery/budget.ts';
import { refuseApiWrites } from '../../../shared/bigquery/dry-run-client.ts';
import type { JobsApi } from '../../../shared/bigquery/jobs-api.ts';
import { type FollowedEnd, followEndedJob } from '../../../shared/enforce/follow-ended.ts';
import { openHolds } from '../../../shared/enforce/open-holds.ts';
import { openPolicy } from '../../../shared/enforce/open-policy.ts';
import type { Span } from '../../../shared/enforce/ports.ts';
import { type CarriedOut, carryOutPurge } from '../../../shared/enforce/purge.ts';
import type { PurgePorts } from '../../../shared/enforce/purge-ports.ts';
import type { Claim, Ledger, PurgeDetails } from '../../../shared/ledger/ledger.ts';
import { SqliteStore } from '../../../shared/ledger/sqlite-store.ts';
import { openLedger } from '../../../shared/ledger/stored-ledger.ts';
import { OwnerFileUnreadable } from '../../../shared/owner-files/errors.ts';
import type { JobScript } from '../../../simulator/job-script.ts';
import { Simulator } from '../../../simulator/simulator.ts';
import { VirtualClock } from '../../../simulator/virtual-clock.ts';
import { seeded } from '../../simulator/playground.ts';
import { jobAlerts, START_MS } from '../../watchdog.ts';
import {
  apiOf,
  DAY_MS,
  HOUR_MS,
  LEASE_MS,
  MINUTE_MS,
  nameOf,
  passTime,
  SECOND_MS,
  SECRET,
  spanFrom,
} from '../in-process.ts';

export { DAY_MS, HOUR_MS, LEASE_MS, MINUTE_MS, nameOf, SECOND_MS, SECRET, START_MS };
export const KEY = 'a-key-for-tests';
export const PERSON = 'ada@example.com';

/** One policy that has jobs of PERSON purged 15 minutes after their end; more keys of it, of its purge, and of the file. */
export function purgePolicy(policy = '', purge = '', file = ''): string {
  return `
version: 1
mode: enforce
${file}
policies:
  - name: secrets
    sensitive: { principals: ["*@example.com"] }
    purge: { after: 15m, afterFailure: 24h${purge} }
    ${policy}
`;
}

/** A hold on these jobs of `my-project`, in US. */
export function holding(...jobIds: string[]): string {
  const jobs = jobIds.map((jobId) => `"my-project:US.${jobId}"`).join(', ');
  return `
version: 1
holds:
  - { id: case-1, reason: Litigation, until: indefinite, match: { jobs: [${jobs}] } }
`;
}

export interface PurgingOptions {
  readonly policies?: string;
  readonly holds?: string;
  readonly dryRun?: boolean;
  readonly redactionKey?: string;
  readonly clock?: VirtualClock;
  readonly simulator?: Simulator;
  readonly ledger?: Ledger;
  readonly holder?: string;
  /** Stands between the ports and whoever uses them. */
  readonly through?: (ports: PurgePorts) => PurgePorts;
}

/** What enforces purges, on virtual time, with a simulator in process and a ledger in memory. */
export interface Purging {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly ledger: Ledger;
  readonly ports: PurgePorts;
  readonly alerts: Record<string, unknown>[];
  readonly lines: string[];
  /** The calls of the jobs API, by method and id, in order. */
  readonly calls: string[];
  /** What `carryOutPurge` threw. */
  readonly faults: unknown[];
  setPolicies(text: string): void;
  /** `undefined`: the file cannot be read. */
  setHolds(text: string | undefined): void;
  span(): Span;
  /** Has `followEndedJob` look at a job of `my-project`, while time passes. */
  follow(jobId?: string, by?: PurgeDetails['by']): Promise<FollowedEnd>;
  /** Carries out the claim of a job, due or not. */
  carryOut(jobId?: string): Promise<CarriedOut>;
  /** Passes time in ticks, of a minute unless told, and carries out what is due at each. */
  pass(ms: number, tickMs?: number): Promise<void>;
  claim(jobId?: string): Promise<Claim | undefined>;
  /** What was told of a job, in order: `step`, or `step because`. */
  told(jobId?: string): string[];
}

export async function openPurging(options: PurgingOptions = {}): Promise<Purging> {
  const clock = options.clock ?? new VirtualClock(START_MS);
  const random = seeded(7);
  const simulator = options.simulator ?? new Simulator({ clock, random });
  const ledger = options.ledger ?? openLedger(new SqliteStore({ path: ':memory:', clock }), clock);
  const alerts: Record<string, unknown>[] = [];
  const lines: string[] = [];
  const faults: unknown[] = [];
  const log = openLog((line) => void lines.push(line), clock, 'purge');
  let policies = options.policies ?? purgePolicy();
  let holds: string | undefined = options.holds ?? 'version: 1\nholds: []\n';
  const publisher = { publish: async (event: object) => void alerts.push({ ...event }) };
  const shared = { clock, log, verb: 'purge' as const, ledger, publisher };
  const policyFile = {
    read: async () => ({ text: policies, generation: policies }),
    describe: () => 'policies.yaml',
  };
  const holdsFile = {
    read: async () => {
      if (holds === undefined) throw new OwnerFileUnreadable('holds.yaml', 'EIO');
      return { text: holds, generation: holds };
    },
    describe: () => 'holds.yaml',
  };
  const { redactionKey } = options;
  const calls: string[] = [];
  const api = counted(apiOf(simulator, clock), calls);
  const ports: PurgePorts = {
    ...shared,
    jobs: createJobsClient({
      api: options.dryRun ? refuseApiWrites(api) : api,
      clock,
      random,
      budget: new CallBudget(clock),
      redactionKey,
      log,
    }),
    policies: await clock.run(openPolicy(policyFile, shared)),
    holds: openHolds(holdsFile, shared),
    holder: options.holder ?? 'here',
    leaseMs: LEASE_MS,
    random,
    redactionKey,
  };
  const used = options.through?.(ports) ?? ports;
  const span = (): Span => spanFrom(clock);
  const claim = async (jobId = 'job') => (await ledger.claim(nameOf(jobId), 'purge', 1))?.claim;
  return {
    clock,
    simulator,
    ledger,
    ports: used,
    alerts,
    lines,
    calls,
    faults,
    setPolicies: (text) => {
      policies = text;
    },
    setHolds: (text) => {
      holds = text;
    },
    span,
    follow: (jobId = 'job', by = 'live') => clock.run(followEndedJob(nameOf(jobId), by, span(), used)),
    carryOut: async (jobId) => {
      const due = await claim(jobId);
      if (!due) throw new Error('there is no claim');
      return clock.run(carryOutPurge(due, span(), used));
    },
    pass: (ms, tickMs = MINUTE_MS) =>
      passTime(clock, { ms, tickMs }, async () => {
        const { claims } = await ledger.dueClaims('purge', 'my-project', clock.now(), 1_000);
        for (const due of claims)
          await clock.run(carryOutPurge(due, span(), used)).catch((error: unknown) => faults.push(error));
      }),
    claim,
    told: (jobId = 'job') =>
      jobAlerts(alerts)
        .filter(({ data }) => data.job.jobId === jobId)
        .map(({ data: { step, because } }) => [step, because].filter(Boolean).join(' ')),
  };
}

/** A query of PERSON that ended a second before the start. */
export function end({ simulator }: Pick<Purging, 'simulator'>, more: Partial<JobScript> = {}): void {
  simulator.start({
    projectId: 'my-project',
    jobId: 'job',
    principal: PERSON,
    query: `SELECT '${SECRET}'`,
    createdAtMs: START_MS - 11 * SECOND_MS,
    runMs: 10 * SECOND_MS,
    ...more,
  });
}

/** A purging with a job that is to be purged 15 minutes after its end. */
export async function scheduled(
  options: PurgingOptions = {},
  more: Partial<JobScript> = {},
): Promise<Purging> {
  const purging = await openPurging(options);
  end(purging, more);
  await purging.follow(more.jobId);
  return purging;
}

/** The jobs that were deleted, in order. */
export function deleted({ simulator }: Pick<Purging, 'simulator'>): string[] {
  return simulator.deleted.map(({ truth }) => truth.jobId);
}

/** How many deletes BigQuery was sent. */
export function asked({ calls }: Pick<Purging, 'calls'>): number {
  return calls.filter((call) => call.startsWith('delete ')).length;
}

/** The id of the first child of `job`. */
export function childOf({ simulator }: Pick<Purging, 'simulator'>): string {
  const child = simulator.allTruths().find(({ parentJobId }) => parentJobId === 'job');
  if (!child) throw new Error('there is no child');
  return child.jobId;
}

function counted(api: JobsApi, calls: string[]): JobsApi {
  return {
    ...api,
    get: (request, signal) => {
      calls.push(`get ${request.jobId}`);
      return api.get(request, signal);
    },
    list: (request, signal) => {
      calls.push(`list ${request.parentJobId ?? ''}`);
      return api.list(request, signal);
    },
    delete: (name, signal) => {
      calls.push(`delete ${name.jobId}`);
      return api.delete(name, signal);
    },
  };
}
