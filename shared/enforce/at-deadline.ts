import { JobsApiError } from '../bigquery/errors.ts';
import type { Claim, RetryDetails } from '../ledger/ledger.ts';
import type { FailureLook } from './failure.ts';
import { holdWork } from './hold-work.ts';
import { neverStarted } from './not-wanted.ts';
import type { Span } from './ports.ts';
import { retryBody } from './retry-body.ts';
import type { OverPlan } from './retry-plans.ts';
import type { RetryPorts } from './retry-ports.ts';
import { type Undone, unlessDone } from './unless-done.ts';

/**
 * The end of an attempt that was never started, and is not wanted any more. Where that is for its deadline, it is
 * compared once more: what others have done meanwhile needs nobody to see to it, and what they still do is told.
 *
 * @throws the errors of `ledger/errors.ts`
 */
export async function endOfUnstarted(
  look: FailureLook,
  claim: Claim,
  retry: RetryDetails,
  span: Span,
  ports: RetryPorts,
): Promise<OverPlan> {
  const { root, nowMs } = look;
  const end = neverStarted(look, claim.policy);
  const over = { kind: 'over', step: 'gave-up', ...end, root: root.job, nowMs } as const;
  if (end.why !== 'deadline-passed') return over;
  const found = await comparedAtLast(look, claim, retry, span, ports);
  if (found?.kind === 'over') return found;
  const heldBy = found?.kind === 'later' ? found.heldBy : undefined;
  return heldBy === 'same-work-runs' || heldBy === 'list-not-read' ? { ...over, heldBy } : over;
}

/** Undefined: nobody can tell. There is no time left to ask again. */
async function comparedAtLast(
  look: FailureLook,
  claim: Claim,
  retry: RetryDetails,
  span: Span,
  ports: RetryPorts,
): Promise<Undone | undefined> {
  const policy = look.policies.retry.find(({ name }) => name === claim.policy);
  const { name: root, principal } = look.root.job;
  const made = policy && retryBody(look, policy, claim, retry);
  if (made?.kind !== 'made' || principal === undefined) return undefined;
  const { attemptId } = retry;
  const of = {
    root,
    principal,
    configurationHash: made.hashes.configurationHash,
    claimKey: claim.key,
    attemptId,
  };
  // It tells what was inserted so lately that lists may not show it.
  const work = await holdWork(of, ports);
  try {
    return await unlessDone(look, { claim, retry }, work?.justMade, span, ports);
  } catch (error) {
    if (error instanceof JobsApiError) return undefined;
    throw error;
  } finally {
    await work?.release();
  }
}
