import { NotFoundError } from '../bigquery/errors.ts';
import { parseJobName } from '../job/job-name.ts';
import type { EndedSweep } from './take-list.ts';
import { mayBeHidden } from './watermarks.ts';

/** So many are looked at between one look at the time and the next. */
const AT_ONCE = 100;

/**
 * Asks about each job that was waited for and that no list shows: it has ended, or the list missed it, or it is gone.
 * Those of a location that does not answer are waited for, as are those that there is no time for.
 *
 * @returns false when time ran out
 */
export async function lookAfter(names: readonly string[], sweep: EndedSweep): Promise<boolean> {
  const { ports, lease, over, untilMs } = sweep;
  // A sweep that has no time for all of them begins elsewhere than the one before.
  const start = names.length === 0 ? 0 : Math.floor(ports.clock.now() / 1_000) % names.length;
  const queue = [...names.slice(start), ...names.slice(0, start)];
  while (queue.length > 0 && ports.clock.now() < untilMs) {
    await lease.renew();
    await Promise.all(queue.splice(0, AT_ONCE).map((name) => lookAfterOne(name, sweep)));
  }
  for (const name of queue) over.awaited.add(name);
  return queue.length === 0;
}

async function lookAfterOne(name: string, sweep: EndedSweep): Promise<void> {
  const { projectId, span, ports, over, unreachable } = sweep;
  const jobName = parseJobName(name, { projectId });
  if (mayBeHidden(jobName, unreachable)) {
    over.awaited.add(name);
    return;
  }
  try {
    const { job } = await ports.jobs.get(jobName, { deadlineAtMs: span.deadlineAtMs });
    await over.take({ ...job, name: jobName });
  } catch (error) {
    if (error instanceof NotFoundError) over.settle(name);
    else over.failed({ name: jobName }, error);
  }
}
