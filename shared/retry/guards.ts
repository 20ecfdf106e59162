import type { Change, Changed } from './change.ts';
import { changedBy } from './change.ts';
import { ExactNumber, isJsonObject, type JsonObject, type JsonValue, jsonAt } from './json.ts';
import type { RetryGuards } from './retry-rule.ts';

const TIGHTENED = 'the policy guards what it has repeated';

/**
 * A configuration with the policy's guards, labels apart. They only tighten: a limit of the job's own that is lower
 * stays. The timeout counts from creation, so it is to allow for queueing; bytes and priority are a query's only.
 */
export function guarded(configuration: JsonObject, guards: RetryGuards): Changed {
  return changedBy(configuration, [
    (object) => lowered(object, 'jobTimeoutMs', guards.jobTimeoutMs, 'configuration.jobTimeoutMs'),
    (object) => {
      const { object: query, changes } = guardedQuery(object['query'], guards);
      return changes.length === 0 ? { object, changes } : { object: { ...object, query }, changes };
    },
  ]);
}

function guardedQuery(query: JsonValue | undefined, guards: RetryGuards): Changed {
  if (!isJsonObject(query)) return { object: {}, changes: [] };
  return changedBy(query, [
    (object) =>
      lowered(
        object,
        'maximumBytesBilled',
        guards.maximumBytesBilled,
        'configuration.query.maximumBytesBilled',
      ),
    (object) =>
      guards.priority === undefined || object['priority'] === guards.priority
        ? { object, changes: [] }
        : withField(object, 'priority', guards.priority, 'configuration.query.priority'),
  ]);
}

function lowered(object: JsonObject, field: string, most: number | undefined, path: string): Changed {
  if (most === undefined) return { object, changes: [] };
  const own = wholeNumberOf(jsonAt(object, field));
  // A timeout of 0 is none.
  const isBound = own !== undefined && (own > 0n || field !== 'jobTimeoutMs');
  return isBound && own <= BigInt(Math.floor(most))
    ? { object, changes: [] }
    : withField(object, field, String(Math.floor(most)), path);
}

/** An int64 as Google writes it, or a number; beyond 2^53, too. */
function wholeNumberOf(value: JsonValue | undefined): bigint | undefined {
  const text = value instanceof ExactNumber ? value.text : value;
  if (typeof text === 'number') return Number.isInteger(text) ? BigInt(text) : undefined;
  return typeof text === 'string' && /^-?\d+$/.test(text) ? BigInt(text) : undefined;
}

function withField(object: JsonObject, field: string, value: string, path: string): Changed {
  const kind: Change['kind'] = Object.hasOwn(object, field) ? 'set' : 'added';
  return { object: { ...object, [field]: value }, changes: [{ path, kind, because: TIGHTENED }] };
}
