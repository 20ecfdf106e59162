import { jobAlertId } from '../alert/job-alert.ts';
import type { FailureLook } from './failure.ts';
import type { EnforcePorts } from './ports.ts';

/**
 * Whether people know that a policy which only observes would have had the job run again. Sweeps look at the same
 * failure until lists are sure to be complete, by when its deadline may have passed: that is no news, for within it
 * the job would have been run.
 */
export async function wasObserved(
  { root, chain: { attemptsMade }, verdict }: FailureLook,
  { ledger }: Pick<EnforcePorts, 'ledger'>,
): Promise<boolean> {
  const retry = { reasons: [], ...(attemptsMade > 0 && { attempt: attemptsMade }) };
  for (const { policy, mode, why } of verdict.findings) {
    if (mode !== 'observe' || why !== 'deadline-passed') continue;
    if (await ledger.hasAlert(jobAlertId(root.job, policy, 'observed', { because: 'observe-mode', retry })))
      return true;
  }
  return false;
}
