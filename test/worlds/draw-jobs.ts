import type { CancelBehaviour, ChildScript, JobScript, ScriptedType } from '../../simulator/job-script.ts';
import type { Random } from './random.ts';

/** Stands in every query's text and in every job's error message; it may show up nowhere else. */
export const MARKER = 'zq-secret-marker-zq';

const GIB = 1_073_741_824;
const LOCATIONS = ['US', 'EU', 'europe-west2'] as const;

export interface JobsFrame {
  readonly projects: readonly string[];
  /** Jobs are created from then on: some before the watchdog comes, in some worlds most of them. */
  readonly sinceMs: number;
  readonly untilMs: number;
}

export function drawJobs(random: Random, frame: JobsFrame): JobScript[] {
  const count = random.int(4, 22);
  return Array.from({ length: count }, (_, index) => drawJob(random, frame, index));
}

function drawJob(random: Random, { projects, sinceMs, untilMs }: JobsFrame, index: number): JobScript {
  const type: ScriptedType = random.chance(0.7) ? 'QUERY' : random.pick(['LOAD', 'EXTRACT', 'COPY']);
  const isQuery = type === 'QUERY';
  const createdAtMs = random.int(sinceMs, untilMs);
  return {
    projectId: projects[random.int(0, projects.length - 1)] ?? 'shop-prod',
    location: random.pick(LOCATIONS),
    jobId: drawId(random, index),
    principal: drawPrincipal(random),
    type,
    createdAtMs,
    labels: drawLabels(random),
    ...(isQuery && drawQueryPart(random, createdAtMs)),
    ...(random.chance(0.5) && { pendingMs: random.int(0, 120_000) }),
    runMs: random.chance(0.3) ? Number.POSITIVE_INFINITY : random.int(1_000, 420_000),
    ...(random.chance(0.1) && {
      error: { reason: 'invalidQuery', message: `Syntax error near "${MARKER}"` },
    }),
    ...(random.chance(0.12) && { jobTimeoutMs: random.int(20_000, 200_000) }),
    cancel: drawCancel(random),
    slots: random.pick([1, 5, 50]),
    bytesProcessed: random.int(0, 5 * GIB),
    emitEntries: random.chance(0.9),
  };
}

/** Ids that look like Google's, like people's, and like what they are not. */
function drawId(random: Random, index: number): string {
  const stem = random.pick(['job_', 'bquxjob_', 'script_job_', '__proto__', 'A-', '0']);
  return `${stem}${index}_${Math.floor(random.next() * 1e9).toString(36)}`;
}

function drawPrincipal(random: Random): string {
  return random.pick([
    'ann@example.com',
    'Bob.Smith@example.com',
    'oncall@example.com',
    'etl-1@shop-prod.iam.gserviceaccount.com',
    'etl-2@shop-prod.iam.gserviceaccount.com',
    'bigquery-adminbot@system.gserviceaccount.com',
    'service-123456@gcp-sa-bigquerydatatransfer.iam.gserviceaccount.com',
  ]);
}

function drawLabels(random: Random): Record<string, string> {
  return {
    ...(random.chance(0.4) && { team: random.pick(['batch', 'batch-2', 'web']) }),
    ...(random.chance(0.15) && { watchdog: random.pick(['exempt', 'no']) }),
  };
}

function drawQueryPart(random: Random, createdAtMs: number): Partial<JobScript> {
  const isScript = random.chance(0.12);
  return {
    query: `SELECT '${MARKER}' FROM sales.orders`,
    priority: random.pick(['INTERACTIVE', 'INTERACTIVE', 'BATCH']),
    ...(random.chance(0.5) && { estimatedBytes: random.int(1, 200 * GIB) }),
    ...(random.chance(0.12) && {
      lateFields: {
        [random.pick(['totalSlotMs', 'estimatedBytesProcessed', 'startTime'])]: random.int(2_000, 200_000),
      },
    }),
    ...(random.chance(0.05) && { dryRun: true }),
    ...(random.chance(0.06) && { continuous: true }),
    ...(isScript && { children: drawChildren(random, createdAtMs) }),
  };
}

function drawChildren(random: Random, createdAtMs: number): ChildScript[] {
  return Array.from({ length: random.int(1, 3) }, (_, index) => ({
    query: `SELECT '${MARKER}'`,
    createdAtMs: createdAtMs + 1_000 + index * 20_000,
    runMs: random.int(5_000, 300_000),
    slots: random.pick([1, 20]),
  }));
}

function drawCancel(random: Random): CancelBehaviour {
  return random.pick<CancelBehaviour>([
    {},
    {},
    { afterMs: 0 },
    { afterMs: 8_000 },
    { afterMs: 40_000 },
    { ignoresFirst: 1 },
    'loses-race',
    'stuck',
  ]);
}
