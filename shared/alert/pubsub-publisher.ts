import { toBinaryMode } from './binary-mode.ts';
import type { AlertPublisher } from './publisher.ts';
import { openTopic, type Topic } from './pubsub-topic.ts';

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
