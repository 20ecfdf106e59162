import type { JsonObject } from '../../shared/retry/json.ts';
import type { RetryGuards } from '../../shared/retry/retry-rule.ts';
import { type SanitizedJob, sanitize } from '../../shared/retry/sanitize.ts';

export const NOW_MS = Date.UTC(2026, 7, 3, 9, 0, 0);
export const TABLE = { projectId: 'shop', datasetId: 'sales', tableId: 'orders' };

/** A failed job as `jobs.get` gives it, with that configuration. */
export function resourceOf(configuration: JsonObject, statementType?: string): JsonObject {
  return {
    kind: 'bigquery#job',
    etag: 'e',
    id: 'shop:EU.root',
    selfLink: 'https://…/root',
    user_email: 'etl@shop.iam.gserviceaccount.com',
    jobReference: { projectId: 'shop', jobId: 'root', location: 'EU' },
    configuration: { jobType: typeOf(configuration), ...configuration },
    statistics: {
      creationTime: String(NOW_MS - 60_000),
      ...(statementType === undefined ? {} : { query: { statementType } }),
    },
    status: { state: 'DONE', errorResult: { reason: 'backendError', message: 'secret' } },
  };
}

function typeOf(configuration: JsonObject): string {
  return ['load', 'copy', 'extract'].find((part) => part in configuration)?.toUpperCase() ?? 'QUERY';
}

/** The first attempt for it; throws when it is refused. */
export function sanitized(resource: JsonObject, guards: RetryGuards = {}): SanitizedJob {
  const origin = { projectId: 'shop', location: 'EU', jobId: 'root' };
  const result = sanitize({
    resource,
    attemptId: 'root_wdr1_0',
    origin,
    attempt: 1,
    guards,
    nowMs: NOW_MS,
  });
  if (result.kind === 'refused') throw new Error(`refused: ${result.why}`);
  return result;
}
