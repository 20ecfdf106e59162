import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { PushSubscription } from '../../demo/pubsub.ts';
import { readPush } from '../../functions/pubsub-message.ts';
import type { Clock } from '../../shared/ports/clock.ts';

/** Time that passes as soon as somebody sleeps. */
class EagerClock implements Clock {
  readonly slept: number[] = [];
  #nowMs = 0;

  now(): number {
    return this.#nowMs;
  }

  async sleep(ms: number): Promise<void> {
    this.slept.push(ms);
    this.#nowMs += ms;
  }
}

let server: Server | undefined;
afterEach(() => server?.close());

/** Answers each request with the next status, the last one for ever. */
async function endpoint(statuses: number[], bodies: unknown[]): Promise<string> {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    bodies.push(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    response.writeHead((statuses.length > 1 ? statuses.shift() : statuses[0]) ?? 500).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

test('what is not acknowledged is sent again as the same message, after a longer wait each time', async () => {
  const bodies: unknown[] = [];
  const clock = new EagerClock();
  const stopped = new AbortController().signal;
  const subscription = new PushSubscription({
    subscription: 'cancel',
    endpoint: await endpoint([503, 500, 204], bodies),
    clock,
    stopped,
  });
  expect(await subscription.deliver({ sweep: { projectId: 'shop-prod' } })).toBe('acknowledged');
  expect(bodies.map((body) => readPush(body))).toEqual(
    Array.from({ length: 3 }, () => ({ kind: 'sweep', projectId: 'shop-prod', messageId: '1' })),
  );
  expect(clock.slept).toEqual([10_000, 20_000]);
});

test('after five attempts a message is given up', async () => {
  const bodies: unknown[] = [];
  const stopped = new AbortController().signal;
  const subscription = new PushSubscription({
    subscription: 'cancel',
    endpoint: await endpoint([503], bodies),
    clock: new EagerClock(),
    stopped,
  });
  expect(await subscription.deliver({})).toBe('dead-lettered');
  expect(bodies).toHaveLength(5);
});

test('nothing is delivered once the subscription is stopped', async () => {
  const bodies: unknown[] = [];
  const subscription = new PushSubscription({
    subscription: 'cancel',
    endpoint: await endpoint([204], bodies),
    clock: new EagerClock(),
    stopped: AbortSignal.abort(),
  });
  expect(await subscription.deliver({})).toBe('stopped');
  expect(bodies).toEqual([]);
});
