import type { ChildScript, JobError, JobScript, ScriptedType } from '../../simulator/job-script.ts';
import { MARKER } from './draw-query.ts';
import type { Random } from './random.ts';

/** A job that is going to fail, with all that its repetitions are made of. */
export interface FailingJob extends JobScript {
  readonly location: string;
  readonly jobId: string;
  readonly principal: string;
  readonly createdAtMs: number;
  readonly pendingMs: number;
  readonly runMs: number;
  readonly error: JobError;
}

const ACCOUNTS = [
  'etl-1@shop-prod.iam.gserviceaccount.com',
  'etl-1@shop-prod.iam.gserviceaccount.com',
  'etl-2@shop-prod.iam.gserviceaccount.com',
  'nightly@data-lake.iam.gserviceaccount.com',
  '123456789-compute@developer.gserviceaccount.com',
] as const;

const NOT_ACCOUNTS = [
  'ann@example.com',
  'bigquery-adminbot@system.gserviceaccount.com',
  'service-123456@gcp-sa-bigquerydatatransfer.iam.gserviceaccount.com',
] as const;

const TRANSIENT = [
  'backendError',
  'internalError',
  'rateLimitExceeded',
  'jobBackendError',
  'tableUnavailable',
] as const;
const MAY_PASS = ['quotaExceeded', 'resourcesExceeded', 'timeout'] as const;
/** The last one is nobody's word. */
const FOR_GOOD = ['invalidQuery', 'accessDenied', 'notFound', 'stopped', 'fluxCapacitorEmpty'] as const;

export interface FailuresFrame {
  readonly projects: readonly string[];
  /** They fail from then on. */
  readonly sinceMs: number;
  readonly untilMs: number;
}

export function drawFailures(random: Random, frame: FailuresFrame): FailingJob[] {
  return Array.from({ length: random.int(2, 8) }, (_, index) => drawFailure(random, frame, index));
}

function drawFailure(
  random: Random,
  { projects, sinceMs, untilMs }: FailuresFrame,
  index: number,
): FailingJob {
  const type: ScriptedType = random.chance(0.75) ? 'QUERY' : random.pick(['LOAD', 'EXTRACT', 'COPY']);
  const failsAtMs = random.int(sinceMs, untilMs);
  // Some have run for longer than sweeps look back for new jobs.
  const runMs = random.chance(0.25) ? random.int(900_000, 5_400_000) : random.int(500, 60_000);
  const pendingMs = random.pick([0, 0, 5_000]);
  return {
    projectId: projects[random.int(0, projects.length - 1)] ?? 'shop-prod',
    location: random.pick(['US', 'US', 'EU', 'europe-west2']),
    jobId: `${random.pick(['job_', 'airflow-', 'script_job_', 'dbt_'])}f${index}_${random.int(0, 1e6)}`,
    principal: random.chance(0.88) ? random.pick(ACCOUNTS) : random.pick(NOT_ACCOUNTS),
    type,
    createdAtMs: failsAtMs - runMs - pendingMs,
    pendingMs,
    runMs,
    // Its own time is not what it fails of.
    ...(random.chance(0.2) && { jobTimeoutMs: pendingMs + runMs + random.int(1_000, 200_000) }),
    labels: {
      ...(random.chance(0.3) && { team: random.pick(['batch', 'web']) }),
      ...(random.chance(0.1) && { watchdog: 'exempt' }),
      ...(random.chance(0.05) && { 'bq-watchdog-attempt': '2' }),
    },
    ...drawWork(random, type, index),
    error: drawError(random),
    ...(random.chance(0.2) && { moreErrors: [drawError(random)] }),
    emitEntries: random.chance(0.85),
  };
}

/** Of a failure that passes, mostly. */
export function drawError(random: Random): JobError {
  const message = `It broke at "${MARKER}"`;
  if (random.chance(0.8)) return { reason: random.pick(TRANSIENT), message };
  if (random.chance(0.4)) return { reason: random.pick(MAY_PASS), message };
  if (random.chance(0.25)) {
    const why = 'would affect rows in the streaming buffer, which is not supported';
    return { reason: 'badRequest', message: random.chance(0.7) ? `${MARKER}: it ${why}` : message };
  }
  return { reason: random.pick(FOR_GOOD), message };
}

