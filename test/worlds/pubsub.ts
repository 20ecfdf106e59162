import type { Verb } from '../../shared/ledger/verb.schema.ts';
import type { Counts } from './counts.ts';
import type { WorldClock } from './port-gate.ts';
import type { Random } from './random.ts';
import type { Trace } from './trace.ts';

export type MessageKind = 'tick' | 'event' | 'sweep' | 'garbage' | 'unwatched' | 'forged';

/** A message with what became of it. */
export interface Sent {
  readonly messageId: string;
  readonly kind: MessageKind;
  /** Whom it is for. */
  readonly verb: Verb;
  readonly body: unknown;
  readonly publishedAtMs: number;
  deliveries: number;
  fate: 'under way' | 'acked' | 'dead-lettered';
}

/** One attempt at a message. */
export interface Delivery {
  readonly id: number;
  readonly message: Sent;
  /** Of an HTTP answer. */
  status?: number;
}

/** `status`: an HTTP answer. `gone`: the connection broke, and Pub/Sub waits for the deadline or not. */
export type Answer = { readonly status: number } | 'gone';

export interface PubSubParts {
  readonly clock: WorldClock;
  readonly random: Random;
  readonly trace: Trace;
  readonly counts: Counts;
  readonly ackDeadlineMs: number;
  readonly push: (delivery: Delivery) => Promise<Answer>;
  readonly rates: () => { readonly messageDoubled: number; readonly messageLate: number };
  readonly sent: Sent[];
}

const MOST_DELIVERIES = 8;
const FIRST_BACK_OFF_MS = 10_000;
const LONGEST_BACK_OFF_MS = 60_000;

/** A topic and its push subscription: at least once, in no order, with back-off and a dead-letter topic. */
export class PubSub {
  readonly #parts: PubSubParts;
  #deliveries = 0;

  constructor(parts: PubSubParts) {
    this.#parts = parts;
  }

  /** Nothing is waited for. */
  publish(kind: MessageKind, verb: Verb, body: (messageId: string) => unknown, delayMs = 0): void {
    const { sent, random, rates, counts, clock } = this.#parts;
    const messageId = String(sent.length + 1);
    const publishedAtMs = clock.now();
    const message: Sent = {
      messageId,
      kind,
      verb,
      body: body(messageId),
      publishedAtMs,
      deliveries: 0,
      fate: 'under way',
    };
    sent.push(message);
    const { messageLate, messageDoubled } = rates();
    const isLate = random.chance(messageLate);
    if (isLate) counts.add('message late');
    const waitMs = delayMs + (isLate ? random.int(5_000, 200_000) : random.int(0, 300));
    void this.#deliverAfter(message, waitMs);
    if (!random.chance(messageDoubled)) return;
    counts.add('message doubled');
    void this.#deliverAfter(message, waitMs + random.int(0, random.chance(0.5) ? 50 : 60_000));
  }

  async #deliverAfter(message: Sent, waitMs: number): Promise<void> {
    await this.#parts.clock.sleep(waitMs);
    await this.#deliver(message);
  }

  async #deliver(message: Sent): Promise<void> {
    const { clock, push, ackDeadlineMs, random, counts, trace } = this.#parts;
    message.deliveries += 1;
    const delivery: Delivery = { id: ++this.#deliveries, message };
    trace.add(
      `d${delivery.id}`,
      () => `${message.kind} ${message.messageId} is delivered, time ${message.deliveries}`,
    );
    const deadline = clock.sleep(ackDeadlineMs).then(() => 'late' as const);
    const answer = await Promise.race([push(delivery), deadline]);
    if (typeof answer === 'object') delivery.status = answer.status;
    if (answer === 'gone' && random.chance(0.5)) await deadline;
    const isAck = typeof answer === 'object' && answer.status >= 200 && answer.status < 300;
    trace.add(`d${delivery.id}`, () => `is answered ${typeof answer === 'object' ? answer.status : answer}`);
    if (isAck) {
      message.fate = 'acked';
      return;
    }
    if (message.fate === 'acked') return;
    counts.add('message redelivered');
    if (message.deliveries >= MOST_DELIVERIES) {
      counts.add('message dead-lettered by Pub/Sub');
      message.fate = 'dead-lettered';
      return;
    }
    const backOffMs = Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (message.deliveries - 1));
    await this.#deliverAfter(message, backOffMs);
  }
}

/** The body of a push request. */
export function pushOf(content: unknown): (messageId: string) => unknown {
  const data = Buffer.from(JSON.stringify(content)).toString('base64');
  return (messageId) => ({
    message: { data, messageId, attributes: {} },
    subscription: 'projects/p/subscriptions/s',
  });
}
