import { openLog } from '../../../functions/log.ts';
import type { JobAlert } from '../../../shared/alert/alert.schema.ts';
import { createJobsClient } from '../../../shared/bigquery/backing-off-client.ts';
import { CallBudget } from '../../../shared/bigquery/budget.ts';
import { refuseApiWrites } from '../../../shared/bigquery/dry-run-client.ts';
import { openPolicy } from '../../../shared/enforce/open-policy.ts';
import type { Span } from '../../../shared/enforce/ports.ts';
import { type Answered, answerFailure, carryOut } from '../../../shared/enforce/retry.ts';
import type { RetryPorts } from '../../../shared/enforce/retry-ports.ts';
import type { Claim, Ledger } from '../../../shared/ledger/ledger.ts';
import { SqliteStore } from '../../../shared/ledger/sqlite-store.ts';
import { openLedger } from '../../../shared/ledger/stored-ledger.ts';
import { attemptId } from '../../../shared/retry/attempt-id.ts';
import type { JobScript } from '../../../simulator/job-script.ts';
import { Simulator } from '../../../simulator/simulator.ts';
import type { InsertedJob, InsertedLife } from '../../../simulator/state.ts';
import type { JobTruth } from '../../../simulator/truth.ts';
import { VirtualClock } from '../../../simulator/virtual-clock.ts';
import { seeded } from '../../simulator/playground.ts';
import { jobAlerts, START_MS } from '../../watchdog.ts';
import {
  apiOf,
  HOUR_MS,
  LEASE_MS,
  MINUTE_MS,
  nameOf,
  passTime,
  SECOND_MS,
  SECRET,
  spanFrom,
} from '../in-process.ts';

export { HOUR_MS, LEASE_MS, MINUTE_MS, nameOf, SECOND_MS, SECRET, START_MS };
export const ETL = 'etl-1@my-project.iam.gserviceaccount.com';
export const BACKEND_ERROR = { reason: 'backendError', message: `${SECRET} failed` };

/** One policy that has jobs of etl accounts run again three times; more keys of it, of its retry, and of the file. */
export function etlPolicy(policy = '', retry = '', file = ''): string {
  return `
version: 1
mode: enforce
${file}
policies:
  - name: etl
    match: { principals: ["etl-*@my-project.iam.gserviceaccount.com"] }
    retry: { attempts: 3, backoff: { initial: 1m, factor: 2, max: 30m }, deadline: 6h${retry} }
    ${policy}
`;
}

export interface RetryingOptions {
  readonly policies?: string;
  readonly lives?: (job: InsertedJob) => InsertedLife | undefined;
  readonly dryRun?: boolean;
  readonly clock?: VirtualClock;
  readonly simulator?: Simulator;
  readonly ledger?: Ledger;
  readonly holder?: string;
  /** Stands between the ports and whoever uses them. */
  readonly through?: (ports: RetryPorts) => RetryPorts;
}

/** What enforces retries, on virtual time, with a simulator in process and a ledger in memory. */
export interface Retrying {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly ledger: Ledger;
  readonly ports: RetryPorts;
  readonly alerts: Record<string, unknown>[];
  readonly lines: string[];
  /** What `carryOut` threw. */
  readonly faults: unknown[];
  setPolicies(text: string): void;
  span(): Span;
  /** Has `answerFailure` look at a job of `my-project`, while time passes. */
  answer(jobId?: string): Promise<Answered>;
  /** Passes time in ticks, of ten seconds unless told, and carries out what is due at each. */
  pass(ms: number, tickMs?: number): Promise<void>;
  claim(attempt: number, jobId?: string): Promise<Claim | undefined>;
  /** What was told of a job, in order: `step`, or `step because`, or `step why`. */
  told(jobId?: string): string[];
}

