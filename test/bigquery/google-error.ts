import type { SimulatorResponse } from '../../simulator/request.ts';

export const DATE = 'Tue, 06 Jan 2026 10:00:00 GMT';
export const DATE_MS = Date.UTC(2026, 0, 6, 10, 0, 0);
/** Stands for query text in an error message of BigQuery's: it must show nowhere. */
export const SECRET = "SELECT 'hunter2' FROM payroll";

type Headers = Readonly<Record<string, string>>;

export function jsonAnswer(status: number, body: unknown, headers: Headers = {}): SimulatorResponse {
  return { status, headers: { date: DATE, 'content-type': 'application/json', ...headers }, body };
}

/** An error in Google's format. */
export function googleError(status: number, reason: string, headers: Headers = {}): SimulatorResponse {
  return jsonAnswer(status, googleErrorBody(status, reason), headers);
}

export function googleErrorBody(code: number, reason: string): unknown {
  const message = `Something about: ${SECRET}`;
  return { error: { code, message, errors: [{ domain: 'global', reason, message }] } };
}
