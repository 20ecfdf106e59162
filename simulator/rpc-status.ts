import type { JobError } from './job-script.ts';
import type { JsonRecord } from './json.ts';

/** google.rpc codes: entries have no reason of BigQuery's. */
const RPC_CODES: ReadonlyMap<string, number> = new Map([
  ['stopped', 1],
  ['invalid', 3],
  ['invalidQuery', 3],
  ['timeout', 4],
  ['notFound', 5],
  ['duplicate', 6],
  ['accessDenied', 7],
  ['quotaExceeded', 8],
  ['rateLimitExceeded', 8],
  ['resourcesExceeded', 8],
  ['internalError', 13],
  ['backendError', 14],
]);

export function rpcStatusOf(error: JobError): JsonRecord {
  return { code: RPC_CODES.get(error.reason) ?? 3, message: error.message };
}
