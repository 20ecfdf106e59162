import { afterAll, beforeAll } from 'vitest';
import type { Permission } from '../../simulator/access.ts';
import type { FaultRule } from '../../simulator/fault-rules.ts';
import type { JobScript } from '../../simulator/job-script.ts';
import type { JobTruth } from '../../simulator/truth.ts';
import { type Served, served } from '../simulator/served.ts';

/** Stands in every query of these tests; nothing that a command prints may hold it. */
export const MARKER = 'marker_of_a_secret_query';

export interface JobsServer {
  /** What commands need of the environment to find it. */
  environment(): Record<string, string>;
  address(): string;
  nowMs(): number;
  /** A query of `shop-finance` that runs until it is stopped, begun so many minutes ago. */
  running(jobId: string, minutes: number, more?: Partial<JobScript>): void;
  truth(jobId: string, location?: string): JobTruth | undefined;
  /** The ids of the children of a job. */
  childrenOf(jobId: string): readonly string[];
  /** Of a job of any project. */
  truthOf(name: Parameters<Served['simulator']['truth']>[0]): JobTruth | undefined;
  /** Withholds every permission on this project; undefined gives them back. */
  deny(projectId: string | undefined): void;
  /** Withholds one permission from everybody; undefined gives it back. */
  withhold(permission: Permission | undefined): void;
  /** Every cancel, or the next ones, meets this. */
  refuseCancels(fault: FaultRule['fault'], times?: number): void;
  /** Every call of these methods meets this; undefined: none does. */
  set(fault: FaultRule['fault'] | undefined, methods: NonNullable<FaultRule['methods']>): void;
  /** Locations that do not answer lists. */
  unreachable(...locations: string[]): void;
  /** How many writes reached BigQuery. */
  writes(): number;
}

/** A simulator over HTTP for the tests of one file. */
export function jobsServer(): JobsServer {
  let here: Served | undefined;
  const started = (): Served => {
    if (here === undefined) throw new Error('the simulator has not started yet');
    return here;
  };
  beforeAll(async () => {
    here = await served();
  });
  afterAll(() => started().server.close());
  return {
    environment: () => ({ WATCHDOG_BIGQUERY_ENDPOINT: started().server.address, USER: 'ada' }),
    address: () => started().server.address,
    nowMs: () => started().clock.now(),
    running: (jobId, minutes, more = {}) =>
      void started().simulator.start({
        projectId: 'shop-finance',
        jobId,
        principal: 'ada@example.com',
        createdAtMs: started().clock.now() - minutes * 60_000,
        runMs: Number.POSITIVE_INFINITY,
        query: `select '${MARKER}'`,
        ...more,
      }),
    truth: (jobId, location = 'US') =>
      started().simulator.truth({ projectId: 'shop-finance', location, jobId }),
    childrenOf: (jobId) =>
      started()
        .simulator.allTruths()
        .filter(({ parentJobId }) => parentJobId === jobId)
        .map((child) => child.jobId),
    truthOf: (name) => started().simulator.truth(name),
    set: (fault, methods) =>
      started().simulator.applyFaultSettings({ rules: fault ? [{ fault, methods }] : [] }),
    deny: (projectId) =>
      started().simulator.setFaults(({ request }) =>
        request.path.includes(`/projects/${projectId}/`) ? { kind: 'accessDenied' } : undefined,
      ),
    withhold: (permission) =>
      started().simulator.setWithheld(permission === undefined ? [] : [{ permissions: [permission] }]),
    refuseCancels: (fault, times) =>
      started().simulator.applyFaultSettings({
        rules: [{ fault, methods: ['cancel'], ...(times !== undefined && { times }) }],
      }),
    unreachable: (...unreachable) => started().simulator.setLists({ unreachable }),
    writes: () => started().simulator.writes.length,
  };
}
