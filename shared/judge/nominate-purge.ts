import type { Job, TableName } from '../job/job.ts';
import type { Policies, PurgePolicy, SensitiveRule } from '../policy/policy.ts';
import { exemptByNature, type Nature, natureOf } from './exempt.ts';
import { anyGlobOf, labelsHold, matchAny, matchSelector, tableHolds } from './match.ts';
import { datasetHolds } from './sensitive-by-keys.ts';

/**
 * Whether a look at a job that ended may lead to a purge, by what a list or an entry tells of it. What it tells acquits
 * (docs/decisions/0007) only where neither the job nor a child of it can be sensitive: of texts they have parts at most,
 * so that a policy with detectors acquits by its match alone. A child leads to its parent, of which it tells nothing.
 */
export function mayBeSensitive(job: Job, { purge }: Pick<Policies, 'purge'>): boolean {
  if (job.state !== 'DONE' || purge.length === 0) return false;
  if (job.parent) return true;
  const nature = natureOf(job, false);
  return purge.some((policy) => mayTake(policy, nature));
}

function mayTake(policy: PurgePolicy, nature: Nature): boolean {
  const { job } = nature;
  return (
    matchSelector(policy.match, job).kind !== 'no' &&
    matchAny(policy.excepts, job).kind !== 'yes' &&
    exemptByNature(nature, policy).kind !== 'yes' &&
    mayHold(policy.rule.sensitive, job)
  );
}

function mayHold(
  { detectors, patterns, labels, principals, datasets, tables }: SensitiveRule,
  job: Job,
): boolean {
  if (detectors.length > 0 || patterns.length > 0) return true;
  if (principals && anyGlobOf(principals, job.principal) !== false) return true;
  if (labels === undefined && datasets === undefined && tables === undefined) return false;
  // Its children may have labels (`SET @@query_label` [doc: reference/system-variables.md]) and tables of their own.
  if (mayHaveChildren(job) || (labels && labelsHold(labels, job.labels) !== false)) return true;
  return (
    (datasets && mayTouch(job, (table) => datasetHolds(datasets, table, job.name.projectId))) ||
    (tables && mayTouch(job, (table) => tableHolds(tables, table, job.name.projectId))) ||
    false
  );
}

/** Statements that are a job by themselves, whatever they call. Others may be scripts, or work through child jobs. */
const ALONE: ReadonlySet<string> = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/** Whether a job may work through child jobs, by what is told of it. */
export function mayHaveChildren({ type, statementType }: Job): boolean {
  if (type === 'LOAD' || type === 'EXTRACT' || type === 'COPY') return false;
  return typeof statementType !== 'string' || !ALONE.has(statementType);
}

function mayTouch(
  { referencedTables, destinationTable }: Job,
  holds: (table: TableName) => boolean,
): boolean {
  if (referencedTables === undefined || destinationTable === undefined) return true;
  return referencedTables.some(holds) || (destinationTable !== null && holds(destinationTable));
}
