import {
  answerOrThrow,
  type CallContext,
  errorFromTransport,
  type RawAnswer,
} from '../shared/bigquery/error-from-answer.ts';
import { createImpersonator, type Impersonator, sendAs } from '../shared/bigquery/impersonate.ts';
import type { Answer, JobsApi, LastCheck } from '../shared/bigquery/jobs-api.ts';
import { checkLast } from '../shared/bigquery/last-check.ts';
import {
  cancelRequest,
  deleteRequest,
  getRequest,
  insertRequest,
  listRequest,
  printQuery,
  type RestRequest,
} from '../shared/bigquery/rest-request.ts';
import { Sealed } from '../shared/bigquery/sealed.ts';
import { parsedText } from '../shared/bigquery/text-exchange.ts';
import type { Clock } from '../shared/ports/clock.ts';
import type { SimulatorRequest, SimulatorResponse } from '../simulator/request.ts';

export interface SimulatedJobsApiOptions {
  readonly redactionKey?: string;
  readonly impersonator?: Impersonator;
}

/** `signal` aborts once nobody waits for the answer any more. */
export type Handle = (request: SimulatorRequest, signal?: AbortSignal) => Promise<SimulatorResponse>;

/**
 * The seam on an in-process handler: no network, so it lives on any clock. The requests are those that
 * google-jobs-api.ts sends, and the answers are read alike; jobs-api-contract.ts holds the two together.
 */
export function simulatedJobsApi(handle: Handle, options: SimulatedJobsApiOptions = {}): JobsApi {
  const { redactionKey, impersonator } = options;
  const exchange = async (
    call: CallContext,
    request: RestRequest,
    signal: AbortSignal,
    headers = {},
  ): Promise<Answer> => {
    const response = await handle(onTheWire(request, headers), signal).catch((error: unknown) => {
      throw errorFromTransport(call, error);
    });
    return answerOrThrow(call, rawAnswer(response, request.keepsText));
  };
  const send: Send = async (request, signal, isStillWanted) => {
    const call = { ...request.context, redactionKey };
    await checkLast(call, signal, isStillWanted);
    return exchange(call, request, signal);
  };
  const sendAsOther =
    (account: string): Send =>
    (request, signal, isStillWanted) => {
      const call = { ...request.context, account, redactionKey };
      const exchanged = (authorization: string) => exchange(call, request, signal, { authorization });
      return sendAs(impersonator, call, signal, exchanged, isStillWanted);
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

/** Impersonation on the same handler, as whoever calls without a token. */
export function simulatedImpersonator(handle: Handle, clock: Pick<Clock, 'now'>): Impersonator {
  return createImpersonator(clock, async ({ path, body }) => {
    const response = await handle({ method: 'POST', path, headers: {}, body });
    const { status, headers, ...rest } = rawAnswer(response);
    return { status, headers, ...rest };
  });
}

function onTheWire(
  { httpMethod, path, query, body }: RestRequest,
  headers: SimulatorRequest['headers'],
): SimulatorRequest {
  const request = { method: httpMethod, path: `/bigquery/v2${path}${printQuery(query)}`, headers };
  // Over JSON and back, as a network would: nobody shares objects with the other side.
  return body === undefined ? request : { ...request, body: JSON.parse(JSON.stringify(body)) };
}

function rawAnswer(response: SimulatorResponse, keepsText = false): RawAnswer {
  const { status, headers, body, rawBody } = response;
  const read = rawBody === undefined ? { body } : parsedText(rawBody);
  if (!keepsText) return { status, headers, ...read };
  return { status, headers, ...read, text: new Sealed(rawBody ?? JSON.stringify(body) ?? '') };
}
