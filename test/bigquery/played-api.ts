import type { Answer, JobsApi, JobsMethod } from '../../shared/bigquery/jobs-api.ts';
import type { SimulatorRequest, SimulatorResponse } from '../../simulator/request.ts';
import { simulatedJobsApi } from '../simulated-jobs-api.ts';

/** One attempt: what is answered, or how it fails. Attempts beyond the script repeat its last step. */
export type Step =
  | SimulatorResponse
  | 'silent'
  | Error
  | ((request: SimulatorRequest) => Promise<SimulatorResponse>);

export interface PlayedApi {
  readonly api: JobsApi;
  /** When each attempt was sent. */
  readonly sentAtMs: number[];
  readonly requests: SimulatorRequest[];
}

/** The seam over a server that plays steps, on a clock that somebody else moves. */
export function playedApi(steps: readonly Step[], now: () => number): PlayedApi {
  const sentAtMs: number[] = [];
  const requests: SimulatorRequest[] = [];
  const api = simulatedJobsApi((request) => {
    const step = steps[Math.min(requests.length, steps.length - 1)];
    sentAtMs.push(now());
    requests.push(request);
    if (step === undefined || step === 'silent') return new Promise(() => undefined);
    if (step instanceof Error) return Promise.reject(step);
    return typeof step === 'function' ? step(request) : Promise.resolve(step);
  });
  return { api, sentAtMs, requests };
}

/** A seam that only notes what it was asked, by method. */
export function notingApi(noted: JobsMethod[]): JobsApi {
  const note = async (method: JobsMethod): Promise<Answer> => {
    noted.push(method);
    return { body: {} };
  };
  const api: JobsApi = {
    get: () => note('get'),
    list: () => note('list'),
    insert: () => note('insert'),
    cancel: () => note('cancel'),
    delete: () => note('delete'),
    asAccount: () => api,
  };
  return api;
}
