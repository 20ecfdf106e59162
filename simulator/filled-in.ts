import { createHash } from 'node:crypto';
import type { JobName, JobType } from './job-record.ts';
import { isRecord, type JsonRecord, recordAt } from './json.ts';
import { statementKindOf } from './statement-type.ts';

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
  if (statementKindOf(statementType) === 'OTHER') return {};
  if (query['destinationTable'] !== undefined) {
    return { createDisposition: 'CREATE_IF_NEEDED', writeDisposition: 'WRITE_EMPTY' };
  }
  const isScript = statementType === 'SCRIPT';
  // A script's results lie in its children's tables; the parent names none (facts: scripts `_script…`).
  if (isScript) return {};
  return {
    createDisposition: 'CREATE_IF_NEEDED',
    writeDisposition: 'WRITE_TRUNCATE',
    destinationTable: anonymousTable(context.name, context.principal),
  };
}

/** A hidden dataset for each user and project, a table for each job; children of scripts have their own. */
function anonymousTable(name: JobName, principal: string): JsonRecord {
  const { projectId, location, jobId } = name;
  const datasetHash = hexOf(`${projectId} ${location} ${principal}`).slice(0, 40);
  const datasetId = jobId.startsWith('script_job_') ? `_script${datasetHash}` : `_${datasetHash}`;
  return { projectId, datasetId, tableId: `anon${hexOf(`${location} ${jobId}`).slice(0, 40)}` };
}

export function hexOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
