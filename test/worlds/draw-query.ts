import type { ChildScript, JobScript, ScriptedType, TableReference } from '../../simulator/job-script.ts';
import type { Random } from './random.ts';

/** Stands in every query's text and in every job's error message; it may show up nowhere else. */
export const MARKER = 'zq-secret-marker-zq';

const GIB = 1_073_741_824;

/** One of each kind that limits and selectors treat differently; the simulator tells the type from the text. */
const STATEMENTS = [
  `INSERT INTO sales.daily SELECT '${MARKER}'`,
  `MERGE sales.daily USING hr.people ON name = '${MARKER}' WHEN MATCHED THEN DELETE`,
  `CREATE TABLE sales.copy AS SELECT '${MARKER}' AS name`,
  `CREATE MODEL sales.model AS SELECT '${MARKER}' AS name`,
  `CALL sales.refresh('${MARKER}')`,
] as const;

export const TABLES: readonly TableReference[] = [
  { projectId: 'shop-prod', datasetId: 'sales', tableId: 'orders' },
  { projectId: 'shop-prod', datasetId: 'hr', tableId: 'people' },
  { projectId: 'data-lake', datasetId: 'hr', tableId: 'salaries' },
];

/** What only queries have. */
export function drawQueryPart(random: Random, createdAtMs: number): Partial<JobScript> {
  const isScript = random.chance(0.12);
  return {
    query: random.chance(0.7) ? `SELECT '${MARKER}' FROM sales.orders` : random.pick(STATEMENTS),
    priority: random.pick(['INTERACTIVE', 'INTERACTIVE', 'BATCH']),
    ...(random.chance(0.5) && { estimatedBytes: random.int(1, 200 * GIB) }),
    ...(random.chance(0.8) && { referencedTables: random.some(TABLES, 0.4) }),
    ...(random.chance(0.15) && {
      destinationTable: { projectId: 'shop-prod', datasetId: 'reports', tableId: 'daily' },
    }),
    ...(random.chance(0.12) && {
      lateFields: { [random.pick(LATE_FIELDS)]: random.int(2_000, 200_000) },
    }),
    ...(random.chance(0.05) && { dryRun: true }),
    ...(random.chance(0.06) && { continuous: true }),
    ...(isScript && { statementType: 'SCRIPT', children: drawChildren(random, createdAtMs) }),
  };
}

/** A reservation and an edition are told from the start or not at all. */
const LATE_FIELDS = [
  'totalSlotMs',
  'estimatedBytesProcessed',
  'startTime',
  'statementType',
  'referencedTables',
  'totalBytesProcessed',
] as const;

function drawChildren(random: Random, createdAtMs: number): ChildScript[] {
  return Array.from({ length: random.int(1, 3) }, (_, index) => ({
    query: `SELECT '${MARKER}'`,
    createdAtMs: createdAtMs + 1_000 + index * 20_000,
    runMs: random.int(5_000, 300_000),
    slots: random.pick([1, 20]),
  }));
}

/** What a job is charged by, its bytes where there is nothing. Not every reservation tells its edition. */
export function drawCharge(random: Random, type: ScriptedType, location: string): Partial<JobScript> {
  if (type === 'COPY' || random.chance(type === 'QUERY' ? 0.55 : 0.7)) return {};
  if (type === 'LOAD' && random.chance(0.3)) return { reservation: 'default-pipeline' };
  const edition = random.pick(['STANDARD', 'ENTERPRISE', 'ENTERPRISE_PLUS']);
  const reservation = `admin-${random.pick(['a', 'b'])}:${location}.${random.pick(['etl', 'adhoc'])}`;
  return random.pick<Partial<JobScript>>([
    { reservation, edition },
    { reservation, edition },
    { reservation, edition },
    { reservation },
    { edition },
  ]);
}
