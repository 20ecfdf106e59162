/** What one account has to do for all sweeps together, at a fixed time a call. */
export interface SweepWork {
  readonly projects: number;
  readonly jobsPerProject: number;
  /** In all projects together. */
  readonly offenders: number;
  readonly callMs: number;
}

/** Jobs on one page of a list, as the product asks for. */
export const PAGE_SIZE = 500;
/** Of each method, for one account over all projects [bigquery-facts: Jobs API, Limits]. */
export const REQUESTS_PER_SECOND = 100;

const SECOND_MS = 1_000;

export function pagesOf({ projects, jobsPerProject }: SweepWork): number {
  return projects * Math.max(1, Math.ceil(jobsPerProject / PAGE_SIZE));
}

/**
 * When the last cancel can reach BigQuery at the earliest, from the first message on. A page's token comes with
 * the page before, so the pages of one project follow each other; nobody is cancelled before its list is at its
 * end, for the breaker weighs the acts against all jobs; and a get comes before its cancel. The quota of one
 * account holds for lists, gets and cancels alike. Of many projects the lists, gets and cancels overlap.
 */
export function floorMs(work: SweepWork): number {
  const { projects, offenders, callMs } = work;
  const actMs = 2 * callMs;
  if (projects === 1) return pagesOf(work) * callMs + lastStartMs(offenders) + actMs;
  return Math.max(lastStartMs(pagesOf(work)), lastStartMs(offenders)) + callMs + actMs;
}

/** When the quota lets the last of so many calls begin, the first of them beginning at 0. */
export function lastStartMs(calls: number): number {
  return (Math.max(1, Math.ceil(calls / REQUESTS_PER_SECOND)) - 1) * SECOND_MS;
}
