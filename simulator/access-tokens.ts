import { ApiError } from './api-error.ts';
import type { SimulatorMethod } from './faults.ts';
import { hexOf } from './filled-in.ts';
import { iamError } from './iam-error.ts';
import { DEFAULT_PRINCIPAL } from './scripted-job.ts';

export interface IssuedToken {
  readonly email: string;
  readonly scopes: readonly string[];
  readonly expiresAtMs: number;
}

const AUTH = 'https://www.googleapis.com/auth';
/** Any of these is enough to call the jobs API [discovery document: jobs; those for reading alone left out]. */
const JOBS_SCOPES = [`${AUTH}/bigquery`, `${AUTH}/cloud-platform`];
/** [doc: iam/docs/reference/credentials/rest, Authorization scopes] */
const IAM_SCOPES = [`${AUTH}/iam`, `${AUTH}/cloud-platform`];
const TOO_NARROW = 'Request had insufficient authentication scopes.';

/** Tokens that `generateAccessToken` handed out, who acts with each, and what for. */
export class AccessTokens {
  readonly #issued = new Map<string, IssuedToken>();

  issue(issued: IssuedToken): string {
    const { email, expiresAtMs } = issued;
    const token = `ya29.simulator-${hexOf(`${email} ${expiresAtMs} ${this.#issued.size}`).slice(0, 24)}`;
    this.#issued.set(token, issued);
    return token;
  }

  /**
   * Who calls the method with this Authorization header. Without one, or with a token that is not from here (bq
   * sends `x`), it is `simulator@example.com`, with all rights (design section 7).
   */
  callerOf(authorization: string | undefined, method: SimulatorMethod, nowMs: number): string {
    const token = /^Bearer\s+(.+)$/i.exec(authorization ?? '')?.[1];
    const issued = token === undefined ? undefined : this.#issued.get(token);
    if (issued === undefined) return DEFAULT_PRINCIPAL;
    if (issued.expiresAtMs <= nowMs) {
      throw new ApiError({
        code: 401,
        reason: 'authError',
        message: 'Request had invalid authentication credentials.',
        location: 'Authorization',
      });
    }
    const enough = method === 'generateAccessToken' ? IAM_SCOPES : JOBS_SCOPES;
    if (!issued.scopes.some((scope) => enough.includes(scope))) throw scopesTooNarrow(method);
    return issued.email;
  }
}

/** BigQuery's as seen in BigQuery-Python issue 151; that of IAM is like it, in IAM's format. */
function scopesTooNarrow(method: SimulatorMethod): ApiError {
  if (method !== 'generateAccessToken') {
    return new ApiError({ code: 403, reason: 'forbidden', message: TOO_NARROW });
  }
  return iamError({
    code: 403,
    status: 'PERMISSION_DENIED',
    message: TOO_NARROW,
    info: {
      reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
      domain: 'googleapis.com',
      metadata: { service: 'iamcredentials.googleapis.com' },
    },
  });
}
