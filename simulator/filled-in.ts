import { createHash } from 'node:crypto';
import type { JobName, JobType } from './job-record.ts';
import { isRecord, type JsonRecord, recordAt } from './json.ts';
import { statementKindOf } from './statement-type.ts';
import { targetTableOf } from './target-table.ts';

const TYPE_OF_PART: ReadonlyMap<string, JobType> = new Map([
  ['query', 'QUERY'],
  ['load', 'LOAD'],
  ['extract', 'EXTRACT'],
  ['copy', 'COPY'],
]);

/** The parts of a job configuration that say what kind of job it is; a right one has exactly one. */
export function partsOf(configuration: JsonRecord): string[] {
  return [...TYPE_OF_PART.keys()].filter((part) => isRecord(configuration[part]));
}

export function typeOf(configuration: JsonRecord): JobType {
  return TYPE_OF_PART.get(partsOf(configuration)[0] ?? '') ?? 'UNKNOWN';
}

/**
 * The configuration as `jobs.get` shows it: with `jobType`, and for queries with the destination and the
 * dispositions that BigQuery fills in, for DML, DDL and CTAS too (reference/bigquery-facts.md, "Re-inserting
 * what jobs.get gives").
 */
export function filledIn(
  configuration: JsonRecord,
  context: { name: JobName; principal: string; statementType?: string },
): JsonRecord {
  const jobType = typeOf(configuration);
  const query = recordAt(configuration, 'query');
  if (query === undefined) return { ...configuration, jobType };
  const priority = query['priority'] ?? 'INTERACTIVE';
  const destination =
    configuration['dryRun'] === true || query['continuous'] === true
      ? {}
      : filledInDestination(query, context.statementType ?? 'SELECT', context);
  return {
    ...configuration,
    jobType,
    query: { ...destination, ...query, priority },
  };
}

function filledInDestination(
  query: JsonRecord,
  statementType: string,
  context: { name: JobName; principal: string },
): JsonRecord {
  const kind = statementKindOf(statementType);
  if (query['destinationTable'] !== undefined) {
    return { createDisposition: 'CREATE_IF_NEEDED', writeDisposition: 'WRITE_EMPTY' };
  }
  // A script's results lie in its children's tables; the parent names none (facts: scripts `_script…`).
  if (kind === 'SCRIPT' || kind === 'OTHER') return {};
  // The table that DML and DDL name themselves is shown as if the client had named it.
  const target = kind === 'SELECT' ? undefined : targetTableOf(query, context.name.projectId);
  return {
    createDisposition: 'CREATE_IF_NEEDED',
    writeDisposition: 'WRITE_TRUNCATE',
    destinationTable: target ?? anonymousTable(context.name, context.principal),
  };
}

/** A hidden dataset for each user and project, a table for each job; children of scripts have their own. */
function anonymousTable(name: JobName, principal: string): JsonRecord {
  const { projectId, location, jobId } = name;
  const datasetId = anonymousDatasetId(name, principal, jobId.startsWith('script_job_') ? 'script' : 'query');
  return { projectId, datasetId, tableId: `anon${hexOf(`${location} ${jobId}`).slice(0, 40)}` };
}

/** The hidden dataset where BigQuery keeps one user's results of a project and location. */
export function anonymousDatasetId(
  { projectId, location }: { readonly projectId: string; readonly location: string },
  principal: string,
  of: 'query' | 'script',
): string {
  const hash = hexOf(`${projectId} ${location} ${principal}`).slice(0, 40);
  return of === 'script' ? `_script${hash}` : `_${hash}`;
}

export function hexOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
