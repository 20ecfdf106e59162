import type { ClaimRow } from './claim-row.ts';
import type { Ending } from './invariant.ts';
import type { Past } from './past.ts';
import type { TrueFamily } from './purge-oracle.ts';
import { holdOf } from './true-hold.ts';

/** Whether what stands against a purge stays as it is until a person does something. */
export function isKeptForGood(
  { policy, projectId }: Pick<ClaimRow, 'policy' | 'projectId'>,
  family: TrueFamily | undefined,
  { holds, nowMs }: Pick<Ending, 'holds' | 'nowMs'>,
  past: Past,
): boolean {
  if (past.plan.dryRun || past.stoppedSinceMs !== undefined || past.isOutOfReachOfPurge(projectId))
    return true;
  if (holds === undefined || past.openTrip(policy) !== undefined) return true;
  return family !== undefined && holdOf(holds, family, nowMs)?.untilMs === 'indefinite';
}
