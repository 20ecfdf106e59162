import { type OpenTopic, openingOnce, openTopic } from '../shared/alert/pubsub-topic.ts';
import type { SweepTopics } from './setting-values.schema.ts';

/** Asks for a sweep over one project, by whichever instance of the verb's function is free. */
export interface SweepMessages {
  /** Whether there is a topic for this verb. */
  has(verb: string): boolean;
  /** Resolves once Pub/Sub has the message; throws otherwise. */
  publish(verb: string, projectId: string): Promise<void>;
}

/** No topic is named for this verb. */
export class NoSweepTopicError extends Error {
  override readonly name = 'NoSweepTopicError';

  constructor(verb: string) {
    super(
      `there is no topic to send a sweep of ${verb} to; add ${verb}=projects/P/topics/T to WATCHDOG_SWEEP_TOPICS`,
    );
  }
}

/** Sweep messages over Pub/Sub, each verb with its own topic. */
export function pubsubSweepMessages(topics: SweepTopics, open: OpenTopic = openTopic): SweepMessages {
  const opened = openingOnce(open);
  return {
    has: (verb) => topics.has(verb),
    publish: async (verb, projectId) => {
      const name = topics.get(verb);
      if (name === undefined) throw new NoSweepTopicError(verb);
      const topic = await opened(name);
      await topic.publishMessage({ json: { sweep: { projectId } }, attributes: {} });
    },
  };
}
