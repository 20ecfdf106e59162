import { type BinaryMessage, toBinaryMode } from './binary-mode.ts';
import type { AlertPublisher } from './publisher.ts';

/** The part of a Pub/Sub topic that is used here, so that the client is imported only when first needed. */
interface Topic {
  publishMessage(message: BinaryMessage): Promise<string>;
}

/**
 * Publishes CloudEvents in binary mode.
 *
 * @param topicName `projects/P/topics/T`
 */
export function pubsubPublisher(topicName: string): AlertPublisher {
  let topic: Promise<Topic> | undefined;
  return {
    async publish(event) {
      topic ??= openTopic(topicName);
      await (await topic).publishMessage(toBinaryMode(event));
    },
  };
}

async function openTopic(topicName: string): Promise<Topic> {
  const { PubSub } = await import('@google-cloud/pubsub');
  const projectId = topicName.split('/')[1];
  return new PubSub(projectId === undefined ? {} : { projectId }).topic(topicName);
}
