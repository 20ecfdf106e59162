import type { HistoryRange } from '../shared/watch/history-range.ts';
import { DONE, NOT_DONE, type Outcome } from './outcome.ts';
import type { Runtime } from './runtime.ts';

/** What this instance has no time for goes on in another, from the position that the ledger holds. */
export async function continueSweep(
  projectId: string,
  history: HistoryRange | undefined,
  { ports, sweepMessages }: Runtime,
): Promise<Outcome> {
  if (!sweepMessages.has(ports.verb)) {
    ports.log.warning('sweep unfinished and no topic to continue it', { projectId });
    return NOT_DONE;
  }
  await sweepMessages.publish(ports.verb, projectId, history);
  ports.log.info('sweep continued by another message', { projectId });
  return DONE;
}
