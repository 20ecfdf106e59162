import type { JobScript } from '../../simulator/job-script.ts';
import { drawError, type FailingJob, type FailuresFrame } from './draw-failures.ts';
import { MARKER } from './draw-query.ts';
import type { Happening } from './plan.ts';
import type { Random } from './random.ts';

/** Jobs that differ in nothing that they do. */
export interface AlikeJobs {
  /** They fail within seconds of each other, so that their retries fall due together. */
  readonly failures: readonly FailingJob[];
  /** It was there before they failed, and runs on for a while. */
  readonly others: readonly (JobScript & { readonly jobId: string })[];
  /** What only befalls worlds with a storm: lists that do not show yet what was inserted just now. */
  readonly happenings: readonly Happening[];
}

const SOME = 0.6;
const LEAST_MS = 2_000;

/** Of service accounts, and fit to be run again: what is refused falls due never. */
export function drawAlike(random: Random, { projects, sinceMs, untilMs }: FailuresFrame): AlikeJobs {
  if (!random.chance(SOME)) return { failures: [], others: [], happenings: [] };
  const failsAtMs = random.int(sinceMs, untilMs);
  const runMs = random.int(LEAST_MS, 30_000);
  const work = {
    projectId: projects[random.int(0, projects.length - 1)] ?? 'shop-prod',
    location: random.pick(['US', 'EU']),
    principal: random.pick([
      'etl-1@shop-prod.iam.gserviceaccount.com',
      'nightly@data-lake.iam.gserviceaccount.com',
    ]),
    ...drawWork(random),
  };
  const error = { reason: random.pick(['backendError', 'rateLimitExceeded']), message: MARKER };
  const failures = Array.from({ length: random.int(2, 5) }, (_, index) => ({
    ...work,
    ...drawTrimmings(random),
    jobId: `alike-${index}`,
    createdAtMs: failsAtMs - runMs + random.int(-1_500, 1_500),
    pendingMs: 0,
    runMs,
    error: random.chance(0.2) ? drawError(random) : error,
    emitEntries: random.chance(0.8),
  }));
  const stalenessMs = random.pick([40_000, 150_000]);
  const lists: Happening = { atMs: failsAtMs, kind: 'lists', stalenessMs, unreachable: [] };
  return {
    failures,
    others: random.chance(0.4) ? [drawLong(random, work, failsAtMs)] : [],
    happenings: random.chance(0.5) ? [lists] : [],
  };
}

/** Done twice it is done once, so that few policies refuse it. */
function drawWork(random: Random): Partial<JobScript> {
  const table = { projectId: 'shop-prod', datasetId: 'sales', tableId: 'alike' };
  return random.pick<Partial<JobScript>>([
    { query: `SELECT '${MARKER}' FROM sales.alike` },
    { query: `SELECT '${MARKER}'`, destinationTable: table, writeDisposition: 'WRITE_TRUNCATE' },
    { query: `CREATE OR REPLACE TABLE sales.alike AS SELECT '${MARKER}' AS name` },
    { type: 'LOAD', destinationTable: table, writeDisposition: 'WRITE_TRUNCATE' },
  ]);
}

/** What tells nothing of what a job does. */
function drawTrimmings(random: Random): Partial<JobScript> {
  return {
    ...(random.chance(0.5) && { labels: { day: random.pick(['monday', 'tuesday']) } }),
    ...(random.chance(0.2) && { jobTimeoutMs: random.int(600_000, 900_000) }),
  };
}

/** The same work of another time, begun before these failed. */
function drawLong(
  random: Random,
  work: Pick<FailingJob, 'projectId' | 'location' | 'principal'>,
  failsAtMs: number,
): JobScript & { readonly jobId: string } {
  const createdAtMs = failsAtMs - random.int(LEAST_MS + 1_000, 400_000);
  return {
    ...work,
    ...drawTrimmings(random),
    jobId: 'alike-long',
    createdAtMs,
    runMs: failsAtMs - createdAtMs + random.int(20_000, 150_000),
    ...(random.chance(0.4) && { error: drawError(random) }),
    emitEntries: random.chance(0.8),
  };
}
