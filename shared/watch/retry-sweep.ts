import type { Span } from '../enforce/ports.ts';
import type { RetryPorts } from '../enforce/retry-ports.ts';
import { carryOutWhenDue } from './carry-out-when-due.ts';
import { sweepEnded } from './ended-sweep.ts';
import type { Swept } from './sweeping.ts';
import { watchEnded } from './watch-failure.ts';

/** The level trigger of `retry`: failures are answered, retries that are due started, and their outcomes looked for. */
export function sweepForRetries(
  projectId: string,
  id: string,
  span: Span,
  ports: RetryPorts,
): Promise<Swept> {
  return sweepEnded(projectId, id, span, ports, {
    follow: (job, policies) => watchEnded(job, policies, span, ports),
    carryOut: (claim) => carryOutWhenDue(claim, span, ports),
  });
}
