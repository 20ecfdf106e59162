import { answerOrThrow, errorFromTransport, type RawAnswer } from '../shared/bigquery/error-from-answer.ts';
import type { Answer, JobsApi } from '../shared/bigquery/jobs-api.ts';
import {
  cancelRequest,
  deleteRequest,
  getRequest,
  insertRequest,
  listRequest,
  type RestRequest,
} from '../shared/bigquery/rest-request.ts';
import type { SimulatorRequest, SimulatorResponse } from '../simulator/request.ts';

export type Handle = (request: SimulatorRequest) => Promise<SimulatorResponse>;

/**
 * The seam on an in-process handler: no network, so it lives on any clock. The requests are those that
 * google-jobs-api.ts sends, and the answers are read alike; jobs-api-contract.ts holds the two together.
 */
export function simulatedJobsApi(handle: Handle, redactionKey?: string): JobsApi {
  const send = async (request: RestRequest): Promise<Answer> => {
    const call = { ...request.context, redactionKey };
    const response = await handle(onTheWire(request)).catch((error: unknown) => {
      throw errorFromTransport(call, error);
    });
    return answerOrThrow(call, rawAnswer(response));
  };
  return {
    get: async (name) => send(getRequest(name)),
    list: async (page) => send(listRequest(page)),
    insert: async (projectId, body) => send(insertRequest(projectId, body)),
    cancel: async (name) => send(cancelRequest(name)),
    delete: async (name) => send(deleteRequest(name)),
  };
}

function onTheWire({ httpMethod, path, query, body }: RestRequest): SimulatorRequest {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    for (const one of typeof value === 'string' ? [value] : value) parameters.append(key, one);
  }
  const suffix = parameters.size === 0 ? '' : `?${parameters}`;
  const request = { method: httpMethod, path: `/bigquery/v2${path}${suffix}`, headers: {} };
  // Over JSON and back, as a network would: nobody shares objects with the other side.
  return body === undefined ? request : { ...request, body: JSON.parse(JSON.stringify(body)) };
}

function rawAnswer({ status, headers, body, rawBody }: SimulatorResponse): RawAnswer {
  return rawBody === undefined ? { status, headers, body } : { status, headers, ...parsed(rawBody) };
}

function parsed(text: string): Pick<RawAnswer, 'body' | 'unreadable'> {
  try {
    return { body: JSON.parse(text) };
  } catch {
    return { unreadable: true };
  }
}