export async function openRetrying(options: RetryingOptions = {}): Promise<Retrying> {
  const clock = options.clock ?? new VirtualClock(START_MS);
  const random = seeded(7);
  const simulator =
    options.simulator ??
    new Simulator({ clock, random, ...(options.lives && { lifeOfInserted: options.lives }) });
  const ledger = options.ledger ?? openLedger(new SqliteStore({ path: ':memory:', clock }), clock);
  const alerts: Record<string, unknown>[] = [];
  const lines: string[] = [];
  const faults: unknown[] = [];
  const log = openLog((line) => void lines.push(line), clock, 'retry');
  let text = options.policies ?? etlPolicy();
  const publisher = { publish: async (event: object) => void alerts.push({ ...event }) };
  const shared = { clock, log, verb: 'retry' as const, ledger, publisher };
  const file = { read: async () => ({ text, generation: text }), describe: () => 'policies.yaml' };
  const api = apiOf(simulator, clock);
  const ports: RetryPorts = {
    ...shared,
    jobs: createJobsClient({
      api: options.dryRun ? refuseApiWrites(api) : api,
      clock,
      random,
      budget: new CallBudget(clock),
      log,
    }),
    policies: await clock.run(openPolicy(file, shared)),
    holder: options.holder ?? 'here',
    leaseMs: LEASE_MS,
    random,
  };
  const used = options.through?.(ports) ?? ports;
  const span = (): Span => spanFrom(clock);
  return {
    clock,
    simulator,
    ledger,
    ports: used,
    alerts,
    lines,
    faults,
    setPolicies: (changed) => {
      text = changed;
    },
    span,
    answer: (jobId = 'root') => clock.run(answerFailure(nameOf(jobId), span(), used)),
    pass: (ms, tickMs = 10 * SECOND_MS) =>
      passTime(clock, { ms, tickMs }, async () => {
        const { claims } = await ledger.dueClaims('retry', 'my-project', clock.now(), 1_000);
        for (const claim of claims)
          await clock.run(carryOut(claim, span(), used)).catch((error: unknown) => faults.push(error));
      }),
    claim: async (attempt, jobId = 'root') => (await ledger.claim(nameOf(jobId), 'retry', attempt))?.claim,
    told: (jobId = 'root') => toldOf(jobAlerts(alerts), jobId),
  };
}

function toldOf(alerts: readonly JobAlert[], jobId: string): string[] {
  return alerts
    .filter(({ data }) => data.job.jobId === jobId)
    .map(({ data: { step, because, retry } }) =>
      [step, step === 'observed' ? because : retry?.why].filter(Boolean).join(' '),
    );
}

/** What people were told of the root with this step, in order. */
export function alertsWith({ alerts }: Pick<Retrying, 'alerts'>, step: string): readonly JobAlert['data'][] {
  return jobAlerts(alerts)
    .map(({ data }) => data)
    .filter((data) => data.step === step && data.job.jobId === 'root');
}

/** The id of an attempt of a job. */
export function attempt(number: number, jobId = 'root'): string {
  return attemptId(nameOf(jobId), number) ?? '';
}

/** A query of a service account that failed a second before the start, with an error that passes. */
export function fail({ simulator }: Pick<Retrying, 'simulator'>, more: Partial<JobScript> = {}): void {
  simulator.start({
    projectId: 'my-project',
    jobId: 'root',
    principal: ETL,
    query: `SELECT '${SECRET}'`,
    createdAtMs: START_MS - 11 * SECOND_MS,
    runMs: 10 * SECOND_MS,
    error: BACKEND_ERROR,
    ...more,
  });
}

/** Every attempt fails so. */
export function failing(error = BACKEND_ERROR): (job: InsertedJob) => InsertedLife {
  return () => ({ error });
}

/** The attempts that BigQuery made jobs of, and as whom, in order. */
export function inserted({ simulator }: Pick<Retrying, 'simulator'>): string[] {
  return simulator.writes
    .filter(({ method, effective }) => method === 'insert' && effective)
    .map(({ job, by }) => `${job.jobId} by ${by}`);
}

/** A retrying with a failed job that is to be run again. */
export async function scheduled(
  options: RetryingOptions = {},
  more: Partial<JobScript> = {},
): Promise<Retrying> {
  const retrying = await openRetrying(options);
  fail(retrying, more);
  await retrying.answer();
  return retrying;
}

export function truthOf({ simulator }: Pick<Retrying, 'simulator'>, jobId: string): JobTruth | undefined {
  return simulator.truth(nameOf(jobId));
}
