import type { JobError } from './job.ts';
import { Redacted, type RedactionOptions } from './redacted.ts';
import type { RpcStatus } from './rpc-status.schema.ts';

/** `google.rpc.Code.ALREADY_EXISTS`. */
export const ALREADY_EXISTS = 6;

/** Code 0 and `{}` are success. */
export function isFailure(status: RpcStatus | undefined): status is RpcStatus {
  return status !== undefined && (status.code ?? (status.message === undefined ? 0 : 1)) !== 0;
}

/** The error that the first failure among these tells, the job's own first; `null` when none of them is one. */
export function errorOfStatuses(
  statuses: readonly (RpcStatus | undefined)[],
  options: RedactionOptions,
): JobError | null {
  const failure = statuses.find(isFailure);
  if (failure === undefined) return null;
  return failure.message === undefined
    ? {}
    : { message: new Redacted(failure.message, options.redactionKey) };
}
