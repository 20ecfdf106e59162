import type { ApiError } from '../api-error.ts';
import { iamError } from '../iam-error.ts';
import { textAt, valueAt } from '../json.ts';
import type { Route } from '../state.ts';

const USUAL_LIFETIME_S = 3_600;
/** Where no organisation policy allows more. */
const LONGEST_LIFETIME_S = 3_600;

/**
 * `POST /v1/projects/-/serviceAccounts/E:generateAccessToken` of IAM Credentials: whoever may act as E gets a token,
 * good for the scopes that were asked for. `scope` is required there; `lifetime` is a duration such as `300s`.
 */
export const generateAccessToken: Route = (call, state) => {
  const email = call.target;
  if (state.access.isMissing(email)) throw noSuchAccount(email);
  if (!state.access.allowsToken(call.caller, email)) throw notPermitted();
  const scopes = scopesIn(call.body);
  const expiresAtMs = state.clock.now() + lifetimeSecondsIn(call.body, email) * 1_000;
  return {
    accessToken: state.tokens.issue({ email, scopes, expiresAtMs }),
    expireTime: new Date(expiresAtMs).toISOString(),
  };
};

function scopesIn(body: unknown): readonly string[] {
  const scopes = valueAt(body, 'scope');
  const texts = Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === 'string') : [];
  if (texts.length === 0) throw badArgument('scope must name at least one scope');
  return texts;
}

function lifetimeSecondsIn(body: unknown, email: string): number {
  const lifetime = textAt(body, 'lifetime') ?? `${USUAL_LIFETIME_S}s`;
  const seconds = Number(/^(\d+(?:\.\d+)?)s$/.exec(lifetime)?.[1]);
  if (!(seconds > 0)) throw badArgument(`lifetime is ${lifetime}, it must look like 300s`);
  if (seconds > LONGEST_LIFETIME_S) throw badArgument(tooLong(email));
  return seconds;
}

/** Google's text [google-github-actions/auth issue 145]. */
function tooLong(email: string): string {
  return `Access tokens for service account ${email} can not have lifetimes of more than 1 hour. Use the Org Policy Constraint constraints/iam.allowServiceAccountCredentialLifetimeExtension to allow up to 12 hours.`;
}

function badArgument(message: string): ApiError {
  return iamError({ code: 400, status: 'INVALID_ARGUMENT', message });
}

/** Google's answer [google-github-actions/auth issue 340]. */
function notPermitted(): ApiError {
  const permission = 'iam.serviceAccounts.getAccessToken';
  return iamError({
    code: 403,
    status: 'PERMISSION_DENIED',
    message: `Permission '${permission}' denied on resource (or it may not exist).`,
    info: { reason: 'IAM_PERMISSION_DENIED', domain: 'iam.googleapis.com', metadata: { permission } },
  });
}

/** Google's text, for those who may know. */
function noSuchAccount(email: string): ApiError {
  const message = `Not found; Gaia id not found for email ${email}`;
  return iamError({ code: 404, status: 'NOT_FOUND', message });
}
