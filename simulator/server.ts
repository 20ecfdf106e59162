import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseError } from './api-error.ts';
import type { SimulatorClock } from './clock.ts';
import { ConnectionReset, type SimulatorRequest, type SimulatorResponse } from './request.ts';
import { errorResponse } from './response.ts';

export interface RunningServer {
  /** `http://127.0.0.1:PORT` */
  readonly address: string;
  readonly port: number;
  /** Breaks the connections that a silent fault left open, too. */
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly simulator: { handle(request: SimulatorRequest): Promise<SimulatorResponse> };
  readonly clock: SimulatorClock;
  /** 0 picks a free one. */
  readonly port: number;
}

/** Puts a simulator on a port of this machine's loopback interface. */
export async function serve(options: ServerOptions): Promise<RunningServer> {
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing, options).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = addressOf(server);
  return { address: `http://127.0.0.1:${port}`, port, close: () => closed(server) };
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { simulator, clock }: ServerOptions,
): Promise<void> {
  const text = await bodyOf(incoming);
  let body: unknown;
  try {
    body = text === '' ? undefined : JSON.parse(text);
  } catch {
    send(outgoing, errorResponse(clock, parseError()));
    return;
  }
  const request = requestOf(incoming, body);
  try {
    send(outgoing, await simulator.handle(request));
  } catch (error) {
    if (!(error instanceof ConnectionReset)) throw error;
    incoming.socket.resetAndDestroy();
  }
}

function requestOf(incoming: IncomingMessage, body: unknown): SimulatorRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const common = { method: incoming.method ?? 'GET', path: incoming.url ?? '/', headers };
  return body === undefined ? common : { ...common, body };
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function send(outgoing: ServerResponse, response: SimulatorResponse): void {
  outgoing.writeHead(response.status, { ...response.headers });
  if (response.rawBody !== undefined) outgoing.end(response.rawBody);
  else if (response.body === undefined) outgoing.end();
  else outgoing.end(JSON.stringify(response.body));
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return address;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
