import { isRecord, type JsonRecord, recordAt } from '../../simulator/json.ts';
import type { JobTruth } from '../../simulator/truth.ts';
import { isNobodysTable } from './true-match.ts';

// What a job does, by the configuration that BigQuery has of it, written anew from docs/retry.md (What is sent).

/** What a retry may have otherwise than the job itself, and what tells nothing of what a job does. */
const OF_THE_JOB = ['labels', 'jobTimeoutMs', 'jobType'];
const OF_A_QUERY = ['priority', 'maximumBytesBilled'];
const OF_NOBODY = ['destinationTable', 'createDisposition', 'writeDisposition'];

/** The same text for jobs that do the same, whatever their guards and labels. */
export function workOf({ configuration }: JobTruth): string {
  const rest = without(configuration, OF_THE_JOB);
  const query = recordAt(rest, 'query');
  return inOrder(query === undefined ? rest : { ...rest, query: workOfQuery(query) });
}

/** Whether both are of one account, in one place, and do the same. */
export function areAlike(a: JobTruth, b: JobTruth): boolean {
  return (
    a.principal === b.principal &&
    a.projectId === b.projectId &&
    a.location === b.location &&
    workOf(a) === workOf(b)
  );
}

/** Results that nobody gave a name to lie in another table each time. */
function workOfQuery(query: JsonRecord): JsonRecord {
  const rest = without(query, OF_A_QUERY);
  const datasetId = recordAt(query, 'destinationTable')?.['datasetId'];
  const isNamed = typeof datasetId === 'string' && !isNobodysTable(datasetId);
  return isNamed ? rest : without(rest, OF_NOBODY);
}

function without(record: JsonRecord, fields: readonly string[]): JsonRecord {
  return Object.fromEntries(Object.entries(record).filter(([field]) => !fields.includes(field)));
}

function inOrder(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}
