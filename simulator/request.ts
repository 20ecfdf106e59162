/** One HTTP request, with or without a network below it. */
export interface SimulatorRequest {
  readonly method: string;
  /** The path with its query string, undecoded. */
  readonly path: string;
  /** Names in any case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON body, if there is one. */
  readonly body?: unknown;
}

export interface SimulatorResponse {
  readonly status: number;
  /** Names in lower case; always `date`, by the simulator's clock. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; absent for a 204. */
  readonly body?: unknown;
  /** Instead of `body`, when a fault makes the answer something that is not JSON. */
  readonly rawBody?: string;
}

/** Thrown by `handle` when a fault breaks the connection instead of answering. */
export class ConnectionReset extends Error {
  override readonly name = 'ConnectionReset';
  /** As Node names it, so that a client can treat both worlds alike. */
  readonly code = 'ECONNRESET';
}
