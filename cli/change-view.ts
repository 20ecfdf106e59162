import type { Change } from '../shared/retry/change.ts';
import { type JsonObject, type JsonValue, jsonAt } from '../shared/retry/json.ts';
import { ATTEMPT_LABEL, ORIGIN_LABEL } from '../shared/retry/retry-labels.ts';
import { oneLine } from './one-line.ts';

/** A difference between a job and the one that repeats it, with the values that may be shown. */
export interface ShownChange extends Change {
  readonly was?: string;
  readonly is?: string;
}

/** How a value may be shown; undefined: it is not what is expected there, and so may be anything. */
type Show = (value: JsonValue | undefined) => string | undefined;

/** Where values are shown: BigQuery's own words, and names. All other values are the job's own, and may be its text. */
const SHOWN: Readonly<Record<string, Show>> = {
  'jobReference.jobId': name,
  'configuration.jobType': word,
  'configuration.query.createDisposition': word,
  'configuration.query.writeDisposition': word,
  'configuration.query.destinationTable': table,
  [`configuration.labels.${ORIGIN_LABEL}`]: name,
  [`configuration.labels.${ATTEMPT_LABEL}`]: name,
};

/** @param before the job that is repeated, as `jobs.get` gave it; `after` is what is inserted */
export function shownChanges(
  changes: readonly Change[],
  before: JsonObject,
  after: JsonObject,
): readonly ShownChange[] {
  return changes.map((change) => {
    const show = SHOWN[change.path];
    const path = change.path.split('.');
    // A label that stood there was the user's.
    const was = path.includes('labels') ? undefined : show?.(jsonAt(before, ...path));
    const is = show?.(jsonAt(after, ...path));
    return { ...change, ...(was !== undefined && { was }), ...(is !== undefined && { is }) };
  });
}

/** A line for each reason, so that what is left out for one stands together. */
export function printChanges(changes: readonly ShownChange[]): string {
  const groups = Map.groupBy(changes, ({ kind, because }) => JSON.stringify([kind, because]));
  return [...groups.values()]
    .map((group) => {
      const [{ kind, because } = { kind: 'set', because: '' }] = group;
      return `  ${kind.padEnd(WIDEST)}  ${group.map(printChange).join(', ')}: ${because}`;
    })
    .join('\n');
}

const WIDEST = 'removed'.length;

function printChange({ path: given, was, is }: ShownChange): string {
  const path = oneLine(given);
  if (was !== undefined && is !== undefined) return `${path} (${is}; was ${was})`;
  const value = is ?? was;
  return value === undefined ? path : `${path} (${value})`;
}

function word(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && /^[A-Z_]{1,64}$/.test(value) ? value : undefined;
}

function name(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && /^[\w-]{1,1024}$/.test(value) ? value : undefined;
}

function table(value: JsonValue | undefined): string | undefined {
  const parts = ['projectId', 'datasetId', 'tableId'].map((part) => jsonAt(value, part));
  const isName = parts.every((part) => typeof part === 'string' && /^[\w.:$-]{1,1024}$/.test(part));
  return isName ? parts.join('.') : undefined;
}
