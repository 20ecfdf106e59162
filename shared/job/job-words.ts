import type { JobState, JobType, Priority } from './job.ts';

/** BigQuery's enum words. One that we do not know is never an error: it is UNKNOWN, or not told. */

const STATES: ReadonlySet<string> = new Set<JobState>(['PENDING', 'RUNNING', 'DONE']);

const TYPES = new Map<string, JobType>([
  ['QUERY', 'QUERY'],
  ['LOAD', 'LOAD'],
  ['EXTRACT', 'EXTRACT'],
  ['COPY', 'COPY'],
  // How audit entries call an extract and a load.
  ['EXPORT', 'EXTRACT'],
  ['IMPORT', 'LOAD'],
]);

const PRIORITIES = new Map<string, Priority>([
  ['INTERACTIVE', 'INTERACTIVE'],
  ['BATCH', 'BATCH'],
  ['QUERY_INTERACTIVE', 'INTERACTIVE'],
  ['QUERY_BATCH', 'BATCH'],
]);

export interface Times {
  readonly creationTimeMs?: number | undefined;
  readonly startTimeMs?: number | undefined;
  readonly endTimeMs?: number | undefined;
}

function isState(word: string): word is JobState {
  return STATES.has(word);
}

/** The first word that is a state; without one, what the times say; undefined when nothing says it. */
export function stateOf(words: readonly (string | undefined)[], times: Times): JobState | undefined {
  const word = words.find((candidate) => candidate !== undefined && isState(candidate));
  if (word !== undefined && isState(word)) return word;
  if (times.endTimeMs !== undefined) return 'DONE';
  if (times.startTimeMs !== undefined) return 'RUNNING';
  return times.creationTimeMs === undefined ? undefined : 'PENDING';
}

/**
 * The word, or what the job carries (`parts`, in order of trust) when the word says nothing; a word that we do not
 * know is UNKNOWN.
 */
export function typeOf(
  word: string | undefined,
  parts: () => readonly (readonly [JobType, unknown])[],
): JobType | undefined {
  const known = word === undefined ? undefined : TYPES.get(word);
  if (known !== undefined) return known;
  const carried = parts().find(([, part]) => part !== undefined)?.[0];
  return carried ?? (word === undefined || word.endsWith('_UNSPECIFIED') ? undefined : 'UNKNOWN');
}

export function priorityOf(word: string | undefined): Priority | undefined {
  return word === undefined ? undefined : PRIORITIES.get(word);
}

/** True of a job that is known to be no query. */
export function isNoQuery(type: JobType | undefined): boolean {
  return type === 'LOAD' || type === 'EXTRACT' || type === 'COPY';
}

/** `null` for a job that is no query: an EXTRACT job with query statistics is in the wild. */
export function statementTypeOf(
  type: JobType | undefined,
  word: string | undefined,
): string | null | undefined {
  if (isNoQuery(type)) return null;
  return word?.endsWith('_UNSPECIFIED') ? undefined : word;
}
