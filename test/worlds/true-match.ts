import type { TableReference } from '../../simulator/job-script.ts';
import type { JobTruth } from '../../simulator/truth.ts';
import type { SelectorDescription } from './selector-description.ts';

// Whether a selector holds for a job as it truly is, written anew from the design.

/**
 * Undefined where nobody can know it yet: that a job has no reservation, edition or destination is certain only
 * once it has started, and which tables a query reads only where BigQuery tells. Then nothing may be done.
 */
export function holds(selector: SelectorDescription, job: JobTruth): boolean | undefined {
  const tests = testsOf(selector, job);
  if (tests.includes(false)) return false;
  return tests.includes(undefined) ? undefined : true;
}

function testsOf(selector: SelectorDescription, job: JobTruth): readonly (boolean | undefined)[] {
  const { projects, locations, principals, labels, jobTypes, priority, continuous, dryRun } = selector;
  const { statementTypes, reservations, editions, referencedTables, destinationTables } = selector;
  const type: string = job.type;
  const isSettled = job.state !== 'PENDING';
  return [
    projects === undefined || projects.some((glob) => covers(glob, job.projectId)),
    locations === undefined || locations.some((one) => one.toLowerCase() === job.location.toLowerCase()),
    principals === undefined || principals.some((glob) => covers(glob, job.principal ?? '')),
    Object.entries(labels ?? {}).every(([key, glob]) => covers(glob, job.labels[key])),
    jobTypes === undefined || jobTypes.some((one) => one === type),
    priority === undefined || job.priority === priority,
    continuous === undefined || job.continuous,
    dryRun === undefined || job.dryRun,
    statementTypes === undefined || statementTypes.some((one) => one === job.statementType),
    reservations === undefined || named(reservations, job.reservation, isSettled),
    editions === undefined || named(editions, job.edition, isSettled),
    referencedTables === undefined || anyOf(referencedTables, job.referencedTables, job),
    destinationTables === undefined || anyOf(destinationTables, destinationsOf(job), job),
  ];
}

function named(globs: readonly string[], word: string | undefined, isSettled: boolean): boolean | undefined {
  if (word === undefined) return isSettled ? false : undefined;
  return globs.some((glob) => covers(glob, word));
}

/** The results of a query that nobody gave a name to go to no table. */
function destinationsOf(job: JobTruth): readonly TableReference[] | undefined {
  const { destinationTable: table, state, type } = job;
  if (type === 'EXTRACT') return [];
  if (table === undefined) return state === 'PENDING' ? undefined : [];
  return isNobodysTable(table.datasetId) ? [] : [table];
}

/** BigQuery's own hidden datasets are named by a SHA-1; users have hidden ones, too. */
export function isNobodysTable(datasetId: string): boolean {
  return /^_(script)?[0-9a-f]{40}$/.test(datasetId);
}

function anyOf(
  globs: readonly string[],
  tables: readonly TableReference[] | undefined,
  job: JobTruth,
): boolean | undefined {
  return tables?.some(({ projectId, datasetId, tableId }) => {
    const names = [`${projectId}.${datasetId}.${tableId}`];
    if (projectId === job.projectId) names.push(`${datasetId}.${tableId}`);
    return globs.some((glob) => names.some((name) => covers(glob, name)));
  });
}

export function covers(glob: string, text: string | undefined): boolean {
  if (text === undefined) return false;
  const parts = glob.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'is').test(text);
}
