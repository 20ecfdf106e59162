import type { AuthClient, GoogleAuth } from 'google-auth-library';
import type { Clock } from '../ports/clock.ts';
import { createImpersonator, type Impersonator } from './impersonate.ts';
import { exchangeText, parsedText } from './text-exchange.ts';

export interface GoogleImpersonatorOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** An IAM Credentials other than Google's (`http://127.0.0.1:8080`). It is sent no credentials but those of `authClient`. */
  readonly endpoint?: string | undefined;
  /** Who acts as others; by default the account of the environment. */
  readonly authClient?: AuthClient | undefined;
}

const GOOGLE = 'https://iamcredentials.googleapis.com';
/** What Google wants of who asks for tokens [doc: iam/docs/reference/credentials/rest, Authorization scopes]. */
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/**
 * Impersonation by Google's IAM Credentials, with the credentials of google-auth-library. Its own `Impersonated`
 * prints a warning whenever it is made, keeps tokens by the machine's clock, asks again by itself, and tells errors
 * as texts only: so it is not used.
 */
export function googleImpersonator({ clock, endpoint, authClient }: GoogleImpersonatorOptions): Impersonator {
  let auth: GoogleAuth | AuthClient | undefined = authClient;
  const base = (endpoint ?? GOOGLE).replace(/\/+$/, '');
  return createImpersonator(clock, async ({ path, body }, signal) => {
    if (auth === undefined && endpoint === undefined) {
      const { GoogleAuth } = await import('google-auth-library');
      auth = new GoogleAuth({ scopes: [SCOPE] });
    }
    const url = `${base}${path}`;
    const headers = Object.fromEntries((await auth?.getRequestHeaders(url)) ?? []);
    const answer = await exchangeText({ method: 'POST', url, headers, body }, signal);
    return { status: answer.status, headers: answer.headers, ...parsedText(answer.text) };
  });
}
