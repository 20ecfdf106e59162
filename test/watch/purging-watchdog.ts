import type { JobScript } from '../../simulator/job-script.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { MINUTE_MS } from '../running-job.ts';
import { seeded } from '../simulator/playground.ts';
import { openWatchdog, START_MS, type Watchdog, type WatchdogOptions } from '../watchdog.ts';

export const HUSH = 'HUSH_8d21';
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Jobs whose text holds a customer's id are purged; those of dbt@ would be. */
export const POLICIES = `
version: 1
mode: enforce
policies:
  - name: customers
    match: { principals: ["etl@*"] }
    sensitive: { patterns: { customerId: 'CUST-[0-9]{8}' } }
    purge: { after: 15m, afterFailure: 1h, history: { acts: 1000, per: 24h, quota: 20% } }
  - name: trial
    mode: observe
    match: { principals: ["dbt@*"] }
    sensitive: { patterns: { customerId: 'CUST-[0-9]{8}' } }
    purge: {}
`;

export interface PurgingWatchdog extends Watchdog {
  /** The calls so far, such as `get job` and `list`, with when they were made. */
  readonly calls: { readonly method: string; readonly jobId: string; readonly atMs: number }[];
  /** Sweeps at these minutes after the start. */
  sweepAt(...minutes: readonly number[]): Promise<void>;
  /** Pushes a tick's message for the whole history, or for this part of it. */
  walk(fromMs?: number, toMs?: number): ReturnType<Watchdog['push']>;
  /** The ids of the jobs that are deleted, in order. */
  deleted(): string[];
  /** A job of etl@ that ended ten seconds after its creation, and whose text is sensitive. */
  sensitive(jobId: string, createdAtMs: number, more?: Partial<JobScript>): void;
  plain(jobId: string, createdAtMs: number, more?: Partial<JobScript>): void;
}

/** The function `purge` on virtual time, over a simulator whose calls are noted. */
export async function openPurge(options: Partial<WatchdogOptions> = {}): Promise<PurgingWatchdog> {
  const clock = options.clock ?? new VirtualClock(START_MS);
  const simulator = options.simulator ?? new Simulator({ clock, random: seeded(7) });
  const calls: PurgingWatchdog['calls'] = [];
  simulator.setFaults(({ method, target: jobId }) => {
    calls.push({ method, jobId, atMs: clock.now() });
    return undefined;
  });
  const watchdog = await openWatchdog({ policies: POLICIES, ...options, verb: 'purge', clock, simulator });
  const start = (jobId: string, query: string, createdAtMs: number, more: Partial<JobScript>): void => {
    simulator.start({
      projectId: 'my-project',
      jobId,
      principal: 'etl@my-project.iam.gserviceaccount.com',
      query,
      createdAtMs,
      runMs: 10_000,
      ...more,
    });
  };
  return {
    ...watchdog,
    calls,
    sweepAt: async (...minutes) => {
      for (const minute of minutes) {
        await clock.advanceTo(START_MS + minute * MINUTE_MS);
        await watchdog.sweep();
      }
    },
    walk: (fromMs = clock.now() - 180 * DAY_MS, toMs = clock.now()) => {
      const history = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
      return watchdog.push({ sweep: { projectId: 'my-project', history } });
    },
    deleted: () =>
      simulator.writes
        .filter(({ method, effective }) => method === 'delete' && effective)
        .map(({ job }) => job.jobId),
    sensitive: (jobId, createdAtMs, more = {}) =>
      start(jobId, `SELECT '${HUSH} CUST-12345678 ${jobId}'`, createdAtMs, more),
    plain: (jobId, createdAtMs, more = {}) => start(jobId, `SELECT '${HUSH} ${jobId}'`, createdAtMs, more),
  };
}

/** The data of the alerts of progress, in order. */
export function progressOf({ alerts }: Pick<PurgingWatchdog, 'alerts'>) {
  return alerts
    .filter(({ type }) => type === 'bigquery-watchdog.history.progress.v1')
    .map(({ data }) => JSON.parse(JSON.stringify(data)).history);
}
