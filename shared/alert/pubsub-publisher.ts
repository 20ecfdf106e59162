import { toBinaryMode } from './binary-mode.ts';
import type { AlertPublisher } from './publisher.ts';
import { type OpenTopic, openingOnce, openTopic } from './pubsub-topic.ts';

/**
 * Publishes CloudEvents in binary mode.
 *
 * @param topicName `projects/P/topics/T`
 */
export function pubsubPublisher(topicName: string, open: OpenTopic = openTopic): AlertPublisher {
  const opened = openingOnce(open);
  return {
    async publish(event) {
      const topic = await opened(topicName);
      await topic.publishMessage(toBinaryMode(event));
    },
  };
}
