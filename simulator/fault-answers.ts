import { ApiError } from './api-error.ts';
import type { Fault } from './faults.ts';
import { rateLimitExceeded } from './quotas.ts';

/** The errors with which BigQuery answers when it does not do what it was asked. */
export function faultError(fault: Fault): ApiError | undefined {
  switch (fault.kind) {
    case 'tooManyRequests':
      return new ApiError({
        code: 429,
        reason: 'rateLimitExceeded',
        message: 'Quota exceeded: Your user exceeded quota for concurrent project requests',
        ...(fault.retryAfterSeconds === undefined
          ? {}
          : { headers: { 'retry-after': String(fault.retryAfterSeconds) } }),
      });
    case 'rateLimitExceeded':
      return rateLimitExceeded();
    case 'accessDenied':
      return new ApiError({
        code: 403,
        reason: 'accessDenied',
        message: 'Access Denied: User does not have permission to access data protected by policy',
      });
    case 'internalError':
      return new ApiError({
        code: 500,
        reason: 'internalError',
        message: 'An internal error occurred and the request could not be completed.',
      });
    case 'unavailable':
      return new ApiError({
        code: 503,
        reason: 'backendError',
        message: 'Error encountered during execution. Retrying may solve the problem.',
      });
    default:
      return undefined;
  }
}