/** What the job does. Some do the same as another one by another account or in another place. */
function drawWork(random: Random, type: ScriptedType, index: number): Partial<JobScript> {
  const table = `t${random.chance(0.85) ? index : 0}`;
  const disposition = random.pick([undefined, undefined, 'WRITE_TRUNCATE', 'WRITE_EMPTY', 'WRITE_APPEND']);
  const writes = disposition === undefined ? {} : { writeDisposition: disposition };
  switch (type) {
    case 'QUERY':
      return drawQuery(random, table, writes);
    case 'LOAD':
      return { ...writes, destinationTable: { projectId: 'shop-prod', datasetId: 'sales', tableId: table } };
    case 'COPY':
      return { ...writes, destinationTable: { projectId: 'shop-prod', datasetId: 'sales', tableId: table } };
    case 'EXTRACT':
      return { destinationUris: [`gs://example-bucket/${table}${random.pick(['', '', '-*'])}.csv`] };
  }
}

function drawQuery(random: Random, table: string, writes: Partial<JobScript>): Partial<JobScript> {
  if (random.chance(0.06)) {
    return { query: `SELECT '${MARKER}'; SELECT '${table}'`, children: drawChildren(random) };
  }
  const isSelect = random.chance(0.7);
  return {
    query: isSelect ? `SELECT '${MARKER}' FROM sales.${table}` : random.pick(statementsOn(table)),
    priority: random.pick(['INTERACTIVE', 'BATCH']),
    ...(isSelect &&
      random.chance(0.5) && {
        referencedTables: [{ projectId: 'shop-prod', datasetId: 'sales', tableId: table }],
      }),
    ...(isSelect &&
      random.chance(0.25) && {
        destinationTable: {
          projectId: 'shop-prod',
          ...random.pick([
            { datasetId: 'reports', tableId: table },
            { datasetId: 'sales', tableId: table },
            // A user's hidden dataset.
            { datasetId: '_cafe', tableId: `anonymized_${table}` },
          ]),
        },
        ...writes,
      }),
    ...(random.chance(0.04) && { dryRun: true }),
    ...(random.chance(0.04) && { continuous: true }),
    ...(random.chance(0.05) && {
      configuration: {
        connectionProperties: [{ key: 'service_account', value: 'owner@shop-prod.iam.gserviceaccount.com' }],
      },
    }),
  };
}

/** One of each kind that differs when it is done twice. */
function statementsOn(table: string): readonly [string, ...string[]] {
  return [
    `INSERT INTO sales.${table} SELECT '${MARKER}'`,
    `UPDATE sales.${table} SET name = '${MARKER}' WHERE TRUE`,
    `MERGE sales.${table} USING hr.people ON name = '${MARKER}' WHEN MATCHED THEN DELETE`,
    `MERGE sales.${table} USING hr.people ON FALSE WHEN NOT MATCHED THEN INSERT ROW`,
    `MERGE sales.${table} USING (SELECT name FROM hr.people GROUP BY source) ON FALSE WHEN NOT MATCHED THEN INSERT ROW`,
    `MERGE sales.${table} USING hr.people ON FALSE WHEN NOT MATCHED BY SOURCE THEN DELETE WHEN NOT MATCHED THEN INSERT ROW`,
    `CREATE OR REPLACE TABLE sales.${table} AS SELECT '${MARKER}' AS name`,
    `CREATE TABLE IF NOT EXISTS sales.${table} AS SELECT '${MARKER}' AS name`,
    `CREATE TABLE sales.${table} AS SELECT '${MARKER}' AS name`,
    `DROP TABLE sales.${table}`,
    `EXPORT DATA OPTIONS (uri = 'gs://example-bucket/*.csv') AS SELECT '${MARKER}'`,
    `CALL sales.refresh('${table}')`,
  ];
}

function drawChildren(random: Random): ChildScript[] {
  return Array.from({ length: random.int(1, 2) }, () => ({
    query: `SELECT '${MARKER}'`,
    runMs: random.int(500, 10_000),
    ...(random.chance(0.4) && { error: drawError(random) }),
  }));
}
