import type { BinaryMessage } from './binary-mode.ts';

/** The part of a Pub/Sub topic that is used here. */
export interface Topic {
  publishMessage(message: BinaryMessage): Promise<string>;
}

/**
 * A topic of Pub/Sub. The client is imported when the first one is opened.
 *
 * @param topicName `projects/P/topics/T`
 */
export async function openTopic(topicName: string): Promise<Topic> {
  const { PubSub } = await import('@google-cloud/pubsub');
  const projectId = topicName.split('/')[1];
  return new PubSub(projectId === undefined ? {} : { projectId }).topic(topicName);
}
