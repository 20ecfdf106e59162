import type { Clock } from '../shared/ports/clock.ts';
import type { Log } from '../shared/ports/log.ts';
import { wholeHistory } from '../shared/watch/history-range.ts';
import { openLog } from './log.ts';
import { DONE, type Outcome, outcomeOf } from './outcome.ts';
import { RefusedMessageError } from './pubsub-message.ts';
import type { World } from './runtime.ts';
import { pubsubSweepMessages, type SweepMessages } from './sweep-messages.ts';
import { EXPECTED_TICK, readTick } from './tick-message.ts';
import { readTickSettings, type TickSettings } from './tick-settings.schema.ts';

/** `tick`, composed. */
export interface TickRuntime {
  readonly settings: TickSettings;
  readonly sweepMessages: SweepMessages;
  readonly log: Log;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * The composition root of `tick`.
 *
 * @throws SettingsError
 */
export function openTick(
  world: Pick<World, 'clock' | 'environment' | 'writeLine'>,
  open: (topics: TickSettings['sweepTopics']) => SweepMessages = pubsubSweepMessages,
): TickRuntime {
  const settings = readTickSettings(world.environment);
  const log = openLog((line) => world.writeLine(line), world.clock, 'tick');
  return { settings, sweepMessages: open(settings.sweepTopics), log, clock: world.clock };
}

/**
 * Publishes one sweep message per project and verb, of what is now or of the whole history. Acts on nothing, and has
 * no ledger: what it refuses is one log line. When a project's message could not be published the tick is sent again;
 * a sweep that is asked for twice finds the lease held.
 */
export async function handleTick(
  body: unknown,
  { settings, sweepMessages, log, clock }: TickRuntime,
): Promise<Outcome> {
  try {
    const { tick, verb, messageId } = readTick(body);
    const refused = (fault: string): RefusedMessageError => new RefusedMessageError(fault, messageId);
    if (tick === 'history' && verb !== 'purge')
      throw refused(`${verb} has no history to clean up: ${EXPECTED_TICK}`);
    if (!sweepMessages.has(verb)) throw refused(`WATCHDOG_SWEEP_TOPICS names no topic for ${verb}`);
    const { projects } = settings;
    const history = tick === 'history' ? wholeHistory(clock.now()) : undefined;
    const results = await Promise.allSettled(
      projects.map((project) => sweepMessages.publish(verb, project, history)),
    );
    const failed = results.filter((result) => result.status === 'rejected');
    log.info('ticked', { tick, verb, projects: projects.length, failed: failed.length });
    if (failed[0] === undefined) return DONE;
    throw failed[0].reason;
  } catch (error) {
    if (error instanceof RefusedMessageError) {
      const { messageId, fault } = error;
      log.error('dead-letter', { ...(messageId !== undefined && { messageId }), fault });
    } else {
      log.warning('tick not done', { error });
    }
    return outcomeOf(error);
  }
}
