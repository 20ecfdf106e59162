import type { Clock } from '../shared/ports/clock.ts';

export interface PushOptions {
  /** Its name in messages. */
  readonly subscription: string;
  /** The function's address, `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  readonly clock: Clock;
  /** Ends all deliveries. */
  readonly stopped: AbortSignal;
}

const PROJECT = 'watchdog-demo';
const TOPIC_PATH = `/projects/${PROJECT}/topics/watched`;

/** Pub/Sub waits 10 s before it sends a message again, then twice as long each time, up to 600 s. */
const FIRST_BACK_OFF_MS = 10_000;
const LONGEST_BACK_OFF_MS = 600_000;
/** As a subscription with a dead-letter topic allows at least [Pub/Sub: dead-letter topics]. */
const MOST_ATTEMPTS = 5;

/** A Pub/Sub push subscription of one endpoint: what is not acknowledged by a 2xx is sent again. */
export class PushSubscription {
  readonly #options: PushOptions;
  #messages = 0;

  constructor(options: PushOptions) {
    this.#options = options;
  }

  /** Resolves once the message was acknowledged, or never will be. Never rejects. */
  async deliver(content: unknown): Promise<'acknowledged' | 'dead-lettered' | 'stopped'> {
    const { clock, stopped } = this.#options;
    const body = this.#envelope(content);
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      if (stopped.aborted) return 'stopped';
      if (await this.#push(body)) return 'acknowledged';
      const backOffMs = Math.min(FIRST_BACK_OFF_MS * 2 ** (attempt - 1), LONGEST_BACK_OFF_MS);
      await clock.sleep(backOffMs, stopped).catch(() => undefined);
    }
    return 'dead-lettered';
  }

  /** [Pub/Sub: push subscriptions, message format] */
  #envelope(content: unknown): string {
    const data = Buffer.from(JSON.stringify(content)).toString('base64');
    const publishTime = new Date(this.#options.clock.now()).toISOString();
    const message = { data, messageId: String(++this.#messages), publishTime, attributes: {} };
    return JSON.stringify({
      message,
      subscription: `projects/${PROJECT}/subscriptions/${this.#options.subscription}`,
    });
  }

  async #push(body: string): Promise<boolean> {
    const { endpoint, stopped } = this.#options;
    try {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${endpoint}${TOPIC_PATH}`, {
        method: 'POST',
        headers,
        body,
        signal: stopped,
      });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      // A connection that breaks acknowledges nothing.
      return false;
    }
  }
}
