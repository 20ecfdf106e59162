import { isRawObject } from '../job/google-json.schema.ts';
import type { JobField, TableName } from '../job/job.ts';
import { type ToldTable, tablesTold } from '../job/tables-told.ts';
import type { Glob } from '../policy/glob.ts';
import type { SensitiveRule } from '../policy/policy.ts';
import type { Member } from './family.ts';
import { anyGlobOf, labelsHold, tableHolds } from './match.ts';
import type { SensitiveReason } from './purge-verdict.ts';

/** What the keys of a policy's `sensitive` besides detectors say of a family. */
export interface ByKeys {
  /** A key and field once, in the first member that has it. */
  readonly reasons: readonly SensitiveReason[];
  /** What a member does not tell and a key asks for. */
  readonly lacks: readonly JobField[];
}

/**
 * Tables that BigQuery does not tell (of a query that failed early, or whose result was cached) are none: nearly every
 * query without tables would stay undecided otherwise.
 */
export function sensitiveByKeys(rule: SensitiveRule, members: readonly Member[]): ByKeys {
  const reasons = new Map<string, SensitiveReason>();
  const lacks: JobField[] = [];
  for (const [memberAt, member] of members.entries()) {
    for (const { detector, field } of reasonsIn(rule, member)) {
      const key = `${detector} ${field}`;
      if (!reasons.has(key)) reasons.set(key, { detector, field, memberAt });
    }
    const { job } = member;
    if (rule.labels && job.labels === undefined) lacks.push('labels');
    if (rule.principals && job.principal === undefined) lacks.push('principal');
  }
  return { reasons: [...reasons.values()], lacks };
}

function* reasonsIn(
  { labels, principals, datasets, tables }: SensitiveRule,
  { job, resource }: Member,
): Generator<Omit<SensitiveReason, 'memberAt'>> {
  if (labels && labelsHold(labels, job.labels) === true) {
    yield { detector: 'labels', field: 'configuration.labels' };
  }
  if (principals && anyGlobOf(principals, job.principal) === true) {
    yield { detector: 'principals', field: whoField(resource) };
  }
  if (datasets === undefined && tables === undefined) return;
  const { projectId } = job.name;
  for (const { field, table } of tablesOf(resource)) {
    if (datasets && datasetHolds(datasets, table, projectId)) yield { detector: 'datasets', field };
    if (tables && tableHolds(tables, table, projectId)) yield { detector: 'tables', field };
  }
}

/** Read once of each resource, however many policies ask. */
const TABLES = new WeakMap<object, readonly ToldTable[]>();

function tablesOf(resource: unknown): readonly ToldTable[] {
  if (!isRawObject(resource)) return [];
  let tables = TABLES.get(resource);
  if (tables === undefined) {
    tables = tablesTold(resource);
    TABLES.set(resource, tables);
  }
  return tables;
}

function whoField(resource: unknown): string {
  const hasEmail = isRawObject(resource) && typeof resource['user_email'] === 'string';
  return hasEmail ? 'user_email' : 'principal_subject';
}

/** Without a dot a pattern means datasets of the job's own project; `hr_*` never takes a whole project `hr_…`. */
export function datasetHolds(
  globs: readonly Glob[],
  { projectId, datasetId }: Omit<TableName, 'tableId'>,
  ownProjectId: string,
): boolean {
  return globs.some((glob) =>
    glob.text.includes('.')
      ? glob.matches(`${projectId}.${datasetId}`)
      : projectId === ownProjectId && glob.matches(datasetId),
  );
}
