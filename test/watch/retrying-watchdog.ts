import * as z from 'zod';
import { attemptId } from '../../shared/retry/attempt-id.ts';
import type { AuditFormats } from '../../simulator/audit-log.ts';
import type { JobScript } from '../../simulator/job-script.ts';
import { Simulator } from '../../simulator/simulator.ts';
import type { InsertedJob, InsertedLife } from '../../simulator/state.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { MINUTE_MS } from '../running-job.ts';
import { seeded } from '../simulator/playground.ts';
import { jobAlerts, openWatchdog, START_MS, type Watchdog, type WatchdogOptions } from '../watchdog.ts';

export const ETL = 'etl@my-project.iam.gserviceaccount.com';
export const BACKEND_ERROR = { reason: 'backendError', message: 'HUSH_8d21 failed' };

/** Two policies: one has jobs of etl@ run again, one would. */
export const POLICIES = `
version: 1
mode: enforce
policies:
  - { name: transient, match: { principals: ["etl@*"] }, retry: { attempts: 3, backoff: { initial: 30s, max: 1m } } }
  - { name: trial, mode: observe, match: { principals: ["dbt@*"] }, retry: {} }
`;

const Named = z.object({ protoPayload: z.object({ resourceName: z.string() }) });

export interface RetryingWatchdog extends Watchdog {
  /** The audit entries so far, by the id of their job. */
  readonly entries: Map<string, Record<string, unknown>[]>;
  /** The calls so far, such as `get` and `list`. */
  readonly calls: string[];
  /** Sweeps at these minutes after the start. */
  sweepAt(...minutes: readonly number[]): Promise<void>;
  /** The jobs that were inserted, and as whom, in order. */
  inserted(): string[];
}

/** The function `retry` on virtual time, over a simulator whose calls are counted. */
export async function openRetry(
  options: Partial<WatchdogOptions> & {
    readonly lives?: (job: InsertedJob) => InsertedLife | undefined;
    /** Of audit entries. */
    readonly format?: AuditFormats;
  } = {},
): Promise<RetryingWatchdog> {
  const { lives, format = 'newer', clock = new VirtualClock(START_MS) } = options;
  const random = seeded(7);
  const simulator =
    options.simulator ??
    new Simulator({ clock, random, auditFormats: format, ...(lives && { lifeOfInserted: lives }) });
  const calls: string[] = [];
  simulator.setFaults(({ method }) => {
    calls.push(method);
    return undefined;
  });
  const entries = new Map<string, Record<string, unknown>[]>();
  simulator.onEntry((entry) => {
    const { resourceName } = Named.parse(entry).protoPayload;
    const jobId = resourceName.split('/').at(-1) ?? '';
    entries.set(jobId, [...(entries.get(jobId) ?? []), { ...entry }]);
  });
  const watchdog = await openWatchdog({ policies: POLICIES, ...options, verb: 'retry', clock, simulator });
  return {
    ...watchdog,
    entries,
    calls,
    sweepAt: async (...minutes) => {
      for (const minute of minutes) {
        await clock.advanceTo(START_MS + minute * MINUTE_MS);
        await watchdog.sweep();
      }
    },
    inserted: () =>
      simulator.writes
        .filter(({ method, effective }) => method === 'insert' && effective)
        .map(({ job, by }) => `${job.jobId} by ${by}`),
  };
}

/** A query of etl@ that fails so many seconds after the start, after ten seconds of running. No two do the same. */
export function fails(
  { simulator }: Pick<Watchdog, 'simulator'>,
  jobId: string,
  seconds: number,
  more: Partial<JobScript> = {},
): void {
  simulator.start({
    projectId: 'my-project',
    jobId,
    principal: ETL,
    query: `SELECT 'HUSH_8d21 ${jobId}'`,
    createdAtMs: START_MS + (seconds - 10) * 1_000,
    runMs: 10_000,
    error: BACKEND_ERROR,
    ...more,
  });
}

/** The id of an attempt of a job of `my-project`. */
export function attempt(jobId: string, number: number): string {
  return attemptId({ projectId: 'my-project', location: 'US', jobId }, number) ?? '';
}

/** The steps told of a job, with why it is not run again. */
export function toldOf({ alerts }: Pick<Watchdog, 'alerts'>, jobId: string): string[] {
  return jobAlerts(alerts)
    .filter(({ data }) => data.job.jobId === jobId)
    .map(({ data: { step, retry } }) => (retry?.why === undefined ? step : `${step} ${retry.why}`));
}
