import { createHash } from 'node:crypto';
import {
  ExactNumber,
  isJsonObject,
  isList,
  type JsonObject,
  type JsonValue,
  jsonAt,
  numberForm,
  without,
} from './json.ts';
import { withoutOldRun } from './old-run.ts';
import { type StatementKind, statementKindOf } from './statement-kind.ts';

/** What guards and people put there: it does not change what a job does. */
const NOT_WHAT_IT_DOES = ['labels', 'jobTimeoutMs'] as const;
const NOT_WHAT_A_QUERY_DOES = ['maximumBytesBilled', 'priority'] as const;

/**
 * SHA-256 over a sanitized configuration, without labels and what guards may set, whatever the order of its fields:
 * two jobs that do the same have the same.
 */
export function configurationHash(configuration: JsonObject): string {
  const rest = without(configuration, NOT_WHAT_IT_DOES);
  const query = rest['query'];
  const does = isJsonObject(query) ? { ...rest, query: without(query, NOT_WHAT_A_QUERY_DOES) } : rest;
  return createHash('sha256').update(inOrder(does)).digest('hex');
}

/**
 * SHA-256 over what guards may set of a sanitized configuration, labels apart: the rest of what a job of ours has as it
 * was sent. BigQuery tells what it takes for granted, and int64s as texts.
 */
export function guardsHash(configuration: JsonObject): string {
  const query = configuration['query'];
  const guards = {
    // A timeout of 0 is none.
    jobTimeoutMs: numberOf(configuration['jobTimeoutMs'], '0'),
    maximumBytesBilled: numberOf(jsonAt(query, 'maximumBytesBilled'), 'none'),
    priority: jsonAt(query, 'priority') ?? 'INTERACTIVE',
  };
  return createHash('sha256').update(inOrder(guards)).digest('hex');
}

function numberOf(value: JsonValue | undefined, none: string): string {
  return numberForm(value instanceof ExactNumber ? value.text : String(value ?? none));
}

/** What is remembered of what is inserted, to know it again by. */
export interface SentHashes {
  readonly configurationHash: string;
  readonly guardsHash: string;
}

/** Of a Job resource that is sent, or that BigQuery tells. */
export function hashesOfSent({ configuration = null }: JsonObject): SentHashes {
  const sent = isJsonObject(configuration) ? configuration : {};
  return { configurationHash: configurationHash(sent), guardsHash: guardsHash(sent) };
}

/** What a query may turn out to be while BigQuery does not tell. */
const KINDS: readonly StatementKind[] = ['unknown', 'select', 'other', 'script'];

/**
 * The hash of any job as `jobs.get` gives it, of an attempt of ours as of a job that somebody else sent again. Of one
 * that runs BigQuery may not tell yet what kind of statement it is, and so which fields it filled in: then each hash
 * that it may turn out to have. Jobs that do the same have one in common.
 */
export function hashesOfResource(resource: JsonObject): readonly string[] {
  const kind = statementKindOf(resource);
  const kinds = kind === 'unknown' ? KINDS : [kind];
  return [...new Set(kinds.map((one) => hashAs(resource, one)))];
}

function hashAs(resource: JsonObject, kind: StatementKind): string {
  const configuration = withoutOldRun(resource, kind).object['configuration'];
  return configurationHash(isJsonObject(configuration) ? configuration : {});
}

function inOrder(value: JsonValue): string {
  if (isList(value)) return `[${value.map(inOrder).join()}]`;
  if (isJsonObject(value)) {
    const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([name, part]) => `${JSON.stringify(name)}:${inOrder(part)}`).join()}}`;
  }
  if (value instanceof ExactNumber) return numberForm(value.text);
  return typeof value === 'number' ? numberForm(String(value)) : JSON.stringify(value);
}
