import type { BinaryMessage } from './binary-mode.ts';

/** The part of a Pub/Sub topic that is used here. */
export interface Topic {
  publishMessage(message: BinaryMessage): Promise<string>;
}

/** @param topicName `projects/P/topics/T` */
export type OpenTopic = (topicName: string) => Promise<Topic>;

/** A topic of Pub/Sub. The client is imported when the first one is opened. */
export const openTopic: OpenTopic = async (topicName) => {
  const { PubSub } = await import('@google-cloud/pubsub');
  const projectId = topicName.split('/')[1];
  return new PubSub(projectId === undefined ? {} : { projectId }).topic(topicName);
};

/** Opens each topic once. One that could not be opened is opened anew when it is next asked for. */
export function openingOnce(open: OpenTopic): OpenTopic {
  const opened = new Map<string, Promise<Topic>>();
  return (topicName) => {
    const known = opened.get(topicName);
    if (known !== undefined) return known;
    const topic = open(topicName).catch((error: unknown) => {
      opened.delete(topicName);
      throw error;
    });
    opened.set(topicName, topic);
    return topic;
  };
}
