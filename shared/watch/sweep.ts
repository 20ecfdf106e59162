import { resume } from '../enforce/enforce.ts';
import type { EnforcePorts, Span } from '../enforce/ports.ts';
import { listAndJudge } from './listing.ts';
import { finishRound, leaveRest } from './round.ts';
import { type Swept, sweeping } from './sweeping.ts';

/**
 * The level trigger: looks at what *is* in a project, whatever events came or did not. Lists the pending and
 * running jobs to the last page, and only then acts, so that the breaker can weigh the acts against the jobs; where one sweep
 * has no time for all pages, the next ones go on, and the last of them acts (docs/decisions/0023).
 * What falls due before the horizon is waited for; then it answers.
 *
 * @param id tells this sweep from every other, also of this instance
 * @throws the errors of `bigquery/errors.ts` and `ledger/errors.ts` when the listing itself failed
 */
export function sweep(projectId: string, id: string, span: Span, ports: EnforcePorts): Promise<Swept> {
  return sweeping(projectId, id, span, ports, {
    resume: (claim) => resume(claim, span, ports),
    look: async (lease, guard) => {
      const listed = await listAndJudge(projectId, lease, span, ports, guard);
      if (listed === 'no-time') return { kind: 'no-time' };
      const { jobs, stopped } = listed;
      if (stopped) {
        await leaveRest(listed, lease, span, ports, guard);
        return { kind: 'seen', jobs, complete: false, ...(stopped.why && { why: stopped.why }) };
      }
      const { postponed } = await finishRound(projectId, listed, lease, span, ports, guard);
      return { kind: 'seen', jobs, complete: true, postponed };
    },
  });
}
