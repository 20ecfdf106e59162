import { type Message, PubSub, type Subscription, type Topic } from '@google-cloud/pubsub';
import { afterAll, beforeAll } from 'vitest';
import { type Emulator, type Sdk, startPubsub } from './emulators.ts';

export const PUBSUB_PROJECT = 'watchdog-tests';

/** Topics and subscriptions on the emulator, each with a name of its own. */
export interface PubsubScene {
  readonly host: string;
  readonly client: PubSub;
  newTopic(): Promise<Topic>;
  /** A name of a topic that is not there. */
  newTopicName(): string;
  /** Pushes to that address; after five failures to the dead-letter topic, if there is one. */
  pushTo(topic: Topic, pushEndpoint: string, deadLetters?: Topic): Promise<void>;
  /** What is published to that topic from now on. */
  listen(topic: Topic): Promise<Inbox>;
}

/** Runs a Pub/Sub for the tests of this block. */
export function usePubsub(sdk: Sdk): () => PubsubScene {
  let emulator: Emulator | undefined;
  let scene: PubsubScene | undefined;
  beforeAll(async () => {
    emulator = await startPubsub(sdk);
    const environment = { PUBSUB_EMULATOR_HOST: emulator.host, METADATA_SERVER_DETECTION: 'none' };
    Object.assign(process.env, environment);
    scene = openScene(emulator.host);
  });
  afterAll(async () => {
    await scene?.client.close();
    await emulator?.stop();
  });
  return () => {
    if (scene === undefined) throw new Error('the Pub/Sub emulator has not started');
    return scene;
  };
}

function openScene(host: string): PubsubScene {
  const client = new PubSub({ projectId: PUBSUB_PROJECT });
  let names = 0;
  const newName = (kind: string): string => `${kind}-${++names}`;
  return {
    host,
    client,
    newTopicName: () => `projects/${PUBSUB_PROJECT}/topics/${newName('topic')}`,
    newTopic: async () => (await client.createTopic(newName('topic')))[0],
    async pushTo(topic, pushEndpoint, deadLetters) {
      await topic.createSubscription(newName('push'), {
        pushConfig: { pushEndpoint },
        ackDeadlineSeconds: 60,
        ...(deadLetters && {
          deadLetterPolicy: { deadLetterTopic: deadLetters.name, maxDeliveryAttempts: 5 },
        }),
      });
    },
    listen: async (topic) => new Inbox((await topic.createSubscription(newName('pull')))[0]),
  };
}

/** The messages of a pull subscription, acknowledged as they come. */
export class Inbox {
  readonly messages: Message[] = [];
  readonly #subscription: Subscription;
  #wake: () => void = () => undefined;

  constructor(subscription: Subscription) {
    this.#subscription = subscription;
    subscription.on('message', (message: Message) => {
      message.ack();
      this.messages.push(message);
      this.#wake();
    });
  }

  /** Resolves once as many messages came. */
  async waitFor(count: number): Promise<readonly Message[]> {
    while (this.messages.length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.messages;
  }

  close(): Promise<void> {
    return this.#subscription.close();
  }
}
