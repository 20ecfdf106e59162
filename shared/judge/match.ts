import type { Job, JobField, TableName } from '../job/job.ts';
import { canonicalLocation } from '../job/job-name.ts';
import type { Glob } from '../policy/glob.ts';
import type { Selector } from '../policy/policy.ts';

/** Whether a selector holds for a job, as far as this observation tells; `unknown` names what it lacks. */
export type Match =
  | { readonly kind: 'yes' }
  | { readonly kind: 'no' }
  | { readonly kind: 'unknown'; readonly lacks: readonly JobField[] };

/** One key of a selector: undefined where the job does not tell. */
interface KeyTest {
  readonly field: JobField;
  holds(job: Job): boolean | undefined;
}

/** Made once for each selector, and so once for each generation of the file. */
const TESTS = new WeakMap<Selector, readonly KeyTest[]>();

const NO_FIELDS: readonly JobField[] = [];

export const YES: Match = { kind: 'yes' };
export const NO: Match = { kind: 'no' };

/** All keys that are given must hold. One that surely fails decides, whatever else is unknown. */
export function matchSelector(selector: Selector, job: Job): Match {
  if (selector.projects !== undefined && !anyGlob(selector.projects, job.name.projectId)) return NO;
  let lacks = NO_FIELDS;
  for (const test of testsOf(selector)) {
    const holds = test.holds(job);
    if (holds === false) return NO;
    if (holds === undefined) lacks = [...lacks, test.field];
  }
  return lacks.length === 0 ? YES : { kind: 'unknown', lacks };
}

/** Any `except` that holds exempts; one that may hold leaves the answer open. */
export function matchAny(selectors: readonly Selector[], job: Job): Match {
  let lacks = NO_FIELDS;
  for (const selector of selectors) {
    const match = matchSelector(selector, job);
    if (match.kind === 'yes') return YES;
    if (match.kind === 'unknown') lacks = [...lacks, ...match.lacks];
  }
  return lacks.length === 0 ? NO : { kind: 'unknown', lacks };
}

/** A job whose location nobody tells (jobs of 2017) may be in any: neither matched nor exempted by one. */
function locationHolds(wanted: readonly string[], { name }: Job): boolean | undefined {
  return name.location === undefined ? undefined : wanted.includes(canonicalLocation(name.location));
}

function testsOf(selector: Selector): readonly KeyTest[] {
  let tests = TESTS.get(selector);
  if (tests === undefined) {
    tests = [...keyTests(selector)];
    TESTS.set(selector, tests);
  }
  return tests;
}

function* keyTests(selector: Selector): Generator<KeyTest> {
  const { locations, jobTypes, principals, priority, statementTypes, labels } = selector;
  if (locations) yield { field: 'location', holds: (job) => locationHolds(locations, job) };
  if (jobTypes) yield { field: 'type', holds: (job) => oneOf(jobTypes, job.type) };
  if (principals) yield { field: 'principal', holds: (job) => anyGlobOf(principals, job.principal) };
  if (priority) yield { field: 'priority', holds: (job) => priorityHolds(priority, job) };
  if (statementTypes) {
    yield { field: 'statementType', holds: (job) => oneOf(statementTypes, job.statementType) };
  }
  if (labels) yield { field: 'labels', holds: (job) => labelsHold(labels, job.labels) };
  const { reservations, editions, referencedTables, destinationTables, continuous, dryRun } = selector;
  if (reservations) yield { field: 'reservation', holds: (job) => anyGlobOf(reservations, job.reservation) };
  if (editions) yield { field: 'edition', holds: (job) => oneOf(editions, job.edition) };
  if (referencedTables) {
    yield {
      field: 'referencedTables',
      holds: (job) => anyTable(referencedTables, job.referencedTables, job),
    };
  }
  if (destinationTables) {
    yield { field: 'destinationTable', holds: (job) => anyTable(destinationTables, destinations(job), job) };
  }
  if (continuous !== undefined)
    yield { field: 'continuous', holds: (job) => same(job.continuous, continuous) };
  if (dryRun !== undefined) yield { field: 'dryRun', holds: (job) => same(job.dryRun, dryRun) };
}

function destinations({ destinationTable: table }: Job): readonly TableName[] | undefined {
  if (table === undefined) return undefined;
  return table === null ? [] : [table];
}

function same(told: boolean | undefined, wanted: boolean): boolean | undefined {
  return told === undefined ? undefined : told === wanted;
}

function oneOf<T>(wanted: readonly T[], told: T | null | undefined): boolean | undefined {
  if (told === undefined) return undefined;
  return told !== null && wanted.includes(told);
}

function anyGlob(globs: readonly Glob[], value: string): boolean {
  return globs.some((glob) => glob.matches(value));
}

export function anyGlobOf(globs: readonly Glob[], told: string | null | undefined): boolean | undefined {
  if (told === undefined) return undefined;
  return told !== null && anyGlob(globs, told);
}

/** Only queries have a priority: a job that is known to be of another type has none to match. */
function priorityHolds(wanted: readonly string[], job: Job): boolean | undefined {
  if (job.priority !== undefined) return wanted.includes(job.priority);
  return job.type === undefined || job.type === 'QUERY' ? undefined : false;
}

export function labelsHold(
  wanted: ReadonlyMap<string, Glob>,
  told: ReadonlyMap<string, string> | undefined,
): boolean | undefined {
  if (told === undefined) return undefined;
  for (const [key, glob] of wanted) {
    const value = told.get(key);
    if (value === undefined || !glob.matches(value)) return false;
  }
  return true;
}

function anyTable(
  globs: readonly Glob[],
  tables: readonly TableName[] | undefined,
  job: Job,
): boolean | undefined {
  return tables?.some((table) => tableHolds(globs, table, job.name.projectId));
}

/** A pattern covers `project.dataset.table`, or `dataset.table` of the job's own project. */
export function tableHolds(
  globs: readonly Glob[],
  { projectId, datasetId, tableId }: TableName,
  ownProjectId: string,
): boolean {
  const inProject = `${datasetId}.${tableId}`;
  if (anyGlob(globs, `${projectId}.${inProject}`)) return true;
  return projectId === ownProjectId && anyGlob(globs, inProject);
}
