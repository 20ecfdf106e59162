import * as z from 'zod';
import { ApiError } from './api-error.ts';
import type { SimulatorMethod } from './faults.ts';

/** The body of `PUT /simulator/quotas`: what is not given is without a bound. */
export const QuotaSettings = z.strictObject({
  /** Of each user, for each method. */
  requestsPerSecond: z.int().positive().optional(),
  /** Of each user, over all methods. */
  concurrentRequests: z.int().positive().optional(),
});
export type QuotaSettings = z.infer<typeof QuotaSettings>;

/** What Google documents [doc: ../quotas.md, API requests]. A service account is one user over all projects. */
export const DOCUMENTED_QUOTAS: QuotaSettings = { requestsPerSecond: 100, concurrentRequests: 300 };

const WINDOW_MS = 1_000;
/** Nobody waits longer for an answer that never comes: by then the client has closed the connection. */
const LONGEST_CALL_MS = 60_000;
const MORE = 'For more information, see https://cloud.google.com/bigquery/docs/troubleshoot-quotas';

/** Counts the calls of each user, and refuses those that are too many. Refused calls do not count. */
export class Quotas {
  #settings: QuotaSettings;
  /** By user and method: when the calls of the last second came, oldest first. */
  readonly #recent = new Map<string, number[]>();
  /** By user: when each call came that has no answer yet. */
  readonly #inFlight = new Map<string, Set<{ readonly sinceMs: number }>>();

  constructor(settings: QuotaSettings = {}) {
    this.#settings = settings;
  }

  set(settings: QuotaSettings): void {
    this.#settings = settings;
  }

  /** Returns what to call when the answer is sent; throws the 403 of a quota that is used up. */
  admit(caller: string, method: SimulatorMethod, nowMs: number): () => void {
    // IAM Credentials has quotas of its own.
    if (method === 'generateAccessToken') return () => undefined;
    const { requestsPerSecond, concurrentRequests } = this.#settings;
    if (requestsPerSecond === undefined && concurrentRequests === undefined) return () => undefined;
    const recent = this.#recentOf(caller, method, nowMs);
    if (recent.length >= (requestsPerSecond ?? Infinity)) throw rateLimitExceeded();
    const inFlight = this.#inFlightOf(caller, nowMs);
    if (inFlight.size >= (concurrentRequests ?? Infinity)) throw concurrencyExceeded();
    recent.push(nowMs);
    const call = { sinceMs: nowMs };
    inFlight.add(call);
    return () => {
      inFlight.delete(call);
    };
  }

  #recentOf(caller: string, method: SimulatorMethod, nowMs: number): number[] {
    const key = `${caller}\n${method}`;
    const recent = (this.#recent.get(key) ?? []).filter((atMs) => atMs > nowMs - WINDOW_MS);
    this.#recent.set(key, recent);
    return recent;
  }

  #inFlightOf(caller: string, nowMs: number): Set<{ readonly sinceMs: number }> {
    const inFlight = this.#inFlight.get(caller) ?? new Set();
    this.#inFlight.set(caller, inFlight);
    for (const call of inFlight) if (call.sinceMs <= nowMs - LONGEST_CALL_MS) inFlight.delete(call);
    return inFlight;
  }
}

/** The text as seen in firebase/extensions issue 1394. */
export function rateLimitExceeded(): ApiError {
  const message = `Exceeded rate limits: too many api requests per user per method for this user_method. ${MORE}`;
  return new ApiError({ code: 403, reason: 'rateLimitExceeded', message });
}

/** The text as in [doc: troubleshoot-quotas.md], a 403 as in nodejs-bigquery issue 542. */
function concurrencyExceeded(): ApiError {
  const message = `Quota exceeded: Your user_method exceeded quota for concurrent api requests per user per method. ${MORE}`;
  return new ApiError({ code: 403, reason: 'quotaExceeded', message });
}
