import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { JobAlert } from '../../shared/alert/alert.schema.ts';
import type { Claim, Ledger } from '../../shared/ledger/ledger.ts';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import { openLedger } from '../../shared/ledger/stored-ledger.ts';
import type { Withheld } from '../../simulator/access.ts';
import type { Fault } from '../../simulator/faults.ts';
import type { JobScript } from '../../simulator/job-script.ts';
import { isRecord, recordAt } from '../../simulator/json.ts';
import type { InsertedLife, WriteRecord } from '../../simulator/state.ts';
import { type Served, served } from '../simulator/served.ts';
import { bqWatchdogInside, type Ended, type Setting, temporaryFolder } from './bq-watchdog.ts';
import { ledgerFile } from './ledger-file.ts';

export const ETL = 'etl@shop.iam.gserviceaccount.com';
/** As whom a command calls that has no credentials. */
export const CALLER = 'simulator@example.com';
/** Stands in every query and error message of these tests; nothing that a command prints may hold it. */
const MARKER = 'marker_of_a_secret_query';

export interface Repeat extends Setting {
  readonly args?: readonly string[];
  /** `sqlite:PATH`; without it, an empty one. */
  readonly ledger?: string;
}

export interface RepeatServer {
  /** A query of the account that failed with `backendError` a minute ago, unless told otherwise; resolves to its name. */
  failed(jobId: string, more?: Partial<JobScript> & { readonly succeeds?: boolean }): string;
  /** `jobs repeat NAME --nosync --yes`, or with these arguments in their stead. */
  repeat(name: string, how?: Repeat): Promise<Ended>;
  /** The ids of the jobs that were made, with who made them. */
  made(): readonly (readonly [jobId: string, by: string])[];
  writes(): readonly WriteRecord[];
  /** The query of the job of this id. */
  queryOf(jobId: string): string;
  address(): string;
  simulator(): Served['simulator'];
  nowMs(): number;
  /** How jobs live that are inserted from now on; without it, they have succeeded at once. */
  live(life: InsertedLife): void;
  /** What the next inserts meet that are no dry runs. */
  spoil(...faults: (Fault | undefined)[]): void;
  withhold(...withheld: Withheld[]): void;
  /** Nobody may look at this job. */
  forbid(jobId: string): void;
  ledger(fill?: (ledger: Ledger, clock: { nowMs: number }) => Promise<void>): Promise<string>;
  recorded(address: string): Promise<{ claims: readonly Claim[]; alerts: readonly JobAlert[] }>;
}

const AT_ONCE: InsertedLife = { pendingMs: 0, runMs: 0 };

/** A simulator over HTTP for the tests of one file. What all of them print is searched for the text of queries. */
export function repeatServer(): RepeatServer {
  const folder = temporaryFolder();
  let here: Served | undefined;
  let life = AT_ONCE;
  let faults: (Fault | undefined)[] = [];
  let forbidden: string | undefined;
  let printed = '';
  let ledgers = 0;
  let writesBefore = 0;
  const started = (): Served => {
    if (here === undefined) throw new Error('the simulator has not started yet');
    return here;
  };
  beforeAll(async () => {
    here = await served(1, { lifeOfInserted: () => life });
    here.simulator.setFaults(({ method, request: { body, path } }) => {
      if (method === 'get' && forbidden !== undefined && path.includes(`/${forbidden}?`)) {
        return { kind: 'accessDenied' };
      }
      return method === 'insert' && !isDryRun(body) ? faults.shift() : undefined;
    });
  });
  afterAll(() => started().server.close());
  afterEach(() => {
    expect(printed).not.toContain(MARKER);
    printed = '';
    life = AT_ONCE;
    faults = [];
    forbidden = undefined;
    started().simulator.setWithheld([]);
    started().simulator.setLists({ unreachable: [] });
    writesBefore = started().simulator.writes.length;
  });
  const ledger: RepeatServer['ledger'] = (fill = async () => undefined) =>
    ledgerFile(folder, `${ledgers++}.sqlite`, fill);
  const writes = (): readonly WriteRecord[] => started().simulator.writes.slice(writesBefore);
  return {
    failed: (jobId, { succeeds = false, ...more } = {}) => {
      started().simulator.start({
        projectId: 'shop',
        location: 'EU',
        jobId,
        principal: ETL,
        createdAtMs: started().clock.now() - 60_000,
        runMs: 1_000,
        query: queryOf(jobId),
        ...(succeeds ? {} : { error: { reason: 'backendError', message: MARKER } }),
        ...more,
      });
      return `shop:EU.${jobId}`;
    },
    repeat: async (name, { args = ['--nosync', '--yes'], ledger: address, environment, ...setting } = {}) => {
      const own = address ?? (await ledger());
      const ended = await bqWatchdogInside(['jobs', 'repeat', name, '--ledger', own, ...args], {
        environment: { WATCHDOG_BIGQUERY_ENDPOINT: started().server.address, USER: 'ada', ...environment },
        ...setting,
      });
      printed += ended.stdout + ended.stderr;
      return ended;
    },
    made: () =>
      writes()
        .filter(({ method, effective }) => method === 'insert' && effective)
        .map(({ job, by }) => [job.jobId, by]),
    writes,
    queryOf,
    address: () => started().server.address,
    simulator: () => started().simulator,
    nowMs: () => started().clock.now(),
    live: (next) => {
      life = next;
    },
    spoil: (...next) => {
      faults = next;
    },
    forbid: (jobId) => {
      forbidden = jobId;
    },
    withhold: (...withheld) => started().simulator.setWithheld(withheld),
    ledger,
    recorded: async (address) => {
      const clock = { now: () => Date.now() };
      const open = openLedger(new SqliteStore({ path: address.slice('sqlite:'.length), clock }), clock);
      const claims = await open.recentClaims(0, 100);
      const { alerts: rows } = await open.unpublishedAlerts(100);
      await open.close();
      printed += JSON.stringify({ claims, rows });
      return { claims, alerts: rows.map(({ event }) => JobAlert.parse(event)) };
    },
  };
}

function queryOf(jobId: string): string {
  return `SELECT '${MARKER}', '${jobId}'`;
}

function isDryRun(body: unknown): boolean {
  return isRecord(body) && recordAt(body, 'configuration')?.['dryRun'] === true;
}
