import { ApiError } from './api-error.ts';
import { hexOf } from './filled-in.ts';
import { DEFAULT_PRINCIPAL } from './scripted-job.ts';

/** Tokens that `generateAccessToken` handed out, and who acts with each. */
export class AccessTokens {
  readonly #issued = new Map<string, { email: string; expiresAtMs: number }>();

  issue(email: string, expiresAtMs: number): string {
    const token = `ya29.simulator-${hexOf(`${email} ${expiresAtMs} ${this.#issued.size}`).slice(0, 24)}`;
    this.#issued.set(token, { email, expiresAtMs });
    return token;
  }

  /**
   * Who acts with this Authorization header. Without one, or with a token that is not from here (bq sends
   * `x`), it is `simulator@example.com`, with all rights (design section 7).
   */
  callerOf(authorization: string | undefined, nowMs: number): string {
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
    return issued.email;
  }
}
