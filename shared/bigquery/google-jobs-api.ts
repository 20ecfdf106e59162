import type { BigQuery } from '@google-cloud/bigquery';
import type { AuthClient, GoogleAuth } from 'google-auth-library';
import {
  answerOrThrow,
  type CallContext,
  errorBeforeSending,
  errorFromTransport,
  type RawAnswer,
} from './error-from-answer.ts';
import type { Answer, JobsApi } from './jobs-api.ts';
import {
  cancelRequest,
  deleteRequest,
  getRequest,
  insertRequest,
  listRequest,
  type RestRequest,
} from './rest-request.ts';

export interface GoogleJobsApiOptions {
  /** A jobs API other than Google's (`http://127.0.0.1:8080`). It is sent no credentials but those of `authClient`. */
  readonly endpoint?: string | undefined;
  /** Whom to act as; by default the account of the environment. */
  readonly authClient?: AuthClient | undefined;
  readonly redactionKey?: string | undefined;
}

const GOOGLE = 'https://bigquery.googleapis.com';
const SCOPE = 'https://www.googleapis.com/auth/bigquery';

/**
 * The seam on `@google-cloud/bigquery` 9.3.0, which is loaded at the first call. Of it the transport is used,
 * for its methods hide the `Date` header and `unreachable`. It cannot be stopped: a call that was given up
 * settles when the connection does, and then only.
 */
export function googleJobsApi(options: GoogleJobsApiOptions = {}): JobsApi {
  let loading: Promise<Google> | undefined;
  const load = (): Promise<Google> => {
    loading ??= loadGoogle(options).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  const endpoint = (options.endpoint ?? GOOGLE).replace(/\/+$/, '');
  const send = async (request: RestRequest, signal: AbortSignal): Promise<Answer> => {
    const call: CallContext = { ...request.context, redactionKey: options.redactionKey };
    const url = `${endpoint}/bigquery/v2${request.path}`;
    const { client, headers } = await prepare(call, load, url);
    if (signal.aborted) throw errorBeforeSending(call, 'the caller gave up before it was sent');
    return answerOrThrow(call, await exchange(call, client, request, url, headers));
  };
  return {
    get: async (name, signal) => send(getRequest(name), signal),
    list: async (page, signal) => send(listRequest(page), signal),
    insert: async (projectId, body, signal) => send(insertRequest(projectId, body), signal),
    cancel: async (name, signal) => send(cancelRequest(name), signal),
    delete: async (name, signal) => send(deleteRequest(name), signal),
  };
}

interface Google {
  readonly client: BigQuery;
  /** Absent: nobody to sign in as. */
  readonly auth: GoogleAuth | AuthClient | undefined;
}

/**
 * The client itself always goes without credentials; ours are fetched before and added as headers. So a token
 * that cannot be had is known to have stopped the call before it was sent, and nothing is sent after the
 * caller gave up waiting for one.
 */
async function loadGoogle(options: GoogleJobsApiOptions): Promise<Google> {
  const [{ BigQuery }, { GoogleAuth, PassThroughClient }] = await Promise.all([
    import('@google-cloud/bigquery'),
    import('google-auth-library'),
  ]);
  const client = new BigQuery({
    apiEndpoint: options.endpoint ?? GOOGLE,
    authClient: new PassThroughClient(),
    // Stands in no request, for each names its own; without it the client would look for one.
    projectId: 'unused',
    retryOptions: { autoRetry: false },
  });
  const ours = options.endpoint === undefined ? new GoogleAuth({ scopes: [SCOPE] }) : undefined;
  return { client, auth: options.authClient ?? ours };
}

async function prepare(
  call: CallContext,
  load: () => Promise<Google>,
  url: string,
): Promise<{ client: BigQuery; headers: Record<string, string> }> {
  let google: Google;
  try {
    google = await load();
  } catch {
    throw errorBeforeSending(call, "Google's client could not be loaded");
  }
  try {
    const headers = await google.auth?.getRequestHeaders(url);
    return { client: google.client, headers: Object.fromEntries(headers ?? []) };
  } catch {
    throw errorBeforeSending(call, 'no credentials could be had');
  }
}

/** One HTTP exchange. The address is absolute, so that `BIGQUERY_EMULATOR_HOST` cannot divert it. */
function exchange(
  call: CallContext,
  client: BigQuery,
  request: RestRequest,
  uri: string,
  headers: Record<string, string>,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    // The body goes as text: of a JSON value the client would replace each `{{projectId}}`, also inside a query.
    const body = request.body === undefined ? {} : { body: JSON.stringify(request.body) };
    const type = request.body === undefined ? {} : { 'Content-Type': 'application/json' };
    client.request(
      { method: request.httpMethod, uri, qs: request.query, headers: { ...headers, ...type }, ...body },
      (error, _parsed, response) => {
        if (response === undefined) reject(errorFromTransport(call, error));
        else resolve({ status: response.statusCode, headers: response.headers, ...bodyOf(response.body) });
      },
    );
  });
}

/** The client parses JSON if it was announced as such; where it failed to, the body is left a stream. */
function bodyOf(body: unknown): Pick<RawAnswer, 'body' | 'unreadable'> {
  if (body === '' || body === undefined || body === null) return {};
  if (typeof body === 'object' && 'pipe' in body && typeof body.pipe === 'function')
    return { unreadable: true };
  if (typeof body !== 'string') return { body };
  try {
    return { body: JSON.parse(body) };
  } catch {
    return { unreadable: true };
  }
}
