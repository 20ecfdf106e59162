import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection that is kept alive has one request under way at a time, as Pub/Sub's push has. */
const CONNECTIONS = 16;
const ANSWER_END = '\r\n\r\n';

/** A push was answered with something else than that it is done. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';

  constructor(statusLine: string) {
    super(`a push was answered "${statusLine}": expected status 204`);
  }
}

/**
 * Pushes the same body so many times as fast as it is answered. Written on bare sockets: a client that works
 * as hard as the server would hide what the server costs.
 *
 * @returns seconds from the first request to the last answer
 * @throws UnexpectedAnswerError
 */
export async function pushMany(port: number, body: string, times: number): Promise<number> {
  const request = requestOf(port, body);
  const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, () => open(port)));
  let unsent = times;
  const takeOne = (): boolean => unsent-- > 0;
  const began = performance.now();
  await Promise.all(sockets.map((socket) => pushOn(socket, request, takeOne)));
  const seconds = (performance.now() - began) / 1_000;
  for (const socket of sockets) socket.destroy();
  return seconds;
}

function requestOf(port: number, body: string): string {
  const length = Buffer.byteLength(body);
  return [
    'POST /projects/p/topics/t HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Content-Type: application/json',
    `Content-Length: ${length}`,
    '',
    body,
  ].join('\r\n');
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
  await once(socket, 'connect');
  return socket;
}

function pushOn(socket: Socket, request: string, takeOne: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const next = (): void => {
      if (takeOne()) socket.write(request);
      else resolve();
    };
    socket.on('error', reject);
    socket.on('data', (text) => {
      answer += String(text);
      // A 204 has no body, so its head is all of it.
      if (!answer.endsWith(ANSWER_END)) return;
      if (!answer.startsWith('HTTP/1.1 204')) {
        reject(new UnexpectedAnswerError(answer.split('\r\n')[0] ?? ''));
        return;
      }
      answer = '';
      next();
    });
    next();
  });
}
