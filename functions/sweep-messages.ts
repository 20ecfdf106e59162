import { type OpenTopic, openingOnce, openTopic } from '../shared/alert/pubsub-topic.ts';
import type { HistoryRange } from '../shared/watch/history-range.ts';
import type { SweepTopics } from './setting-values.schema.ts';

/** Asks for a sweep over one project, by whichever instance of the verb's function is free. */
export interface SweepMessages {
  /** Whether there is a topic for this verb. */
  has(verb: string): boolean;
  /**
   * Resolves once Pub/Sub has the message; throws otherwise.
   *
   * @param history not of what is now, but of that part of the history
   */
  publish(verb: string, projectId: string, history?: HistoryRange): Promise<void>;
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
    publish: async (verb, projectId, history) => {
      const name = topics.get(verb);
      if (name === undefined) throw new NoSweepTopicError(verb);
      const topic = await opened(name);
      await topic.publishMessage({ json: { sweep: sweepOf(projectId, history) }, attributes: {} });
    },
  };
}

function sweepOf(projectId: string, history: HistoryRange | undefined): object {
  if (history === undefined) return { projectId };
  const from = new Date(history.fromMs).toISOString();
  return { projectId, history: { from, to: new Date(history.toMs).toISOString() } };
}
