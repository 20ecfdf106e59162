import type { Span } from '../enforce/ports.ts';
import { sweepEnded } from './ended-sweep.ts';
import type { Swept } from './sweeping.ts';
import { carryOutPurgeWhenDue, type WatchPurgePorts, watchEndedPurge } from './watch-ended-purge.ts';

/** The level trigger of `purge`: sensitive jobs that ended are found, those that are due purged, and seen to be gone. */
export function sweepForPurges(
  projectId: string,
  id: string,
  span: Span,
  ports: WatchPurgePorts,
): Promise<Swept> {
  return sweepEnded(projectId, id, span, ports, {
    follow: (job, policies) => watchEndedPurge(job, policies, span, ports),
    carryOut: (claim) => carryOutPurgeWhenDue(claim, span, ports),
  });
}
