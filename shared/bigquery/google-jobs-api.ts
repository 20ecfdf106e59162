import type { BigQuery } from '@google-cloud/bigquery';
import type { AuthClient, GoogleAuth } from 'google-auth-library';
import {
  answerOrThrow,
  type CallContext,
  errorBeforeSending,
  errorFromTransport,
  type RawAnswer,
} from './error-from-answer.ts';
import { type Impersonator, sendAs } from './impersonate.ts';
import type { Answer, JobsApi, LastCheck } from './jobs-api.ts';
import { checkLast } from './last-check.ts';
import {
  cancelRequest,
  deleteRequest,
  getRequest,
  insertRequest,
  listRequest,
  printQuery,
  type RestRequest,
} from './rest-request.ts';
import { Sealed } from './sealed.ts';
import { exchangeText, parsedText } from './text-exchange.ts';

export interface GoogleJobsApiOptions {
  /** A jobs API other than Google's (`http://127.0.0.1:8080`). It is sent no credentials but those of `authClient`. */
  readonly endpoint?: string | undefined;
  /** Whom to act as; by default the account of the environment. */
  readonly authClient?: AuthClient | undefined;
  /** Who acts as service accounts (`asAccount`); without one, such calls are refused. */
  readonly impersonator?: Impersonator | undefined;
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
  const send: Send = async (request, signal, isStillWanted) => {
    const call: CallContext = { ...request.context, redactionKey: options.redactionKey };
    const url = `${endpoint}/bigquery/v2${request.path}`;
    const google = await loaded(call, load);
    const headers = await ownHeaders(call, google, url);
    await checkLast(call, signal, isStillWanted);
    return answerOrThrow(call, await exchange(call, google.client, request, url, headers, signal));
  };
  const sendAsOther =
    (account: string): Send =>
    async (request, signal, isStillWanted) => {
      const call = { ...request.context, account, redactionKey: options.redactionKey };
      const url = `${endpoint}/bigquery/v2${request.path}`;
      const { client } = await loaded(call, load);
      const exchanged = async (authorization: string): Promise<Answer> =>
        answerOrThrow(call, await exchange(call, client, request, url, { authorization }, signal));
      return sendAs(options.impersonator, call, signal, exchanged, isStillWanted);
    };
  const apiOn = (how: Send): JobsApi => ({
    get: async (request, signal) => how(getRequest(request), signal),
    list: async (page, signal) => how(listRequest(page), signal),
    insert: async (projectId, body, signal, isStillWanted) =>
      how(insertRequest(projectId, body), signal, isStillWanted),
    cancel: async (name, signal) => how(cancelRequest(name), signal),
    delete: async (name, signal) => how(deleteRequest(name), signal),
    asAccount: (account) => apiOn(sendAsOther(account)),
  });
  return apiOn(send);
}

type Send = (request: RestRequest, signal: AbortSignal, isStillWanted?: LastCheck) => Promise<Answer>;

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

async function loaded(call: CallContext, load: () => Promise<Google>): Promise<Google> {
  try {
    return await load();
  } catch {
    throw errorBeforeSending(call, "Google's client could not be loaded");
  }
}

async function ownHeaders(call: CallContext, { auth }: Google, url: string): Promise<Record<string, string>> {
  try {
    return Object.fromEntries((await auth?.getRequestHeaders(url)) ?? []);
  } catch {
    throw errorBeforeSending(call, 'no credentials could be had');
  }
}

/** One HTTP exchange. The address is absolute, so that `BIGQUERY_EMULATOR_HOST` cannot divert it. */
async function exchange(
  call: CallContext,
  client: BigQuery,
  request: RestRequest,
  uri: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<RawAnswer> {
  if (request.keepsText) return wholeExchange(call, `${uri}${printQuery(request.query)}`, headers, signal);
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

async function wholeExchange(
  call: CallContext,
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<RawAnswer> {
  try {
    const { text, ...answer } = await exchangeText({ method: 'GET', url, headers }, signal);
    return { ...answer, ...parsedText(text), text: new Sealed(text) };
  } catch (error) {
    throw errorFromTransport(call, error);
  }
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
