import { isServiceAccount } from '../job/service-account.ts';
import { IamErrorBody, TokenBody } from './access-token.schema.ts';
import { type AnswerHeaders, dateMsOf, retryAfterMsOf } from './answer-headers.ts';
import type { CallContext } from './error-from-answer.ts';
import {
  type JobsApiError,
  TerminalError,
  ThrottledError,
  UnauthenticatedError,
  UnavailableError,
} from './errors.ts';
import {
  type FailureAs,
  NoSuchAccountError,
  NotImpersonableError,
  TokenRefusedError,
} from './impersonation-errors.ts';
import { Sealed } from './sealed.ts';

/** A call of the jobs API as a service account. */
export type CallAs = CallContext & { readonly account: string };

/** A call of IAM Credentials as HTTP. */
export interface TokenRequest {
  /** From `/v1` on. */
  readonly path: string;
  readonly body: { readonly scope: readonly string[]; readonly lifetime: string };
}

/** What IAM Credentials answered: `body` is absent when it is no JSON. */
export interface TokenAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body?: unknown;
}

export interface GrantedToken {
  readonly token: Sealed<string>;
  /** How long it is good for, from when Google answered. */
  readonly lifetimeMs: number;
}

/** No more than what a retry needs. */
export const SCOPE = 'https://www.googleapis.com/auth/bigquery';
export const LIFETIME_MS = 300_000;

/** Throws `TerminalError` for what is no service account: nobody acts as a person. */
export function tokenRequest(call: CallAs): TokenRequest {
  const { account } = call;
  if (!isServiceAccount(account)) {
    throw new TerminalError(
      { method: call.method, target: call.target },
      `${JSON.stringify(account)} is no service account, and nobody else can be acted as; nothing was sent`,
    );
  }
  return {
    path: `/v1/projects/-/serviceAccounts/${encodeURIComponent(account)}:generateAccessToken`,
    body: { scope: [SCOPE], lifetime: `${LIFETIME_MS / 1_000}s` },
  };
}

/** Throws a `JobsApiError`: what was to be called was not. */
export function readToken(call: CallAs, answer: TokenAnswer): GrantedToken {
  const { method, target, account } = call;
  const { status } = answer;
  const body = status >= 200 && status <= 299 ? TokenBody.safeParse(answer.body).data : undefined;
  if (body === undefined) throw errorOf({ method, target, account, status }, answer);
  const expiresInMs = Date.parse(body.expireTime) - (dateMsOf(answer.headers) ?? Number.NaN);
  // Without its date, Google's time is not to be compared with ours; it gives what was asked for.
  const lifetimeMs = Number.isNaN(expiresInMs) ? LIFETIME_MS : Math.min(expiresInMs, LIFETIME_MS);
  return { token: new Sealed(body.accessToken), lifetimeMs };
}

function errorOf(failure: FailureAs, { status, headers, body }: TokenAnswer): JobsApiError {
  const error = IamErrorBody.safeParse(body).data?.error;
  const retryAfterMs = retryAfterMsOf(headers);
  if (status === 429) return new ThrottledError(failure, retryAfterMs);
  if (status === 401) return new UnauthenticatedError(failure, 'IAM Credentials');
  if (status === 403 && error?.details?.some(({ reason }) => reason === 'SERVICE_DISABLED')) {
    const enable = 'enable iamcredentials.googleapis.com in the project of the watchdog';
    return new TokenRefusedError(failure, `IAM Credentials is switched off; ${enable}`);
  }
  if (status === 403) return new NotImpersonableError(failure);
  // A proxy or a wrong address answers 404 too: only one in Google's format speaks of an account.
  if (status === 404 && error !== undefined) return new NoSuchAccountError(failure);
  if (status >= 400 && status <= 499 && status !== 408) {
    return new TokenRefusedError(failure, 'IAM Credentials refuses the request for a token');
  }
  const because = 'IAM Credentials gave no token';
  return new UnavailableError(failure, { because, outcome: 'not-done', retryAfterMs });
}
