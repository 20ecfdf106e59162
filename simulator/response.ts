import type { ApiError } from './api-error.ts';
import type { SimulatorClock } from './clock.ts';
import type { SimulatorResponse } from './request.ts';

const JSON_TYPE = 'application/json; charset=UTF-8';

/** A 200 with the body, or a 204 without. `date` is RFC 7231 by the simulator's clock: whole seconds. */
export function jsonResponse(clock: SimulatorClock, body: unknown): SimulatorResponse {
  const date = new Date(clock.now()).toUTCString();
  if (body === undefined) return { status: 204, headers: { date, 'content-type': JSON_TYPE } };
  return { status: 200, headers: { date, 'content-type': JSON_TYPE }, body };
}

export function errorResponse(clock: SimulatorClock, error: ApiError): SimulatorResponse {
  const date = new Date(clock.now()).toUTCString();
  return {
    status: error.code,
    headers: { date, 'content-type': JSON_TYPE, ...error.headers },
    body: error.body(),
  };
}
