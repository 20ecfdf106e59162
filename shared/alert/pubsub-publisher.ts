import type { AlertPublisher } from './publisher.ts';

/** The part of a Pub/Sub topic that is used here, so that the client is imported only when first needed. */
interface Topic {
  publishMessage(message: { json: unknown; attributes: Record<string, string> }): Promise<string>;
}

/**
 * Publishes CloudEvents in binary mode: the attributes are `ce-<name>` and, to filter on, `policy`,
 * `project` and `severity`; the data is the event's `data` as JSON
 * [CloudEvents Pub/Sub protocol binding; design section 7].
 *
 * @param topicName `projects/P/topics/T`
 */
export function pubsubPublisher(topicName: string): AlertPublisher {
  let topic: Promise<Topic> | undefined;
  return {
    async publish(event) {
      topic ??= openTopic(topicName);
      await (await topic).publishMessage({ json: event['data'], attributes: attributesOf(event) });
    },
  };
}

async function openTopic(topicName: string): Promise<Topic> {
  const { PubSub } = await import('@google-cloud/pubsub');
  const projectId = topicName.split('/')[1];
  return new PubSub(projectId === undefined ? {} : { projectId }).topic(topicName);
}

const FILTERED_ON = ['policy', 'project', 'severity'];

function attributesOf(event: Readonly<Record<string, unknown>>): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(event)) {
    if (typeof value !== 'string') continue;
    if (FILTERED_ON.includes(name)) attributes[name] = value;
    else attributes[name === 'datacontenttype' ? 'content-type' : `ce-${name}`] = value;
  }
  return attributes;
}
