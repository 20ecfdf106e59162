import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A way to an emulator that can fall silent, and that can break. */
export interface FaultyProxy {
  readonly host: string;
  /** From now on what is asked still arrives, and no answer comes back. */
  holdAnswers(): void;
  /** Breaks every connection; new ones work. */
  cut(): void;
}

export async function faultyProxy(target: string): Promise<FaultyProxy> {
  const [host = '', port = ''] = target.split(':');
  const open = new Set<Socket>();
  let holding = false;
  const server = createServer((client) => {
    const upstream = connect(Number(port), host);
    for (const socket of [client, upstream]) {
      open.add(socket);
      // A broken connection is what this is for.
      socket
        .on('error', () => undefined)
        .on('close', () => {
          open.delete(socket);
          client.destroy();
          upstream.destroy();
        });
    }
    client.pipe(upstream);
    upstream.on('data', (answer) => {
      if (!holding) client.write(answer);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    holding = false;
    for (const socket of open) socket.destroy();
  };
  onTestFinished(() => {
    server.close();
    cut();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return {
    host: `127.0.0.1:${address.port}`,
    holdAnswers: () => {
      holding = true;
    },
    cut,
  };
}
