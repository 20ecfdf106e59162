import { ApiError } from '../api-error.ts';
import { textAt, valueAt } from '../json.ts';
import type { Route } from '../state.ts';

const USUAL_LIFETIME_S = 3_600;

/**
 * `POST /v1/projects/-/serviceAccounts/E:generateAccessToken` of IAM Credentials: whoever asks may act as E.
 * `scope` is required there; `lifetime` is a duration such as `300s`.
 */
export const generateAccessToken: Route = (call, state) => {
  const scope = valueAt(call.body, 'scope');
  if (!Array.isArray(scope) || scope.length === 0) throw badArgument('scope must name at least one scope');
  const lifetime = textAt(call.body, 'lifetime') ?? `${USUAL_LIFETIME_S}s`;
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(lifetime)?.[1];
  if (seconds === undefined) throw badArgument(`lifetime is ${lifetime}, it must look like 300s`);
  const expiresAtMs = state.clock.now() + Number(seconds) * 1_000;
  return {
    accessToken: state.tokens.issue(call.target, expiresAtMs),
    expireTime: new Date(expiresAtMs).toISOString(),
  };
};

function badArgument(message: string): ApiError {
  return new ApiError({ code: 400, reason: 'badRequest', message });
}
