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
type KeyTest = { readonly field: JobField; readonly holds: boolean | undefined };

const YES: Match = { kind: 'yes' };
const NO: Match = { kind: 'no' };

/** All keys that are given must hold. One that surely fails decides, whatever else is unknown. */
export function matchSelector(selector: Selector, job: Job): Match {
  if (selector.projects !== undefined && !anyGlob(selector.projects, job.name.projectId)) return NO;
  const lacks: JobField[] = [];
  for (const { field, holds } of keyTests(selector, job)) {
    if (holds === false) return NO;
    if (holds === undefined) lacks.push(field);
  }
  return lacks.length === 0 ? YES : { kind: 'unknown', lacks };
}

/** Any `except` that holds exempts; one that may hold leaves the answer open. */
export function matchAny(selectors: readonly Selector[], job: Job): Match {
  const lacks: JobField[] = [];
  for (const selector of selectors) {
    const match = matchSelector(selector, job);
    if (match.kind === 'yes') return YES;
    if (match.kind === 'unknown') lacks.push(...match.lacks);
  }
  return lacks.length === 0 ? NO : { kind: 'unknown', lacks };
}

/** A job whose location nobody tells (jobs of 2017) may be in any: neither matched nor exempted by one. */
function locationHolds(wanted: readonly string[], { name }: Job): boolean | undefined {
  return name.location === undefined ? undefined : wanted.includes(canonicalLocation(name.location));
}

function* keyTests(selector: Selector, job: Job): Generator<KeyTest> {
  if (selector.locations) yield { field: 'location', holds: locationHolds(selector.locations, job) };
  if (selector.jobTypes) yield { field: 'type', holds: oneOf(selector.jobTypes, job.type) };
  if (selector.principals) yield { field: 'principal', holds: anyGlobOf(selector.principals, job.principal) };
  if (selector.priority) yield { field: 'priority', holds: priorityHolds(selector.priority, job) };
  if (selector.statementTypes) {
    yield { field: 'statementType', holds: oneOf(selector.statementTypes, job.statementType) };
  }
  if (selector.labels) yield { field: 'labels', holds: labelsHold(selector.labels, job.labels) };
  if (selector.reservations) {
    yield { field: 'reservation', holds: anyGlobOf(selector.reservations, job.reservation) };
  }
  if (selector.editions) yield { field: 'edition', holds: oneOf(selector.editions, job.edition) };
  if (selector.referencedTables) {
    const tables = job.referencedTables;
    yield { field: 'referencedTables', holds: tables && anyTable(selector.referencedTables, tables, job) };
  }
  if (selector.destinationTables) {
    const table = job.destinationTable;
    const tables = table === undefined ? undefined : table === null ? [] : [table];
    yield { field: 'destinationTable', holds: tables && anyTable(selector.destinationTables, tables, job) };
  }
  if (selector.continuous !== undefined) {
    yield { field: 'continuous', holds: same(job.continuous, selector.continuous) };
  }
  if (selector.dryRun !== undefined) yield { field: 'dryRun', holds: same(job.dryRun, selector.dryRun) };
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

function anyGlobOf(globs: readonly Glob[], told: string | null | undefined): boolean | undefined {
  if (told === undefined) return undefined;
  return told !== null && anyGlob(globs, told);
}

/** Only queries have a priority: a job that is known to be of another type has none to match. */
function priorityHolds(wanted: readonly string[], job: Job): boolean | undefined {
  if (job.priority !== undefined) return wanted.includes(job.priority);
  return job.type === undefined || job.type === 'QUERY' ? undefined : false;
}

function labelsHold(
  wanted: ReadonlyMap<string, Glob>,
  told: ReadonlyMap<string, string> | undefined,
): boolean | undefined {
  if (told === undefined) return undefined;
  return [...wanted].every(([key, glob]) => {
    const value = told.get(key);
    return value !== undefined && glob.matches(value);
  });
}

/** A pattern covers `project.dataset.table`, or `dataset.table` of the job's own project. */
function anyTable(globs: readonly Glob[], tables: readonly TableName[], job: Job): boolean {
  return tables.some(({ projectId, datasetId, tableId }) => {
    const inProject = `${datasetId}.${tableId}`;
    if (anyGlob(globs, `${projectId}.${inProject}`)) return true;
    return projectId === job.name.projectId && anyGlob(globs, inProject);
  });
}
