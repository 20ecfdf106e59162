import type { HistoryRange } from '../shared/watch/history-range.ts';
import { continueSweep } from './continue-sweep.ts';
import { DONE, type Outcome } from './outcome.ts';
import { RefusedMessageError } from './pubsub-message.ts';
import type { Runtime } from './runtime.ts';
import type { Work } from './work.ts';

/**
 * Goes through a part of a project's history, as far as one message has time. What stops it short of the end for
 * another reason than time, the next tick of history goes on from.
 *
 * @throws RefusedMessageError when the verb has no history, and what the walk throws
 */
export async function handleHistory(
  range: HistoryRange,
  projectId: string,
  runtime: Runtime,
  work: Work,
): Promise<Outcome> {
  const { ports, background } = runtime;
  if (work.history === undefined)
    throw new RefusedMessageError('it is a sweep over history, which is for the function purge');
  const id = runtime.sweepId();
  const walked = await work.history(range, projectId, id, runtime.span('sweep'), ports, background);
  if (walked.kind !== 'walked') {
    ports.log.info('history not gone through', { projectId, because: walked.kind });
    return DONE;
  }
  const { looked, found, purged, stoppedBy = 'its end' } = walked;
  ports.log.info('history gone through', { projectId, looked, found, purged, stoppedBy });
  return stoppedBy === 'time' ? continueSweep(projectId, range, runtime) : DONE;
}
