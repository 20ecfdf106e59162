import type { CancelBehaviour, JobScript, ScriptedType } from '../../simulator/job-script.ts';
import { drawCharge, drawQueryPart, MARKER } from './draw-query.ts';
import type { Random } from './random.ts';

const GIB = 1_073_741_824;
/** The last one has no list prices. */
const LOCATIONS = ['US', 'EU', 'europe-west2', 'europe-west9'] as const;

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
  const location = random.pick(LOCATIONS);
  return {
    projectId: projects[random.int(0, projects.length - 1)] ?? 'shop-prod',
    location,
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
    ...drawCharge(random, type, location),
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
