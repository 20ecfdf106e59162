import { handleTick, openTick } from '../../functions/tick-runtime.ts';
import { askSweep } from './instance-ports.ts';
import type { WorldClock } from './port-gate.ts';
import type { Answer, Delivery } from './pubsub.ts';
import type { Scene } from './scene.ts';

/** The function `tick`: holds nothing and dies of nothing, but its topic may fail. */
export class Ticker {
  readonly #runtime: Parameters<typeof handleTick>[1];

  constructor(projects: readonly string[], clock: WorldClock, scene: Scene, onLine: (line: string) => void) {
    this.#runtime = openTick(
      {
        clock,
        environment: {
          WATCHDOG_PROJECTS: projects.join(','),
          WATCHDOG_SWEEP_TOPICS: SWEEP_TOPICS,
        },
        writeLine: onLine,
      },
      (topics) => ({
        has: (verb) => topics.has(verb),
        publish: async (verb, projectId) => askSweep(verb, projectId, scene),
      }),
    );
  }

  push(delivery: Delivery): Promise<Answer> {
    return handleTick(delivery.message.body, this.#runtime);
  }
}

export const SWEEP_TOPICS = ['cancel', 'retry', 'purge']
  .map((verb) => `${verb}=projects/ops/topics/sweep-${verb}`)
  .join(',');
