import { ApiError } from './api-error.ts';
import { withoutAbsent } from './json.ts';

export interface IamErrorDetails {
  readonly code: number;
  readonly status: string;
  readonly message: string;
  /** Of the ErrorInfo in its details, where it has one. */
  readonly info?: {
    readonly reason: string;
    readonly domain: string;
    readonly metadata: Readonly<Record<string, string>>;
  };
}

/**
 * An error as IAM Credentials answers it: with details and without the list of errors that BigQuery gives
 * [google-github-actions/auth issue 340].
 */
export function iamError({ code, status, message, info }: IamErrorDetails): ApiError {
  const details =
    info === undefined ? undefined : [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', ...info }];
  const body = { error: withoutAbsent({ code, message, status, details }) };
  return new ApiError({ code, message, reason: info?.reason ?? status, body });
}
