import { type RetryCandidate, readCandidate } from '../../shared/retry/retry-candidate.ts';

/** Everything there may be in a configuration, statistics and status, as plain JSON. */
type Json = Readonly<Record<string, unknown>>;

export interface Parts {
  readonly configuration?: Json;
  readonly statistics?: Json;
  readonly status?: Json;
  readonly user_email?: string | undefined;
}

export const ACCOUNT = 'etl@my-project.iam.gserviceaccount.com';
export const FAILED_AT_MS = Date.UTC(2026, 8, 1, 12, 0, 0);

/** A Job resource that failed with `backendError`, run by a service account. */
export function failedResource({ configuration = {}, statistics = {}, status, user_email = ACCOUNT }: Parts) {
  return {
    jobReference: { projectId: 'my-project', location: 'US', jobId: 'job_1' },
    user_email,
    configuration,
    statistics: { creationTime: String(FAILED_AT_MS - 60_000), endTime: String(FAILED_AT_MS), ...statistics },
    status: { state: 'DONE', errorResult: { reason: 'backendError', message: 'x' }, ...status },
  };
}

export function failed(parts: Parts): RetryCandidate {
  return readCandidate(failedResource(parts));
}

/** A query whose statement type BigQuery tells. */
export function query(sql: string, statementType?: string, more: Json = {}): Parts {
  return {
    configuration: { jobType: 'QUERY', query: { query: sql, ...more } },
    statistics: statementType === undefined ? {} : { query: { statementType } },
  };
}

export const NAMED = { projectId: 'my-project', datasetId: 'd', tableId: 't' };
export const ANONYMOUS = { projectId: 'my-project', datasetId: `_${'0a'.repeat(20)}`, tableId: 'anon1' };
